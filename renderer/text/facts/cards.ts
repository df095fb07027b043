import { lineNameWords } from "../client-words.ts";
import { personWords } from "../act-words.ts";
import type { CardsArgs } from "#bridge/facts/cards.ts";
import type { SentencesOf } from "../speaker.ts";
import { words } from "../words.ts";

export const cardsWords: SentencesOf<CardsArgs> = words("facts/cards.cardsWords", {
  "args-mismatch": (_, requester) =>
    `What the app of ${personWords(requester)} sealed is not what it signed. Nobody can decide this; ask them to try again, and tell an Admin if it happens twice.`,
  "args-unopened": () => "The arguments could not be opened on this device.",
  "copies-used-up": ({ count }, copies, requester) => {
    const again =
      requester === null
        ? "Cancel the call on the computer that made it, and make it again"
        : `Ask ${personWords(requester)} to cancel the call and make it again`;
    return `This device came after the call was asked. Its arguments were sealed again ${count(copies, "time", "times")} for devices that came later, which is as often as a request allows. ${again}; whoever can read this card may still decide it.`;
  },
  "own-call-gone": () => "This call is not here any more: it was changed or removed.",
  "own-call-thread-gone": () => "This call is not here any more: its thread was removed.",
  "notice.asks": (language, requester, tool, practice) =>
    `${practice ? "Practice: " : ""}${lineNameWords(requester, language)} asks to run ${tool}`,
  "notice.practice": () => "Practice: nothing will run.",
  "notice.where": ({ all }, server, inPlaceOf) =>
    inPlaceOf.length === 0 ? server : `${server}, in the place of ${all(inPlaceOf)}`,
  "notice.own": (_, tool) => `Confirm ${tool ?? "a call"}`,
  "notice.own-where": (_, server) => (server === null ? "" : `It would run on this computer, with ${server}.`),
  "notice.more": () => "More cards wait for you",
  "notice.more-where": (_, workspace) => `Open Waiting to see all of them. (${workspace})`,
  "notice.no-effect": () => "Your decision had no effect",
  "notice.no-effect-why": ({ say }, because, workspace) => `${say(because)} (${workspace})`,
  "notice.arrival": (language, who, role) => `${lineNameWords(who, language)} waits to become ${role}`,
  "notice.arrived": (language, back, invite, workspace) => {
    const whose =
      invite === "mine"
        ? "your invite"
        : invite === null
          ? "an invite"
          : `the invite of ${lineNameWords(invite, language)}`;
    return `${back ? "Came back" : "Joined"} with ${whose} and is a Guest until you or another answers. (${workspace})`;
  },
  "notice.role-refused": (language, by, role) => `${lineNameWords(by, language)} refused you the role ${role}`,
  "notice.role-given": (language, by, role) => `${lineNameWords(by, language)} gave you the role ${role}`,
  "notice.stay-guest": (_, workspace) => `You stay a Guest. (${workspace})`,
  "notice.holds": (_, workspace) => `It holds from now on. (${workspace})`,
  "notice.goes-on": () => "Approvals go on",
  "notice.goes-on-why": (_, workspace) =>
    `The server shows again everything that was verified on this computer, so approvals go on. What it showed in between is kept as evidence. (${workspace})`,
  "notice.came-back": (_, name) => `${name} came back with a new device`,
  "notice.let-in-by": (_, by, workspace) => `Let in by ${by}. Their older devices are closed. (${workspace})`,
  "you-not-active": () => "You are not an active member of this workspace.",
  "vote.waits": () => "Your vote waits here until the server is reached.",
  "vote.refused": ({ say }, because) => `Your vote had no effect. ${say(because)}`,
  "voted-for-you": (_, by) => `${personWords(by)} voted in your place already.`,
  "voted-for-all": () => "Everybody in whose place you could vote has voted.",
  answered: () => "This was answered.",
  "confirm.own": () => "This would run on your computer, for you, so you confirm it yourself.",
});
