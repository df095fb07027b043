import type { PolicyArgs } from "#bridge/facts/policy.ts";
import type { SamplesOf } from "./samples-of.ts";

export const policySamples: SamplesOf<PolicyArgs> = {
  "queue.asked": [4321],
};
