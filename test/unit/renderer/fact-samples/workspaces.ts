import type { WorkspacesArgs } from "#bridge/facts/workspaces.ts";
import type { SamplesOf } from "./samples-of.ts";

export const workspacesSamples: SamplesOf<WorkspacesArgs> = {};
