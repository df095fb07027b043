import { told } from "#bridge/told.ts";
import type { TeamArgs } from "#bridge/facts/team.ts";
import type { SamplesOf } from "./samples-of.ts";

export const teamSamples: SamplesOf<TeamArgs> = {
  "not-permitted": [told("not-active"), true],
  "role.promised": [["idrole", "NApprover"] as never],
};
