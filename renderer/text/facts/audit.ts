import type { AuditArgs } from "#bridge/facts/audit.ts";
import type { SentencesOf } from "../speaker.ts";
import { words } from "../words.ts";

export const auditWords: SentencesOf<AuditArgs> = words("facts/audit.auditWords", {
  "not-loaded": () => "This workspace is not loaded yet, so there is nothing to compare.",
  "not-there-yet": ({ number }, last) =>
    `The history on this computer ends at ${number(last)}. Compare at ${number(last)} or below.`,
  "no-such-check": () => "This check was stopped. Choose the file again.",
  "check-running": () => "This file is being verified already. Choose it again.",
  "check-too-large": () => "This file is too large to be verified in the app. Verify it with npm run verify-audit.",
  "no-such-entry": () => "This entry is not in the audit of this computer.",
  "audit-incomplete": () =>
    "Older entries of this workspace are not on this computer yet. Stay connected until they are, then export.",
  "no-such-export": () => "This export was stopped. Start it again.",
  "list.lane": () => "your own requests",
  "list.invites": () => "the invites",
  "list.log": () => "the member log",
  "list.queue": (_, queue) => `the queue ${queue}`,
  "audit.behind": ({ number }, have, of) =>
    `This computer began with a checkpoint, and is still verifying what lies behind it (${number(have)} of ${number(of)} entries). The audit opens when it is whole.`,
});
