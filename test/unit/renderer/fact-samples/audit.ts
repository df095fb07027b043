import type { AuditArgs } from "#bridge/facts/audit.ts";
import type { SamplesOf } from "./samples-of.ts";

export const auditSamples: SamplesOf<AuditArgs> = {
  "audit.behind": [4321, 4322],
};
