/** Words of the audit: the table, one act, saving it as a file, the heads. */
import type { Told } from "#bridge/told.ts";
import type { Kind } from "#core/protocol/command.ts";
import { countWords, numberWords } from "./common.ts";
import { words } from "./words.ts";

export const auditWords = words("audit.auditWords", {
  title: "Audit",
  refusedTitle: "The audit is closed to you",
  refused: "It shows every act of the workspace: who was let in, what was changed, what was asked and decided.",
  rows: (n: number) => countWords(n, "act", "acts"),
  found: (n: number, of: number) => `${numberWords(n)} of ${countWords(of, "act", "acts")}`,
  reading: (done: number, of: number) => `Reading ${numberWords(done)} of ${numberWords(of)}`,
  incomplete:
    "Older entries of this workspace are not on this computer yet. What is here is shown; the rest follows while you are connected.",
  person: "Person",
  everybody: "Everybody",
  kind: "Kind of act",
  everything: "Everything",
  text: "Search acts",
  textHint: "Words in name, act, rule or result",
  table: "Acts, newest first",
  columns: { when: "When", who: "Who", what: "What", result: "Result" },
  noneTitle: "Nothing matches",
  none: "No act fits the person, kind and words above.",
  clear: "Show everything",
  heads: "Heads",
  verify: "Verify a file",
  export: "Export",
  open: (who: string, act: string) => `${who} ${act}`,
} as const);

export const auditActWords = words("audit.auditActWords", {
  title: "One act",
  when: "When",
  who: "Who",
  asRole: (name: string, role: string) => `${name}, ${role} at that moment`,
  what: "What",
  rule: "Rule",
  votes: "Votes",
  result: "Result",
  device: "Device",
  deviceOf: (who: string, device: string) => `${device} of ${who}`,
  unknownDevice: (who: string) => `A device of ${who} that is not in the list of members`,
  place: "Place",
  placeOf: (doc: string, seq: number) => `Entry ${numberWords(seq)} of ${doc}`,
  position: "Rights asked at",
  positionOf: (position: number) => `Entry ${numberWords(position)} of the member log`,
  previous: "Hash before",
  hash: "Hash",
  entry: "Signed entry",
  entryWhy: "Exactly what was signed and chained. Arguments and notes of approvals are encrypted in it.",
  copy: "Copy entry",
} as const);

export const exportWords = words("audit.exportWords", {
  title: "Export the audit",
  why: "One file with every act. Whoever gets it can verify it with nothing else.",
  leaves: "Leaves this computer if you send the file",
  inIt: "In it are names, acts, rules and signed entries, and no conversation.",
  format: "Format",
  formats: [
    { value: "jsonl", label: "JSONL, for programs" },
    { value: "csv", label: "CSV, for spreadsheets" },
  ],
  save: "Save file",
  writing: (done: number, of: number) => `Written ${numberWords(done)} of ${countWords(of, "act", "acts")}`,
  stop: "Stop",
  saved: (file: string, rows: number) => `${file} was handed to your system, with ${countWords(rows, "act", "acts")}.`,
  verify: (file: string) => `To verify it: npm run verify-audit -- ${file}`,
  done: "Done",
} as const);

export const verifyWords = words("audit.verifyWords", {
  title: "Verify a saved audit",
  why: "Every signature and every rule in the file is checked again, on this computer and with nothing but the file. It is sent nowhere and not kept.",
  file: "File",
  help: "As Bulkhead saved it: .jsonl or .csv, at most 32 MB. A file that a spreadsheet saved again is another file.",
  checking: (rows: number) => `${countWords(rows, "act", "acts")} verified so far`,
  verified: "Verified",
  whole: (file: string) =>
    `${file} says what its signed entries say, and each document below is whole up to the entry named there.`,
  acts: "Acts",
  from: "From",
  to: "To",
  moment: (time: string, act: string) => `${time}: ${act}`,
  workspace: "Workspace",
  here: {
    same: (name: string) =>
      `It is about ${name}, and its history is the one that this computer verified: nothing is left out before its last act.`,
    "left-out": (name: string) =>
      `It is about ${name}, but acts are missing that stand before its last one. They were left out, or had not arrived yet where it was saved. Ask for a new export.`,
    differs: (name: string) =>
      `It is about ${name}, but its history is not the one that this computer verified: somebody was shown another one. Compare the words below with whoever saved it.`,
    unknown: (name: string) =>
      `It is about ${name}, but this computer does not have everything now with which to compare it. Look again when you are in sync.`,
  },
  /** Where no name is known: ids are what two people can compare. */
  workspaceId: "Id of the workspace",
  queue: (number: number) => `${numberWords(number)} of the file`,
  elsewhere:
    "It is about a workspace that is not on this computer, so nothing tells whether acts were left out after the entries below. Anybody can found one of any name: compare id and entries with somebody in it.",
  aloud: (n: number) => `Words at entry ${numberWords(n)} of the member log, to compare aloud`,
  heads: "Newest entries in the file",
  otherWords: (lines: number, first: number) =>
    `The words in ${countWords(lines, "line", "lines")} of the file, the first of them line ${numberWords(first)}, are not those that this version writes. Entries are proven, words are not: read the acts in the Audit, or ask for a JSONL file.`,
  unjudged: "Not judged",
  unjudgedTodo: "The file may be true. Update Bulkhead, then verify it again.",
  broken: "Not verified",
  brokenAt: (file: string, line: number, why: string) => `${file}, line ${numberWords(line)}: ${why}`,
  brokenTodo: "Do not rely on this file. Ask for a new export, or export it yourself.",
  done: "Done",
} as const);

