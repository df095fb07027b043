/** What is said of the audit and of evidence: codes and their arguments. */
export interface AuditArgs {
  "not-loaded": readonly [];
  "not-there-yet": readonly [last: number];
  "no-such-check": readonly [];
  "check-running": readonly [];
  "check-too-large": readonly [];
  "no-such-entry": readonly [];
  "audit-incomplete": readonly [];
  "no-such-export": readonly [];
  /** A list of the workspace, in the middle of a line. */
  "list.lane": readonly [];
  "list.invites": readonly [];
  "list.log": readonly [];
  "list.queue": readonly [queue: string];
  "audit.behind": readonly [have: number, of: number];
}
