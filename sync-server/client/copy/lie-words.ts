/** What a server did that it should not, in words: what happened, what is safe, what to do. */
import type { Code } from "#core/facts/refusal.ts";
import type { Words } from "../ports/words.ts";
import { why } from "#core/facts/why.ts";
import { isReject } from "#core/facts/reject.ts";
import type { DoubtCode } from "./witness.ts";

/** Kept beside the evidence: the copy was whole again. */
export const WENT_ON = "went-on";

const WHAT: Record<string, string> = {
  "too-many-devices": "The server took more devices of one person than the ten that anybody may have.",
  "too-often": "The server took more of one person's changes than anybody may make within a day.",
  "too-many-joins": "The server let in more people with one person's invites than anybody may within a day.",
  "too-many-waiting": "The server took more open requests of one person than anybody may have.",
  "asked-too-often": "The server took more requests of one person than anybody may make.",
  deletion: "The server removed entries that it had sent before.",
  "insert-before-head": "The server put an entry before ones that it had sent.",
  "not-text": "The server sent something that is not an entry.",
  "names-differ": "The workspace is not the one that the invite showed.",
  rollback:
    "The server shows fewer entries than it had shown before: it was set back to an older backup, or it hides what happened since.",
  fork: "The server showed two different versions of one list.",
  "head-elsewhere": "The server showed the signed end of another list or another workspace in place of this one's.",
  "ack-other": "The server confirmed another command than the one that was sent.",
  "ack-broken": "The server confirmed a command and put another in its place.",
  [WENT_ON]: "The server showed again everything that was verified here, and this app went on by itself.",
  "heads-differ": "A teammate's computer has another history than this one: the words that you compared differ.",
};

/** One sentence for each way to be lied to. */
export const lieSentence = (words: Words, code: string): string =>
  WHAT[code] ??
  DOUBTS[code as DoubtCode] ??
  (isReject(code) ? words(why(code)) : "The server's copy does not fit together.");

export const isLie = (code: string): boolean => code !== "newer";

/** What no copy of the server's can answer: somebody has to look, and to connect again. */
const FOR_A_PERSON: ReadonlySet<string> = new Set(["heads-differ", "names-differ"]);
/** Whether it is over when the server shows again all that was verified here. */
export const healsByItself = (code: string): boolean => isLie(code) && !FOR_A_PERSON.has(code);

/** A stop in words: `tampered`, `update-app`, or a failure to keep what arrived. */
export const haltWords = (words: Words, code: string): Code => {
  if (!isLie(code))
    return {
      code: "update-app",
      message:
        "Part of this workspace is written for a newer version of Bulkhead. Update this app to decide and ask again; your threads go on.",
    };
  return {
    code: "tampered",
    message: `The server's copy of this workspace cannot be trusted. ${lieSentence(words, code)} Approvals are stopped here; your threads and everything verified before are safe. Tell the person who runs the server. ${healsByItself(code) ? "This app looks again by itself, and goes on when the server shows all of it." : "Then reconnect."}`,
  };
};

const DOUBTS: Record<DoubtCode, string> = {
  withheld: "The server says that there is more and does not send it.",
  denied: "The server refuses a list that you may read by the workspace's own log.",
  frozen: "The server is connected and has not confirmed for over a minute that this is the newest state.",
  "head-old": "The server confirms the state with a time that does not move on, or that lies before the newest entry.",
  "head-signature": "The server signs with another key than the one that this workspace recorded.",
};

export const isDoubt = (code: string): boolean => Object.hasOwn(DOUBTS, code);

/** Not a proof of anything: it is over as soon as the server does what it said. */
export const doubtWords = (code: DoubtCode): Code => ({
  code,
  message: `${DOUBTS[code]} Approved calls wait until it does; your threads, and tools that need no approval, go on. If it lasts, tell the person who runs the server.`,
});

/** While the server has less than this copy, which is no lie yet: it may have been set back to a backup. */
export const GIVING: Code = {
  code: "set-back",
  message:
    "The server was set back to an older copy. This app gives back what it lost. Approved calls and new requests wait until then; your threads, and tools that need no approval, go on.",
};
export const gaveWords = (count: number): Code => ({
  code: "gave-back",
  message: `The server was set back to an older copy. Your app gave back ${count} ${count === 1 ? "entry" : "entries"}. Nothing that you had seen is lost.`,
});
