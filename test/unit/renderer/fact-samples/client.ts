import type { ClientArgs } from "#core/facts/client-args.ts";
import type { SamplesOf } from "./samples-of.ts";

export const clientSamples: SamplesOf<ClientArgs> = {};
