/** Words about what somebody typed: where it is kept, what becomes of it, and why something was not taken. */
import { countWords, numberWords } from "./common.ts";
import { words } from "./words.ts";

export const limitWords = words("typed.limitWords", {
  count: (length: number, max: number) => `${numberWords(length)} of ${numberWords(max)} characters`,
  over: (length: number, max: number) =>
    `${numberWords(length)} of ${numberWords(max)} characters. Shorten it by ${numberWords(length - max)}; nothing is cut for you.`,
  onlyJson: "The fields cannot show all of this, so it stays JSON.",
} as const);

export const draftWords = words("typed.draftWords", {
  unfinished: "Unfinished calls",
  unfinishedCall: (path: string) => `Unfinished call: ${path}`,
  goOn: "Go on",
  discard: "Discard",
  discardCall: (path: string) => `Discard the unfinished call of ${path}`,
  goOnCall: (path: string) => `Go on with the call of ${path}`,
  notReady: "Its server is not running now.",
  elsewhere: "Another window wrote this here:",
  asideCalls: (n: number) => countWords(n, "unfinished call", "unfinished calls"),
  use: "Use this text",
  putAway: "Put away",
} as const);

export const sendWords = words("typed.sendWords", {
  unread: "Messages that the agent has not read yet",
  readNext: "The agent reads this at its next step.",
  notRead: "The run ended before the agent read this.",
  takeBack: "Take back",
  sendNow: "Send now",
  enterCalls: (path: string) => `Enter opens ${path}`,
  enterSends: "Enter sends this as a message",
  arrows: "↑ ↓ choose a tool",
  escape: "Esc closes the list",
  noMatch: "No tool has this name. Enter sends this as a message.",
} as const);

export const leaveWords = words("typed.leaveWords", {
  title: "Discard what you typed?",
  why: "It is kept nowhere else.",
  stay: "Keep writing",
  leave: "Discard",
} as const);

export const fileWords = words("typed.fileWords", {
  paste: "A picture or file cannot be sent yet, so nothing was taken. Paste text instead.",
  drop: "Files cannot be sent yet, so nothing was taken. Paste their text, or name their path to a tool.",
} as const);

export const againWords = words("typed.againWords", {
  again: "Use again",
  hint: "Opens a new call with these arguments",
  began: "This call has begun or ended meanwhile. What you typed is still here.",
  asNew: "Open as a new call",
} as const);
