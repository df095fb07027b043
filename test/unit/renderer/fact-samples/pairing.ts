import type { PairingArgs } from "#bridge/facts/pairing.ts";
import type { SamplesOf } from "./samples-of.ts";

export const pairingSamples: SamplesOf<PairingArgs> = {};
