/** Why one call did not run, or what is not known of it. */
import type { ArgsMistake, Misfit, ToolsArgs } from "#bridge/facts/tools.ts";
import type { SentencesOf } from "../speaker.ts";
import { words } from "../words.ts";

type Calls = Pick<
  ToolsArgs,
  | "tool-args-invalid"
  | "tool-args-misfit"
  | "tool-server-removed"
  | "tool-server-down"
  | "tool-launch-changed"
  | "tool-definition-changed"
  | "tool-rate-limited"
  | "tool-not-started"
  | "tool-not-taken"
  | "tool-not-greeted"
  | "tool-canceled"
  | "tool-may-have-run"
  | "tool-did-not-run"
  | "tool-ran-unread"
  | "tool-error"
>;

const MISTAKES: Readonly<Record<ArgsMistake, (about: string) => string>> = {
  syntax: () => "are not valid JSON",
  twice: (field) => `name the field “${field}” twice, so it is not clear which value was meant`,
  deep: () => "are nested too deeply",
  digits: (number) =>
    `hold the number ${number}, which cannot be sent as it is written: another one would arrive. Write fewer digits, or send it as a text`,
  broken: () => "hold half of a character, which would arrive as another one",
  large: (size) => `are larger than ${size}`,
  "no-object": () => "must be a JSON object",
};
const KINDS: Readonly<Record<string, string | undefined>> = {
  string: "a text in quotes",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  null: "null",
};
const MISFITS: Readonly<Record<Misfit, (what: string) => string>> = {
  "unknown-field": (name) => `must not have “${name}”`,
  "missing-field": (name) => `must have “${name}”`,
  kind: (kind) => `must be ${KINDS[kind] ?? kind}`,
  other: (said) => (said === "" ? "does not fit" : said),
};
const NOTHING = "Nothing was called.";
const AGAIN = "Nothing was called; ask again.";

export const callWords: SentencesOf<Calls> = words("facts/tool-calls.callWords", {
  "tool-args-invalid": (_, mistake, about) => `The arguments ${MISTAKES[mistake](about)}. ${NOTHING}`,
  "tool-args-misfit": (_, at, misfit, what) => `${at === "" ? "The arguments" : `“${at}”`} ${MISFITS[misfit](what)}.`,
  "tool-server-removed": () => `This server is not in the workspace any more. ${NOTHING}`,
  "tool-server-down": (_, server) =>
    `“${server}” is not running. Nothing was called; open Tools to see why, and ask again.`,
  "tool-launch-changed": (_, server) => `The command of “${server}” was changed after this call was allowed. ${AGAIN}`,
  "tool-definition-changed": (_, tool) =>
    `The tool “${tool}” was changed by its server after this call was allowed. ${AGAIN}`,
  "tool-rate-limited": ({ number, length }, server, times, seconds) =>
    `“${server}” was called ${number(times)} times within a minute, which is the limit for one person. Nothing was called; wait ${length(seconds * 1_000)}.`,
  "tool-not-started": () => `Canceled before it started. ${NOTHING}`,
  "tool-not-taken": () => `Canceled before the server had taken it. ${NOTHING}`,
  "tool-not-greeted": () => `The server no longer knows this connection, and no new one came to be. ${NOTHING}`,
  "tool-canceled": () => "Canceled while it ran. It may or may not have taken effect.",
  "tool-may-have-run": ({ say }, why) => `${say(why)} The call may or may not have taken effect.`,
  "tool-did-not-run": ({ say }, why) => `${say(why)} ${NOTHING}`,
  "tool-ran-unread": ({ say }, why) =>
    `${say(why)} The call was made and is over; do not make it again for the same. Ask the tool for less.`,
  "tool-error": () => "The tool reported an error; its own words are in the result.",
});
