/** What the app says of this computer, a card or a queue, in English. */
import type { HostArgs } from "#bridge/host-facts.ts";
import type { Told } from "#bridge/told.ts";
import { personWords } from "./act-words.ts";
import type { Language } from "./language.ts";
import { words } from "./words.ts";

type HostWords = { readonly [C in keyof HostArgs]: (language: Language, ...args: HostArgs[C]) => string };

/** @param words of a fact that stands inside another. */
export const hostWords = words(
  "host-words.hostWords",
  (words: (fact: Told, language: Language) => string): HostWords => ({
    "device.revoked": () => "Revoked already.",
    "device.other-key": () => "Each device replaces its own key.",
    "device.own-key": () => "Every device may replace its own key.",
    "device.not-here": () => "This device is not part of the workspace any more.",
    "device.adds": () => "Everybody adds their own computers.",
    "let-back.gone": () => "No longer a member: invite them as somebody new.",
    "let-back.self": () => "Somebody else lets you back in.",
    "member.gone": () => "No longer a member.",
    "role.built-in": () => "A built-in role stays as it is. Define a role of your own instead.",
    "queue.last": () => "A workspace always keeps one queue. Add another one first.",
    "queue.asked": ({ number }, rules) =>
      rules === 1
        ? "A rule still asks this queue. Change or remove that rule first."
        : `${number(rules)} rules still ask this queue. Change or remove those rules first.`,
    "audit.behind": ({ number }, have, of) =>
      `This computer began with a checkpoint, and is still verifying what lies behind it (${number(have)} of ${number(of)} entries). The audit opens when it is whole.`,
    "you-not-active": () => "You are not an active member of this workspace.",
    "vote.waits": () => "Your vote waits here until the server is reached.",
    "vote.refused": (language, because) => `Your vote had no effect. ${words(because, language)}`,
    "voted-for-you": (_, by) => `${personWords(by)} voted in your place already.`,
    "voted-for-all": () => "Everybody in whose place you could vote has voted.",
    answered: () => "This was answered.",
    "confirm.own": () => "This would run on your computer, for you, so you confirm it yourself.",
    "tool.suggested": () => "Suggested: what a call gets that no rule names. Choose more or less for each tool.",
  }),
);
