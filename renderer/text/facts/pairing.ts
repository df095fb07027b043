import type { PairingArgs } from "#bridge/facts/pairing.ts";
import type { SentencesOf } from "../speaker.ts";
import { words } from "../words.ts";

export const pairingWords: SentencesOf<PairingArgs> = words("facts/pairing.pairingWords", {
  "device.adds": () => "Everybody adds their own computers.",
});
