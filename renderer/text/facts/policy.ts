import type { PolicyArgs } from "#bridge/facts/policy.ts";
import type { SentencesOf } from "../speaker.ts";
import { words } from "../words.ts";

export const policyWords: SentencesOf<PolicyArgs> = words("facts/policy.policyWords", {
  "queue.last": () => "A workspace always keeps one queue. Add another one first.",
  "queue.asked": ({ number }, rules) =>
    rules === 1
      ? "A rule still asks this queue. Change or remove that rule first."
      : `${number(rules)} rules still ask this queue. Change or remove those rules first.`,
});
