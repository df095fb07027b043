import type { ModelsArgs } from "#bridge/facts/models.ts";
import type { SamplesOf } from "./samples-of.ts";

export const modelsSamples: SamplesOf<ModelsArgs> = {};
