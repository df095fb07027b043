/**
 * Every refusal of the protocol: a stable code, and whether trying the same again can help. Server and clients use the
 * same list, so that a refusal means the same wherever it was decided. What a person reads is made at the edge.
 */
export const REJECTS = [
  // chain: on a client any of these means the server's copy cannot be trusted
  "gap",
  "chain-broken",
  "time-went-back",
  "log-behind",
  "log-fork",
  "malformed",
  "newer",
  "bad-typ",
  "wrong-workspace",
  "wrong-doc",
  "unknown-device",
  "bad-signature",
  "not-a-member",
  "command-expired",
  "replay",
  "fork-detected",
  "above-level",
  "below-level",
  "unknown-command",
  "not-served",
  // authority
  "not-allowed",
  "not-yours-to-give",
  "owners-only",
  "last-owner",
  "stale",
  "no-such-member",
  "no-such-device",
  "no-such-role",
  "no-such-queue",
  "no-such-server",
  "no-such-definition",
  "already-exists",
  "own-device",
  "too-many-devices",
  "too-often",
  "bad-proof",
  "bad-end",
  "own-delegate",
  "owner-signs",
  "wrong-state",
  "epoch-closed",
  // invites
  "invite-bad",
  "invite-expired",
  "invite-used",
  "invite-revoked",
  "inviter-lost-right",
  "too-many-joins",
  "needs-confirm",
  // approvals
  "no-such-request",
  "resolved",
  "expired",
  "own-request",
  "already-voted",
  "not-approver",
  "not-independent",
  "not-requester",
  "not-approved",
  "no-practice",
  "too-many",
  "too-many-waiting",
  "asked-too-often",
  "too-large",
  // server
  "server-clock",
  "own-clock",
  "clocks-differ",
  "storage",
  "recovering",
] as const;
export type RejectCode = (typeof REJECTS)[number];

const KNOWN: ReadonlySet<string> = new Set(REJECTS);
export const isReject = (code: string): code is RejectCode => KNOWN.has(code);

/** Refusals after which sending the same command again can succeed. Every other one is final for that command. */
export const isPassing = (code: string): boolean =>
  code === "storage" || code === "recovering" || code === "log-behind" || isAboutClocks(code);
/** The server and the author read clocks that cannot both be right. */
export const isAboutClocks = (code: string): boolean =>
  code === "server-clock" || code === "own-clock" || code === "clocks-differ";

export type Reject = { readonly ok: false; readonly code: RejectCode };
export const reject = (code: RejectCode): Reject => ({ ok: false, code });