export const headWords = words("audit.headWords", {
  title: "Heads of the audit",
  why: "The newest entry of each document on this computer. Two people with the same heads have the same audit; a file that was verified names the heads it ends with.",
  workspace: "Workspace",
  document: "Document",
  entries: "Entries",
  hash: "Hash of the newest",
} as const);

const documents = words("audit.documents", {
  log: "the member log",
  admin: "the invites",
  queue: (name: string, epoch: string | null) => `the queue ${name}${epoch === null ? "" : `, epoch ${epoch}`}`,
} as const);

/** Names of documents; `queueName` knows what people call a queue. */
export const documentWords = (doc: string, queueName: (id: string) => string): string => {
  if (doc === "log" || doc === "admin") return documents[doc];
  const [id = "", epoch] = doc.replace(/^queue:/, "").split("@");
  return documents.queue(queueName(id), epoch ?? null);
};

/** Kinds of acts; one that is not listed shows as it is written in the log. */
export const kindWords: Readonly<Record<string, string>> = words("audit.kindWords", {
  genesis: "Workspace founded",
  "member.join": "Joined",
  "member.role": "Role given",
  "member.refuse": "Role refused",
  "member.rename": "Name changed",
  "member.remove": "Member removed or left",
  "device.add": "Device added",
  "device.revoke": "Device revoked",
  "device.rotate": "Device key replaced",
  "device.knows": "App version told",
  "role.define": "Role defined",
  "invite.create": "Invite made",
  "invite.revoke": "Invite revoked",
  "tool.define": "Tool server defined",
  "tool.remove": "Tool server removed",
  "tool.accept": "Changed tool accepted",
  "tool.withdraw": "Accepted tool taken back",
  "policy.set": "Rules or queues changed",
  "server.key": "Server key named",
  "workspace.level": "Format raised",
  checkpoint: "Checkpoint signed",
  "epoch.open": "Epoch opened",
  "approval.delegate": "Stand-in named",
  "approval.undelegate": "Stand-in taken back",
  "approval.request": "Approval asked",
  "approval.vote": "Vote",
  "approval.cancel": "Request canceled",
  "approval.rewrap": "Arguments sealed again",
  "approval.used": "Call ran",
});

interface Chip {
  readonly word: string;
  readonly tone: string;
}
/** What became of a request, after an act that answers for it. */
const results: Readonly<Record<string, Chip>> = {
  approved: { word: "Approved", tone: "done" },
  ok: { word: "Ran", tone: "done" },
  practiced: { word: "Practiced", tone: "" },
  pending: { word: "Undecided", tone: "" },
  rejected: { word: "Rejected", tone: "failed" },
  error: { word: "Failed", tone: "failed" },
  unknown: { word: "Outcome unknown", tone: "failed" },
  canceled: { word: "Canceled", tone: "" },
};

/** What happened, where nothing is left to be decided. Null for acts whose result says it. */
const done: { readonly [K in Kind]: string | null } = {
  genesis: "Founded",
  "workspace.level": "Level raised",
  "member.join": "Joined",
  "member.role": "Role given",
  "member.refuse": "Role refused",
  "member.rename": "Renamed",
  "member.remove": "Removed",
  "device.add": "Added",
  "device.knows": "App updated",
  "device.revoke": "Revoked",
  "device.rotate": "Key replaced",
  "role.define": "Defined",
  "invite.create": "Made",
  "invite.revoke": "Revoked",
  "tool.define": "Defined",
  "tool.remove": "Removed",
  "tool.accept": "Tool accepted",
  "tool.withdraw": "Taken back",
  "policy.set": "Changed",
  "server.key": "Key named",
  checkpoint: "Signed",
  "epoch.open": "Opened",
  "approval.delegate": "Stand-in named",
  "approval.undelegate": "Taken back",
  "approval.request": "Asked",
  "approval.vote": null,
  "approval.cancel": null,
  "approval.rewrap": "Sealed again",
  "approval.used": null,
};
/** Acts of one kind that are not the same to a person. */
const unlike: Readonly<Record<string, string>> = { "act.left": "Left", "act.came-back": "Came back" };

/** The act in a word or two, and its tone. Null where a newer app wrote a kind that this one does not know. */
export const chipOf = words(
  "audit.chipOf",
  ({ kind, act, result }: { readonly kind: string; readonly act: Told; readonly result: string }): Chip | null => {
    const word = unlike[act.code] ?? (Object.hasOwn(done, kind) ? done[kind as Kind] : null);
    if (word !== null) return { word, tone: "" };
    return Object.hasOwn(results, result) ? (results[result] ?? null) : null;
  },
);
