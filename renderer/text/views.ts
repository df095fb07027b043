/** What the host still says itself in what it shows: labels of the context, of a card, and which roles can be given. */
import { allWords, anyWords, countWords, numberWords } from "./common.ts";
import { words } from "./words.ts";

export const contextItemWords = words("views.contextItemWords", {
  instructions: "Instructions",
  fixed: "Fixed words of Bulkhead, the same in every thread",
  thread: "This thread",
  messages: (n: number) => countWords(n, "message", "messages"),
  toolsOf: (server: string) => `Tools of ${server}`,
  tools: (n: number) => countWords(n, "tool", "tools"),
  left: "Left out",
  leftWhat: (n: number) =>
    `The oldest ${n === 1 ? "message does" : `${numberWords(n)} messages do`} not fit and will not be sent`,
} as const);

export const cardViewWords = words("views.cardViewWords", {
  thread: "Private thread",
  noThread: "no thread",
  computerOf: (name: string) => `${name}'s computer`,
  thisComputer: "this computer",
  noComputer: "no computer",
  removedQueue: (name: string) => `${name} (removed)`,
  /** Any of these roles and people. */
  oneOf: (names: readonly string[]) => anyWords(names),
  /** How many of whom a step needs. */
  needs: (groups: readonly { readonly n: number; readonly of: readonly string[] }[]) =>
    allWords(groups.map(({ n, of }) => `${numberWords(n)} of ${anyWords(of)}`)),
} as const);

/** Which list a piece of evidence is about. */
export const listNameWords = words("views.listNameWords", {
  lane: "your own requests",
  admin: "the invites",
  log: "the member log",
  queue: (name: string) => `the queue ${name}`,
} as const);

export const roleRuleWords = words("views.roleRuleWords", {
  gone: "No longer a member.",
  give: "You can give roles whose rights you hold.",
  ownersOnly: "Only an Owner gives the roles Owner and Admin.",
  promised: (role: string) => `Invited as ${role}: give that role to confirm.`,
} as const);
