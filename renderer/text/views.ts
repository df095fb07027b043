/** What the host still says itself in what it shows: labels of the context. */
import { countWords, numberWords } from "./common.ts";
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
