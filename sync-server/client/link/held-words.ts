/** Why requests and votes that are kept here are not taken yet, although the server is there. */
import { isAboutClocks } from "#core/facts/reject.ts";
import type { Code } from "#core/facts/refusal.ts";
import type { Words } from "../ports/words.ts";
import { clockWords } from "./clocks.ts";

const WAIT = "What waits here goes out by itself.";

/** @param code what the server answered to the first that waits, or null. */
export const heldWords = (words: Words, code: string | null, own: number, server: number | null): Code | null => {
  if (code === "recovering")
    return {
      code,
      message: `The server was set back to an older copy, and apps are giving back what it lost. New requests and decisions wait for that, a minute or two. ${WAIT}`,
    };
  if (code === "storage")
    return {
      code,
      message: `The server cannot save anything now; its disk may be full. ${WAIT} If it stays, tell the person who runs the server.`,
    };
  if (code === null || !isAboutClocks(code)) return null;
  const says = clockWords(words, code, own, server);
  return says === undefined ? null : { code, message: `${says} ${WAIT}` };
};
