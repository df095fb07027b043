/** The exact text of a call's arguments, read so that what it says, what is shown and what is sent are one. */
import type { ArgsMistake } from "#bridge/facts/tools.ts";
import { told, type Told } from "#bridge/told.ts";
import { isObject, readJson, type JsonProblem } from "./strict-json.ts";

/** Bytes of the text. */
const ARGS_MAX = 65_536;
const DEPTH_MAX = 64;

const MISTAKES: Record<JsonProblem, ArgsMistake> = {
  syntax: "syntax",
  "duplicate-key": "twice",
  "too-deep": "deep",
  "number-loses-digits": "digits",
  "broken-text": "broken",
};

/** The arguments as a value that means exactly what the text says, or the reason why there is none. */
export const readArgs = (
  text: string,
): { readonly ok: true; readonly args: Record<string, unknown> } | { readonly ok: false; readonly error: Told } => {
  const no = (mistake: ArgsMistake, about = "") =>
    ({ ok: false, error: told("tool-args-invalid", mistake, about) }) as const;
  if (Buffer.byteLength(text) > ARGS_MAX) return no("large", `${ARGS_MAX / 1_024} kB`);
  const read = readJson(text, { lenient: false, maxDepth: DEPTH_MAX });
  if (!read.ok) return no(MISTAKES[read.problem], read.detail);
  if (!isObject(read.value)) return no("no-object");
  return { ok: true, args: JSON.parse(text) as Record<string, unknown> };
};
