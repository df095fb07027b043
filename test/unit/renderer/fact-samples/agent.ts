import type { AgentArgs } from "#bridge/facts/agent.ts";
import { told } from "#bridge/told.ts";
import type { SamplesOf } from "./samples-of.ts";

export const agentSamples: SamplesOf<AgentArgs> = {
  "run-too-long": [4321],
  "model-moved": ["NLlama", "Nhost"],
  "too-many-unread": [4321],
  "tool-not-callable": ["Nwrite"],
  "call-unknown-after": [told("not-active")],
  "no-tool-named": ["Nwrite"],
  "call-not-allowed": [told("not-active")],
  "tool-takes-others": [told("not-active")],
};
