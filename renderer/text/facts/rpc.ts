import type { RpcArgs } from "#bridge/facts/rpc.ts";
import type { SentencesOf } from "../speaker.ts";
import { words } from "../words.ts";

const NO_SUCH = {
  method: "There is no such request.",
  topic: "There is no such topic.",
  list: "This topic is no list.",
  frame: "This request is too large, or is not one.",
} as const;

export const rpcWords: SentencesOf<RpcArgs> = words("facts/rpc.rpcWords", {
  "wrong-window": (_, from) =>
    from === "popup"
      ? "This cannot be done from the approval window. Open Bulkhead."
      : "This is done in the approval window, after its confirmation. Open the card there.",
  "bad-request": (_, what, place) => (what === "value" ? `This request is not valid (${place}).` : NO_SUCH[what]),
  "too-long": ({ number }, place, most) =>
    `This is too long (${place}): at most ${number(most)} characters. Nothing was done; shorten it, then try again.`,
  "rpc-internal": () => "Something in Bulkhead went wrong. What you did may not have happened; look, then try again.",
  "too-many-calls": () => "Bulkhead is still busy with earlier requests of this window. Wait a moment.",
  "too-many-watches": () => "This window watches too much already. Close something.",
  "not-here": () => "This part of Bulkhead is not running.",
  "shell-gone": () => "Bulkhead is closing.",
  "name-empty": () => "Write a name.",
  "name-too-long": ({ number }, most) => `That name is too long. It may have ${number(most)} characters.`,
  "name-hides": () => "That name holds a character that cannot be seen. Type it again by hand.",
  "name-edge": () => "That name begins or ends with a space. Take it away.",
});
