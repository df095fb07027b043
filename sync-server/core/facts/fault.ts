/**
 * What may be kept of an error that nobody expected: its kind, a code, and where in our code it came from. Never its
 * message, which can quote what somebody wrote, and of a stack only lines that are frames, without folders.
 */

export interface Fault {
  readonly name: string;
  /** A code of the system's, e.g. `ENOSPC`, or of a refusal of ours. */
  readonly code?: string;
  readonly stack: readonly string[];
}

export const FRAMES_MAX = 12;
const NAME = /^[A-Z]\w{0,60}$/;
const CODE = /^[A-Z][A-Z0-9_]{1,40}$/;
/** Function and file as a program writes them: `at Object.start (app.ts:10:3)`, without the words of a sentence. */
const FRAME =
  /^\s*at (?:(?:async |new )*([\w$.<>#]{1,80})(?: \[as [\w$.]{1,60}\])? \()?(?:[^()\n]*[\\/])?([\w$.@-]{1,80}:\d{1,7}(?::\d{1,7})?)\)?\s*$/;

/** A frame without the folders before its file, or null for whatever is none. */
export const frameOf = (line: string): string | null => {
  const [whole, name, place] = FRAME.exec(line) ?? [];
  if (whole === undefined || place === undefined) return null;
  return name === undefined ? `at ${place}` : `at ${name} (${place})`;
};

/** V8 puts the message before the frames; a message may have lines that look like frames. */
const framesOf = (error: Error): string[] => {
  const stack = typeof error.stack === "string" ? error.stack : "";
  const message = typeof error.message === "string" ? error.message : "";
  const from = message === "" ? 0 : stack.indexOf(message);
  const frames = from < 0 ? "" : stack.slice(from + message.length);
  return frames
    .split("\n")
    .flatMap((line) => frameOf(line) ?? [])
    .slice(0, FRAMES_MAX);
};

export const faultOf = (error: unknown): Fault => {
  if (!(error instanceof Error)) return { name: "NoError", stack: [] };
  const name = NAME.test(error.constructor.name) ? error.constructor.name : "Error";
  const code = "code" in error && typeof error.code === "string" && CODE.test(error.code) ? { code: error.code } : {};
  return { name, ...code, stack: framesOf(error) };
};
