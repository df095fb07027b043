/**
 * Which file a call would write, and with which of its arguments. Pure, and the same wherever it is asked: an approver's
 * app finds the same in the arguments as the requester's did, or shows no file.
 */
import { isObject, readJson } from "../json/strict-json.ts";

const NAME_MAX = 200;
const DEPTH_MAX = 64;
const PATHS = [
  "path",
  "file",
  "filename",
  "file_name",
  "filepath",
  "file_path",
  "target",
  "target_file",
  "destination",
];
const TEXTS = ["content", "contents", "text", "data", "body", "new_content", "file_text", "file_content"];

export interface Named {
  readonly argument: string;
  readonly path: string;
}
/** The one path and the one new text that the arguments hold, or null where either is missing or could be another. */
export const namedIn = (args: string): Named | null => {
  const read = readJson(args, { lenient: false, maxDepth: DEPTH_MAX });
  if (!read.ok || !isObject(read.value)) return null;
  const value = JSON.parse(args) as Record<string, unknown>;
  const texts = Object.keys(value).filter((name) => typeof value[name] === "string" && name.length <= NAME_MAX);
  const paths = texts.filter((name) => PATHS.includes(plain(name)));
  const contents = texts.filter((name) => TEXTS.includes(plain(name)));
  const [path, argument] = [paths[0], contents[0]];
  if (path === undefined || argument === undefined || paths.length > 1 || contents.length > 1) return null;
  return { argument, path: String(value[path]) };
};

/** `newContent`, `new-content` and `NEW_CONTENT` are one name. */
const plain = (name: string): string =>
  name
    .replaceAll(/([a-z])([A-Z])/g, "$1_$2")
    .replaceAll("-", "_")
    .toLowerCase();
