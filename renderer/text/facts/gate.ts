import type { GateArgs } from "#bridge/facts/gate.ts";
import { personWords } from "../act-words.ts";
import type { SentencesOf, Speaker } from "../speaker.ts";
import { words } from "../words.ts";
import type { Told } from "#bridge/told.ts";

const WAIT = "Wait until some are decided, or withdraw some; then try again.";
const LEFT_OUT = words("facts/gate.LEFT_OUT", {
  why: "The requester's words were too large to be sent with the call.",
  file: "The present text of the file was too large to be sent with the call, so the difference cannot be shown.",
});
/** Nothing, or a sentence that stands after another. */
const then = ({ say }: Speaker, fact: Told | null): string => (fact === null ? "" : ` ${say(fact)}`);

export const gateWords: SentencesOf<GateArgs> = words("facts/gate.gateWords", {
  "approvals-stopped": ({ say }, halt) => `Approvals are stopped: ${say(halt)}`,
  "call-denied": ({ say }, why) => say(why),
  "tool-gone": () => "This tool is not running on this computer now. Open Tools to see why, then try again.",
  "already-run": () => "This call was made before and is never made twice.",
  "must-ask": ({ say }, why) => say(why),
  rejected: (language, by, note) =>
    `${by === null ? "An approver" : language.say(by)} rejected this.${then(language, note)}`,
  deciders: ({ all }, people) => all(people.map(personWords)),
  canceled: () => "The request was withdrawn.",
  "call-expired": ({ say }, why) => (why === null ? "The time for this call is over." : say(why)),
  refused: ({ say }, why) => (why === null ? "This call was refused." : say(why)),
  "not-decided": ({ say }, why) => (why === null ? "This waits for a decision." : say(why)),
  "rule-changed": ({ say }, why) => `The rules changed after this was approved. ${say(why)} Ask again.`,
  "votes-lost": () => "Somebody who approved this may no longer approve. Ask again.",
  "vote-device-closed": () => "A device with which this was approved was closed since. Ask again.",
  "not-own-request": () => "This was approved for another device.",
  "approved-tool-changed": () => "The tool or the way it is started changed after this was approved. Ask again.",
  "call-changed": () => "This is not the call that was approved. Ask again.",
  "not-in-sync": () =>
    "This was approved, and runs as soon as the server is reached: it must show first that nothing was taken back.",
  "change-denied": ({ say }, why) => `${say(why)} The call was not changed.`,
  "change-too-late": ({ say }, why) => `${say(why)} It cannot be changed any more.`,
  "call-not-confirmed": () => "You have not confirmed this call, so it was not made.",
  "rejected-here": ({ say }, note) =>
    note === null ? "You have not confirmed this call, so it was not made." : say(note),
  "canceled-here": () => "This was canceled before you answered.",
  "confirmed-other-call": () => "This is not the call that you confirmed, so it was not made. Make it again.",
  "confirmed-tool-changed": () =>
    "The tool or the way it is started changed since this was shown. Nothing was run. Make the call again.",
  "card-changed": () =>
    "This call was changed after it was shown here, so nothing was run. Its new card is in Waiting.",
  "rule-stricter": ({ say }, why) =>
    `The rules changed since this was shown, so confirming it counts for nothing now. ${say(why)} Make the call again.`,
  "answered-before": () => "This was answered already.",
  "not-answered": () => "You did not answer in time.",
  "confirmed-unused": () => "It was confirmed and could not run in time.",
  note: (_, written) => written,
  "note-unopened": () => "A reason was given, but this device could not open it.",
  "nobody-decided": () => "Nobody decided in time.",
  "decided-first": (language, what) =>
    `This was decided before the change of the arguments arrived.${then(language, what)}`,
  "asker-left": () => "You are not part of this workspace any more, so nobody decides this.",
  "asked-queue-removed": (_, queue) =>
    `The queue ${queue} was removed after this was asked. Cancel this and ask again.`,
  "decided-too-late": () => "The decision came after this computer's own time limit.",
  "approval-unused": () => "The approval was not used in time.",
  "joined-again": () => "You joined this workspace again after this was asked. Ask again.",
  "nobody-to-ask": ({ count }, queue, others) => {
    const who =
      others === 0
        ? "nobody else here may decide it"
        : `only ${count(others, "other person", "other people")} may decide it`;
    return `This needs an approval of ${queue}, and ${who}. Nobody decides their own request: invite somebody as Approver, or change the rule in Tools.`;
  },
  "nobody-to-practice": (_, queue) =>
    `Not enough people are here to decide a request of ${queue}, with you counted where the queue names you.`,
  "waiting-in-queue": ({ number }, count, queue) =>
    `${number(count)} of your calls wait for approval in ${queue} already, as many as one person may have. ${WAIT}`,
  "waiting-in-all": ({ number }, count) =>
    `${number(count)} of your calls wait for approval in all queues together already, as many as one person may have. ${WAIT}`,
  "call-too-large": ({ number }, size, room) =>
    `The arguments are too large to be shown to others: ${number(size)} kB, and about ${number(room)} kB of such arguments fit into a request. Split the call.`,
  "call-too-large-for-all": ({ number, count }, size, room, queue, people, devices, fewer) => {
    const helps = fewer
      ? `Split the call, name fewer people in ${queue}, or close devices that nobody uses.`
      : "Split the call.";
    return `The arguments are too large to be sealed for everybody who may decide this: ${queue} and you are ${count(people, "person", "people")} with ${count(devices, "device", "devices")}, which leaves room for about ${number(room)} kB of such arguments, and these are ${number(size)} kB. ${helps}`;
  },
  "enclosure-unfit": () => "What was enclosed about a file does not belong to this call, so it is not shown.",
  "enclosure-too-large": (_, left) => left.map((each) => LEFT_OUT[each]).join(" "),
  "practice-arguments": () => "Write the arguments as one JSON object, for example {}.",
  "no-such-tool": (_, server) => `${server} has no tool of that name.`,
});
