import type { AgentArgs } from "#bridge/facts/agent.ts";
import type { SamplesOf } from "./samples-of.ts";

export const agentSamples: SamplesOf<AgentArgs> = {};
