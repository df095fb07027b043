import type { AuditArgs } from "#bridge/facts/audit.ts";
import type { SamplesOf } from "./samples-of.ts";

export const auditSamples: SamplesOf<AuditArgs> = {
  "not-there-yet": [4321],
  "list.queue": ["NDeploys"],
  "audit.behind": [4321, 4322],
};
