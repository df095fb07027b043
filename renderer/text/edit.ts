/** Words of changing a call before it begins, and of the card that takes the place of an earlier one. */
import { words } from "./words.ts";

export const editWords = words("edit.editWords", {
  edit: "Edit",
  title: "Edit the arguments",
  about: (path: string) => `${path} has not begun. Nothing has run.`,
  form: "Arguments of the call",
  askAgain: "Ask again with these",
  apply: "Change the call",
  asksAgain: "Earlier votes no longer count; the approvers get a new card.",
  judgedAgain: "The rules are asked again for the changed call.",
  nothingYet: "Change something to see the difference here.",
  notReady:
    "The server of this tool does not run on this computer now, so the call cannot be changed. See Tools, then try again.",
  starting: "The server of this tool is starting on this computer. You can change the call as soon as it is up.",
  began: "This call has begun or ended meanwhile, so it cannot be changed any more.",
  whatChanged: "What changed",
  youChanged: "You changed the arguments",
  sinceAsked: "What you changed",
  exactText: "Exact text",
  added: "new",
  removed: "taken away",
  changeOf: (name: string) => `Change of ${name}`,
  replaced: "The arguments were changed, and the call was asked again.",
  openNew: "Open the card that took its place",
  mark: "Edited: takes the place of an earlier request.",
  votesVoid: "Votes on that one do not count here.",
  yourVotesVoid: "Votes on that one do not count any more.",
  cannotCompare: "This computer cannot open the earlier one, so read all of it.",
} as const);
