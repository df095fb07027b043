import type { RpcArgs } from "#bridge/facts/rpc.ts";
import type { SamplesOf } from "./samples-of.ts";

export const rpcSamples: SamplesOf<RpcArgs> = {};
