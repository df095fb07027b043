import type { RpcArgs } from "#bridge/facts/rpc.ts";
import type { SamplesOf } from "./samples-of.ts";

export const rpcSamples: SamplesOf<RpcArgs> = {
  "wrong-window": ["popup"],
  "bad-request": ["value", "Nplace"],
  "too-long": ["Nplace", 4321],
  "name-too-long": [4321],
};
