import type { ModelsArgs } from "#bridge/facts/models.ts";
import type { SentencesOf } from "../speaker.ts";
import { words } from "../words.ts";

export const modelsWords: SentencesOf<ModelsArgs> = words("facts/models.modelsWords", {
  "no-such-model": () => "This model was removed. Choose another one in Settings.",
});
