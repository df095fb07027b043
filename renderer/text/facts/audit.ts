import type { AuditArgs } from "#bridge/facts/audit.ts";
import type { SentencesOf } from "../speaker.ts";
import { words } from "../words.ts";

export const auditWords: SentencesOf<AuditArgs> = words("facts/audit.auditWords", {
  "audit.behind": ({ number }, have, of) =>
    `This computer began with a checkpoint, and is still verifying what lies behind it (${number(have)} of ${number(of)} entries). The audit opens when it is whole.`,
});
