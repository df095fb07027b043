import type { TeamArgs } from "#bridge/facts/team.ts";
import type { SamplesOf } from "./samples-of.ts";

export const teamSamples: SamplesOf<TeamArgs> = {};
