/** What is said of the audit and of evidence: codes and their arguments. */
export interface AuditArgs {
  "audit.behind": readonly [have: number, of: number];
}
