import type { GateArgs } from "#bridge/facts/gate.ts";
import type { SamplesOf } from "./samples-of.ts";

export const gateSamples: SamplesOf<GateArgs> = {
  "no-such-tool": ["Nfiles"],
};
