import type { GateArgs } from "#bridge/facts/gate.ts";
import type { SentencesOf } from "../speaker.ts";
import { words } from "../words.ts";

export const gateWords: SentencesOf<GateArgs> = words("facts/gate.gateWords", {
  "no-such-tool": (_, server) => `${server} has no tool of that name.`,
});
