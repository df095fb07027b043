/**
 * Every refusal of the protocol: a stable code, one sentence for the person, and whether trying the same again can
 * help. Server and clients use the same list, so that a refusal reads the same wherever it was decided.
 */
export const REJECTS = {
  // chain: on a client any of these means the server's copy cannot be trusted
  gap: "The server left out an entry.",
  "chain-broken": "An entry does not follow from the one before it.",
  "time-went-back": "An entry is dated before the one it follows.",
  "log-behind": "This copy of the member log is not far enough yet.",
  "log-fork": "Two different member logs were shown to this team.",
  malformed: "The command is not of a known shape.",
  "bad-typ": "The signature was made for another purpose.",
  "wrong-workspace": "The command belongs to another workspace.",
  "wrong-doc": "The command does not belong here.",
  "unknown-device": "This device is not part of the workspace, or was revoked.",
  "bad-signature": "The signature does not match.",
  "not-a-member": "This person is not a member of the workspace.",
  "command-expired": "The command was signed too long ago.",
  replay: "The command was already used, or an earlier one was held back.",
  "fork-detected": "The author had seen a different history.",
  "unknown-command": "This needs a newer version of the app.",
  // authority
  "not-allowed": "Your role does not allow this.",
  "not-yours-to-give": "You can only give rights that you hold yourself.",
  "owners-only": "Only an Owner can give or take the Owner and Admin roles.",
  "last-owner": "A workspace always keeps one Owner. Make somebody else an Owner first.",
  stale: "Somebody changed this before you. Look again, then decide.",
  "no-such-member": "There is no such member.",
  "no-such-device": "There is no such device.",
  "no-such-role": "There is no such role.",
  "no-such-queue": "There is no such approval queue.",
  "no-such-server": "There is no such tool server.",
  "no-such-definition": "This definition of the tool is not accepted.",
  "already-exists": "This exists already.",
  "own-device": "You are using this device now. Revoke it from another one.",
  "too-many-devices": "You have 10 devices in use, and a person has no more. Revoke one first, then add this one.",
  "too-often":
    "You changed this workspace as often as one person may within a day. Nothing was changed now. Try again in an hour or two.",
  "bad-proof": "The new device did not prove that it holds its key.",
  "bad-end": "The end must lie ahead, and at most 90 days away.",
  "own-delegate": "Nobody stands in for themselves.",
  "owner-signs": "Only an Owner can do this.",
  "wrong-state": "The checkpoint does not match the history before it.",
  "epoch-closed": "This list of requests was closed. Ask again in the current one.",
  // invites
  "invite-bad": "This invite was changed, or was not made by this workspace.",
  "invite-expired": "This invite has expired. Ask for a new one.",
  "invite-used": "This invite has been used up. Ask for a new one.",
  "invite-revoked": "This invite was revoked.",
  "inviter-lost-right": "The person who made this invite may no longer invite for that role.",
  "too-many-joins":
    "Whoever invited you let in as many people as one person may within a day. The invite stays good: try again in an hour.",
  "needs-confirm": "An invite for this role must be confirmed by an Admin after joining.",
  // approvals
  "no-such-request": "There is no such request.",
  resolved: "This was decided already.",
  expired: "The time to decide has passed.",
  "own-request": "Nobody decides their own request.",
  "already-voted": "You voted on this already.",
  "not-approver": "This request does not name you or your role.",
  "not-independent": "Whoever asks this brought you in lately, and this queue wants somebody else to decide.",
  "not-requester": "Only the person who asked can do this.",
  "not-approved": "This request was not approved.",
  "no-practice": "This queue does not allow practice.",
  "too-many": "This was done as often as it can be.",
  "too-many-waiting":
    "As many of your calls wait for approval as may wait for one person. Wait until some are decided, or withdraw some.",
  "asked-too-often": "You asked for approval as often as one person may for now. Wait an hour, then ask again.",
  "too-large": "The command is too large.",
  // server
  "server-clock": "The server's clock is wrong, so nothing was taken. Tell whoever runs it to set its date and time.",
  "own-clock": "This computer's clock is wrong, so nothing was taken. Set its date and time.",
  "clocks-differ":
    "This computer's clock is far behind the server's, and one of them is wrong, so nothing was taken. Check this computer's date and time; where they are right, tell whoever runs the server.",
  storage: "The server could not save this. It will be sent again.",
  recovering:
    "The server was set back to an older copy, and apps are giving back what it lost. Nothing was taken now. Try again in a minute.",
} as const;

/** Refusals after which sending the same command again can succeed. Every other one is final for that command. */
export const isPassing = (code: string): boolean =>
  code === "storage" || code === "recovering" || code === "log-behind" || isAboutClocks(code);
/** The server and the author read clocks that cannot both be right. */
export const isAboutClocks = (code: string): boolean =>
  code === "server-clock" || code === "own-clock" || code === "clocks-differ";

export type RejectCode = keyof typeof REJECTS;
export type Reject = { readonly ok: false; readonly code: RejectCode };
export const reject = (code: RejectCode): Reject => ({ ok: false, code });
