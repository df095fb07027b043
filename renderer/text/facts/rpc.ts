import type { RpcArgs } from "#bridge/facts/rpc.ts";
import type { SentencesOf } from "../speaker.ts";
import { words } from "../words.ts";

export const rpcWords: SentencesOf<RpcArgs> = words("facts/rpc.rpcWords", {
  "not-here": () => "This part of Bulkhead is not running.",
});
