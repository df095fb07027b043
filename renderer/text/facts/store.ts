import type { StoreArgs } from "#bridge/facts/store.ts";
import type { SentencesOf } from "../speaker.ts";
import { words } from "../words.ts";

export const storeWords: SentencesOf<StoreArgs> = words("facts/store.storeWords", {
  "store-closed": () => "Bulkhead is closing. This was not saved; do it again after the next start.",
});
