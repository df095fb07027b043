/** The exact text of a call's arguments, read so that what it says, what is shown and what is sent are one. */
import type { Code } from "#bridge/answer.ts";
import { isObject, readJson, type JsonProblem } from "./strict-json.ts";

/** Bytes of the text. */
const ARGS_MAX = 65_536;
const DEPTH_MAX = 64;

const ARGS_WORDS: Record<JsonProblem, (what: string) => string> = {
  syntax: () => "are not valid JSON",
  "duplicate-key": (key) => `name the field “${key}” twice, so it is not clear which value was meant`,
  "too-deep": () => "are nested too deeply",
  "number-loses-digits": (number) =>
    `hold the number ${number}, which cannot be sent as it is written: another one would arrive. Write fewer digits, or send it as a text`,
  "broken-text": () => "hold half of a character, which would arrive as another one",
};

/** The arguments as a value that means exactly what the text says, or the reason why there is none. */
export const readArgs = (
  text: string,
): { readonly ok: true; readonly args: Record<string, unknown> } | { readonly ok: false; readonly error: Code } => {
  const no = (words: string) =>
    ({
      ok: false,
      error: { code: "tool-args-invalid", message: `The arguments ${words}. Nothing was called.` },
    }) as const;
  if (Buffer.byteLength(text) > ARGS_MAX) return no(`are larger than ${ARGS_MAX / 1_024} kB`);
  const read = readJson(text, { lenient: false, maxDepth: DEPTH_MAX });
  if (!read.ok) return no(ARGS_WORDS[read.problem](read.detail));
  if (!isObject(read.value)) return no("must be a JSON object");
  return { ok: true, args: JSON.parse(text) as Record<string, unknown> };
};
