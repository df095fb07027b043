import type { WindowArgs } from "#bridge/facts/window.ts";
import type { SentencesOf } from "../speaker.ts";
import { words } from "../words.ts";

export const windowWords: SentencesOf<WindowArgs> = words("facts/window.windowWords", {
  "not-sent": ({ say }, problem) => `Not sent, your text is kept. ${say(problem)}`,
});
