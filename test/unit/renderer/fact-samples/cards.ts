import { why } from "#core/facts/why.ts";
import type { CardsArgs } from "#bridge/facts/cards.ts";
import type { SamplesOf } from "./samples-of.ts";

export const cardsSamples: SamplesOf<CardsArgs> = {
  "vote.refused": [why("queue-names", ["idq", "NDeploys"] as never, ["idcrew", "NCrew"] as never)],
  "voted-for-you": [["idben", "NBen"] as never],
};
