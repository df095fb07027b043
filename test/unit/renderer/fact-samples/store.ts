import type { StoreArgs } from "#bridge/facts/store.ts";
import type { SamplesOf } from "./samples-of.ts";

export const storeSamples: SamplesOf<StoreArgs> = {};
