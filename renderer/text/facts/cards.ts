import { personWords } from "../act-words.ts";
import type { CardsArgs } from "#bridge/facts/cards.ts";
import type { SentencesOf } from "../speaker.ts";
import { words } from "../words.ts";

export const cardsWords: SentencesOf<CardsArgs> = words("facts/cards.cardsWords", {
  "you-not-active": () => "You are not an active member of this workspace.",
  "vote.waits": () => "Your vote waits here until the server is reached.",
  "vote.refused": ({ say }, because) => `Your vote had no effect. ${say(because)}`,
  "voted-for-you": (_, by) => `${personWords(by)} voted in your place already.`,
  "voted-for-all": () => "Everybody in whose place you could vote has voted.",
  answered: () => "This was answered.",
  "confirm.own": () => "This would run on your computer, for you, so you confirm it yourself.",
});
