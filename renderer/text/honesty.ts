/** Words about a server that does not do what it said, and about comparing with a teammate. */
import { words } from "./words.ts";

const older =
  "Tell the person who runs the server, and send them the evidence. If the server was restored from a backup, they know it: it then needs a newer one.";
/** What whoever runs the server can mend is said with it. */
const tells: Readonly<Record<string, string>> = {
  rollback: older,
  fork: older,
  "head-signature":
    "Tell the person who runs the server: it must run with the key that it had before, which is in its store and in every backup of it.",
};

export const lieWords = words("honesty.lieWords", {
  open: "What happened?",
  wentOn: "the server showed everything again, and this app went on by itself",
  title: {
    tampered: "The server's copy cannot be trusted",
    withheld: "The server does not do what it said",
    over: "The server shows everything again",
  },
  since: "Noticed",
  overSince: "Approvals go on since",
  works: "Still works",
  working: [
    "Your threads, their search and your drafts",
    "Models, and tools that need no approval",
    "Everything that was verified before: it is on this computer",
  ],
  stopped: "Stopped",
  stops: {
    tampered: [
      "Asking for approval, deciding, and running what was approved",
      "Changes to the team, its rules and tools",
    ],
    withheld: ["Running what was approved, until the server does what it said"],
  },
  todo: "What you can do",
  tell: (code: string) => tells[code] ?? "Tell the person who runs the server, and send them the evidence.",
  compare: "Compare with a teammate whether you both have the same history.",
  compareVerb: "Compare",
  reconnect: {
    tampered:
      "This app looks again by itself, and goes on when the server shows everything that was verified here; the evidence stays. Reconnect to go on at once: if the server does it again, approvals stop again.",
    withheld: "It goes on by itself as soon as the server does what it said. Reconnect to try at once.",
  },
  reconnectVerb: "Reconnect",
  evidence: "Evidence",
  evidenceWhy: "What this computer had verified, and what the server showed instead. It stays on this computer.",
  none: "Nothing is kept yet.",
  when: "When",
  what: "What the server did",
  list: "Where",
  position: (list: string, n: number) => `${list}, after entry ${n}`,
  save: "Save as file",
  saved: (file: string) => `${file} was saved`,
  leaves: "Leaves this computer if you send the file: signed entries, no threads and no arguments",
} as const);

export const compareWords = words("honesty.compareWords", {
  open: "Compare with a teammate",
  title: "Compare with a teammate",
  why: "Call somebody whose voice you know. Where the server shows you both the same history, you both read the same eight words.",
  at: "At entry",
  newest: (n: number) => `Your history ends at entry ${n}. If theirs is shorter, both enter their number.`,
  number: (n: number) => `Enter a number from 1 to ${n}.`,
  words: (n: number) => `Words at entry ${n}`,
  working: "Working out the words. This is slow on purpose, so that nobody can try out many.",
  match: "They match",
  differ: "They differ",
  matched: (n: number) => `You both have the same history up to entry ${n}`,
  differTitle: "Do the words differ?",
  differWhy:
    "First check that you both compared the same entry and workspace. If they do differ, the server shows you two histories: approvals stop on this computer, and it is kept as evidence. Your teammate should do the same.",
  differVerb: "Stop approvals",
} as const);
