import type { ClientArgs } from "#core/facts/client-args.ts";
import type { SentencesOf } from "./speaker.ts";
import { words } from "./words.ts";

export const clientWords: SentencesOf<ClientArgs> = words("client-words.clientWords", {
  "sealed-damaged": () => "The sealed text could not be opened.",
});
