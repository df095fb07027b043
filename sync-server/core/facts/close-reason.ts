/**
 * Why a server closed a connection or a channel, beside the number that says what follows from it (`CLOSE` of wire.ts). A
 * code of at most 40 characters, for logs and tests: what a person reads is told by the number alone.
 */
import type { WhyCode } from "./why.ts";

export const CLOSE_REASONS = [
  "already-answered",
  "answer-first",
  "app-too-old",
  "channel-not-open",
  "channel-number-twice",
  "device-came-again",
  "device-closed",
  "device-unknown",
  "document-unreadable",
  "founded-over-the-log",
  "founding-closed",
  "founding-link-needed",
  "founding-link-used",
  "head-not-signed-here",
  "invite-crowded",
  "founded",
  "invite-opens-only-the-log",
  "joined",
  "malformed-answer",
  "malformed-frame",
  "malformed-state-vector",
  "membership-ended",
  "no-answer-in-time",
  "no-command-in-time",
  "no-end-of-a-pairing",
  "no-such-channel",
  "no-such-invite",
  "no-such-pairing",
  "no-such-workspace",
  "not-in-a-channel",
  "nothing-asked-for",
  "nothing-given-in-time",
  "nothing-offered",
  "one-command-only",
  "one-frame-before-the-answer",
  "one-question-before-the-answer",
  "one-state-at-a-time",
  "other-document",
  "other-purpose",
  "other-question",
  "other-range",
  "other-server",
  "other-workspace",
  "pairing-needs-a-device",
  "pairing-over",
  "pairing-over-the-log",
  "pairing-sends-no-command",
  "pairing-twice",
  "read-only",
  "server-speaks-1",
  "server-stops",
  "server-too-old",
  "signature-wrong",
  "states-are-for-devices",
  "too-many-attempts",
  "too-many-commands",
  "too-many-connections",
  "too-many-foundings",
  "too-many-frames",
  "too-many-of-this-device",
  "too-many-offers",
  "too-many-pairings",
  "too-many-states",
  "too-much-credit",
  "too-much-said",
  "workspace-exists",
  "workspace-unreadable",
] as const;
/** Where a right is missing, the code of what decided. */
export type CloseReason = (typeof CLOSE_REASONS)[number] | WhyCode;

const KNOWN: ReadonlySet<string> = new Set(CLOSE_REASONS);
/** One that another node says. Of a newer node's only the number is known, and that is what counts. */
export const asCloseReason = (value: unknown): CloseReason | undefined => {
  if (typeof value !== "string" || value.length > 40) return undefined;
  return KNOWN.has(value) ? (value as CloseReason) : "pairing-over";
};
