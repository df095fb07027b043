import { told } from "#bridge/told.ts";
import type { WorkspacesArgs } from "#bridge/facts/workspaces.ts";
import type { SamplesOf } from "./samples-of.ts";

export const workspacesSamples: SamplesOf<WorkspacesArgs> = {
  "server-says": [told("not-active")],
};
