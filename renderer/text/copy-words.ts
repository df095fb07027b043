/** What is said of the verified copy of the log, and of a server that does what it should not. */
import type { ClientArgs } from "#core/facts/client-args.ts";
import { isReject } from "#core/facts/reject.ts";
import { rejectWords } from "./reject-words.ts";
import type { SentencesOf } from "./speaker.ts";
import { words } from "./words.ts";

const WAITS =
  "Approved calls wait until it does; your threads, and tools that need no approval, go on. If it lasts, tell the person who runs the server.";
const DOUBTS = {
  withheld: "The server says that there is more and does not send it.",
  denied: "The server does not show a list that you may read by the workspace's own log.",
  frozen: "The server is connected and has not confirmed for over a minute that this is the newest state.",
  "head-old": "The server confirms the state with a time that does not move on, or that lies before the newest entry.",
  "head-signature": "The server signs with another key than the one that this workspace recorded.",
} as const;

/** What a server did that it should not. */
const LIES: Readonly<Record<string, string>> = {
  ...DOUBTS,
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
  "went-on": "The server showed again everything that was verified here, and this app went on by itself.",
  "heads-differ": "A teammate's computer has another history than this one: the words that you compared differ.",
};

/** One sentence for each way to be lied to. */
const lieWords = (lie: string): string => {
  if (Object.hasOwn(LIES, lie)) return LIES[lie] ?? "";
  return isReject(lie) ? rejectWords[lie]() : "The server's copy does not fit together.";
};

type CopyCode = keyof typeof DOUBTS | "update-app" | "tampered" | "lie" | "set-back" | "gave-back";
export const copyWords: SentencesOf<Pick<ClientArgs, CopyCode>> = words("copy-words.copyWords", {
  withheld: () => `${DOUBTS.withheld} ${WAITS}`,
  denied: () => `${DOUBTS.denied} ${WAITS}`,
  frozen: () => `${DOUBTS.frozen} ${WAITS}`,
  "head-old": () => `${DOUBTS["head-old"]} ${WAITS}`,
  "head-signature": () => `${DOUBTS["head-signature"]} ${WAITS}`,
  "update-app": () =>
    "Part of this workspace is written for a newer version of Bulkhead. Update this app to decide and ask again; your threads go on.",
  tampered: (_, lie, heals) =>
    `The server's copy of this workspace cannot be trusted. ${lieWords(lie)} Approvals are stopped here; your threads and everything verified before are safe. Tell the person who runs the server. ${heals ? "This app looks again by itself, and goes on when the server shows all of it." : "Then reconnect."}`,
  lie: (_, lie) => lieWords(lie),
  "set-back": () =>
    "The server was set back to an older copy. This app gives back what it lost. Approved calls and new requests wait until then; your threads, and tools that need no approval, go on.",
  "gave-back": ({ count }, entries) =>
    `The server was set back to an older copy. Your app gave back ${count(entries, "entry", "entries")}. Nothing that you had seen is lost.`,
});
