import type { StoreArgs } from "#bridge/facts/store.ts";
import type { SamplesOf } from "./samples-of.ts";

export const storeSamples: SamplesOf<StoreArgs> = {
  "store-above": [2, "0.1.0", "0.3.0"],
  "store-corrupt": ["Nbulkhead.corrupt", [4321, 4322, 4323], "N2026-11-30", true],
  "older-words": ["Nwords."],
};
