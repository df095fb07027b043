/** Words of approval queues: who is asked, who is asked next, and what happens when nobody answers. */
import { allWords, countWords } from "./common.ts";
import { words } from "./words.ts";

export const spanWords = words("queues.spanWords", {
  units: [
    { value: "minutes", label: "minutes" },
    { value: "hours", label: "hours" },
    { value: "days", label: "days" },
  ],
  unitOf: (label: string) => `Unit of: ${label}`,
} as const);

export const queueWords = words("queues.queueWords", {
  title: "Who approves",
  subtitle: "Queues name who is asked when a rule says “ask”.",
  edit: "Edit queue",
  editTitle: (name: string) => `Edit queue ${name}`,
  add: "Add queue",
  addTitle: "Add a queue",
  name: "Queue name",
  needs: "Who is asked first",
  needsHelp: "All of these groups must be met. Whoever asks never counts.",
  count: (index: number) => `Votes needed in group ${index}`,
  countIn: (step: number, index: number) => `Step ${step}: votes needed in group ${index}`,
  roles: "Roles",
  people: "People",
  cannotDecide: "cannot decide",
  cannotDecideWhy: "This person's role does not allow deciding approvals, so their vote would not count.",
  addGroup: "Add group",
  removeGroup: "Remove group",
  addStep: "Add a step",
  removeStep: "Remove step",
  step: (n: number) => `Step ${n}`,
  stepAfter: (n: number) => `Step ${n} begins after`,
  stepHelp:
    "From then on these people approve instead. Votes that were cast stay, and count where they are named. A step alone approves nothing.",
  last: "Last step, always",
  lastHelp: "A request that nobody decided by then is denied. Silence never approves.",
  deny: "Rejections that end it",
  decide: "Denied if undecided after",
  use: "An approval must be used within",
  oneForTwo: "One person counts for everybody in whose place they decide: a stand-in alone can then meet “2 of 3”",
  independent: "People whom the requester invited, appointed or let back in within 30 days do not count",
  practice: "Allow practice: anybody here may send a practice request, which can be decided and never runs",
  save: "Save queue",
  summary: (parts: readonly string[]) => allWords(parts),
  of: (n: number, who: string) => `${n} of ${who}`,
  stepSummary: (after: string, who: string) => `after ${after}: ${who} instead`,
  decideIn: (text: string) => `denied after ${text}`,
  useIn: (text: string) => `use in ${text}`,
  rejections: (n: number) => `${countWords(n, "rejection ends", "rejections end")} it`,
  practiceOn: "practice allowed",
} as const);

export const removeQueueWords = words("queues.removeQueueWords", {
  short: "Remove",
  remove: "Remove queue",
  removeOf: (name: string) => `Remove queue ${name}`,
  title: (name: string) => `Remove the queue ${name}?`,
  cannotTitle: (name: string) => `The queue ${name} stays for now`,
  rules: "Rules that ask it",
  removed: (name: string) => `The queue ${name} is removed for everybody`,
  points: (instead: string | null, waiting: number): string[] => [
    instead === null
      ? "Nobody is asked in it any more."
      : `Nobody is asked in it any more. Calls that no rule names ask ${instead} instead.`,
    ...(waiting === 0
      ? []
      : [`${countWords(waiting, "request waits", "requests wait")} in it. Whoever asked must ask again.`]),
    "What was approved in it and has not run yet must be asked again.",
    "Its approvers no longer see what was asked in it. Whoever may read the audit still does.",
    "It does not come back: a new queue starts empty, also under the same name.",
  ],
} as const);
