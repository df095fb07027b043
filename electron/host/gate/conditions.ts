/**
 * Conditions of policy rules on arguments. Every answer is one of three: `unclear` means that the argument cannot be
 * judged, and counts against the call: it never makes an allowing rule fit, and always makes a stricter one fit.
 */
import type { Condition } from "#core/command.ts";

export type Fit = "yes" | "no" | "unclear";

const LEAVES_MAX = 1_000;
const GLOB_TEXT_MAX = 10_000;

/** Whether the condition holds for a rule that allows (`loose: false`) or for one that asks or denies (`loose: true`). */
export const holds = (condition: Condition, args: unknown, loose: boolean): boolean => {
  const found = leavesAt(args, condition.path.split("."));
  if (found.length > LEAVES_MAX) return loose;
  const fits = found.map((leaf) => OPS[condition.op](leaf, condition.value));
  if (loose) return fits.some((fit) => fit !== "no");
  return fits.length > 0 && fits.every((fit) => fit === "yes");
};

/** Values at a dotted path. A list on the way stands for each of its items; what is not there gives nothing. */
const leavesAt = (value: unknown, path: readonly string[]): unknown[] => {
  if (Array.isArray(value)) return value.flatMap((item) => leavesAt(item, path));
  const [key, ...rest] = path;
  if (key === undefined) return [value];
  if (typeof value !== "object" || value === null) return [];
  // A key with dots in it could also be meant by the path: it is one more reading, never a replacement.
  const whole = Object.hasOwn(value, path.join(".")) && rest.length > 0 ? leavesAt((value as Record<string, unknown>)[path.join(".")], []) : [];
  const inside = Object.hasOwn(value, key) ? leavesAt((value as Record<string, unknown>)[key], rest) : [];
  return [...inside, ...whole];
};

const OPS: Record<Condition["op"], (leaf: unknown, value: string) => Fit> = {
  equals: (leaf, value) => (typeof leaf === "object" && leaf !== null ? "unclear" : String(leaf) === value ? "yes" : "no"),
  under: (leaf, value) => (typeof leaf === "string" ? isUnder(leaf, value) : "unclear"),
  "host-in": (leaf, value) => (typeof leaf === "string" ? hostIn(leaf, value) : "unclear"),
  "at-most": (leaf, value) => atMost(leaf, value),
  matches: (leaf, value) => (typeof leaf === "string" && leaf.length <= GLOB_TEXT_MAX ? (glob(value, leaf) ? "yes" : "no") : "unclear"),
};

const atMost = (leaf: unknown, value: string): Fit => {
  const limit = Number(value);
  if (value.trim() === "" || !Number.isFinite(limit) || typeof leaf !== "number" || !Number.isFinite(leaf)) return "unclear";
  return leaf <= limit ? "yes" : "no";
};

const HOST = /^(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d{1,5})?$/i;

/** Why a condition could never be judged as its author means it, or null: it would silently never allow, or always be strict. */
export const conditionProblem = ({ path, op, value }: Condition): string | null => {
  if (path.split(".").includes("")) return `“${path}” names no argument. Write its name, with dots for what lies inside, for example options.path.`;
  const wrong: Record<Condition["op"], string | null> = {
    equals: null,
    under: normalPath(value) === null ? `“${value}” could mean different folders. Write a whole path, for example /srv/notes or C:\\notes.` : null,
    "host-in": hostsOf(value).length > 0 && hostsOf(value).every((host) => HOST.test(host)) ? null : "Write host names with commas between them, for example example.org, *.example.org.",
    "at-most": value.trim() !== "" && Number.isFinite(Number(value)) ? null : `“${value}” is no number.`,
    matches: value === "" ? "Write a pattern: * stands for any run of characters, ? for one." : null,
  };
  return wrong[op];
};

// ---- paths ------------------------------------------------------------------------------------

interface Path {
  readonly root: string;
  readonly parts: readonly string[];
}

/**
 * An absolute path with `.` and `..` resolved, or null where it means different things on different systems. Links on
 * the disk are not followed: a rule speaks about names, and the tool server keeps to its own folders.
 */
export const normalPath = (path: string): Path | null => {
  if (path.length === 0 || path.length > 4_096 || /\p{Cc}/u.test(path)) return null;
  const drive = /^([A-Za-z]):[\\/]/.exec(path);
  if (drive !== null) return windowsPath(`${(drive[1] ?? "").toUpperCase()}:`, path.slice(2));
  // A backslash is part of a name on one system and a separator on another.
  if (!path.startsWith("/") || path.startsWith("//") || path.includes("\\")) return null;
  return { root: "/", parts: resolve(path.split("/")) };
};

const windowsPath = (root: string, rest: string): Path | null => {
  const raw = rest.split(/[\\/]/);
  // Trailing dots and spaces, streams, short names and wildcards name another file than they seem to.
  const odd = raw.some((part) => part !== "." && part !== ".." && (/[. ]$/.test(part) || /[:~*?"<>|]/.test(part)));
  return odd ? null : { root, parts: resolve(raw) };
};

const resolve = (raw: readonly string[]): string[] => {
  const parts: string[] = [];
  for (const part of raw) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return parts;
};

const startsWith = (path: Path, folder: Path, fold: (part: string) => string): boolean =>
  path.root === folder.root && folder.parts.every((part, i) => fold(path.parts[i] ?? "") === fold(part));
const exactly = (part: string): string => part;
/** Some disks take these for the same name, some do not. */
const folded = (part: string): string => part.normalize("NFKC").toLowerCase();

const isUnder = (leaf: string, value: string): Fit => {
  const path = normalPath(leaf);
  const folder = normalPath(value);
  if (path === null || folder === null) return "unclear";
  if (startsWith(path, folder, exactly)) return "yes";
  return startsWith(path, folder, folded) ? "unclear" : "no";
};

// ---- hosts and patterns -------------------------------------------------------------------------

const hostsOf = (value: string): string[] => value.split(/[\s,]+/).filter((item) => item !== "");

/** `value` lists hosts, separated by commas or spaces; `*.example.org` stands for every name below it. */
const hostIn = (leaf: string, value: string): Fit => {
  // What one parser reads as a host another reads as a name and password.
  if (/[\s\p{Cc}\\@]/u.test(leaf)) return "unclear";
  let url: URL;
  try {
    url = new URL(leaf);
  } catch {
    return "unclear";
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return "unclear";
  const host = url.hostname.toLowerCase().replace(/\.$/, "");
  const wanted = hostsOf(value.toLowerCase());
  if (host === "" || wanted.length === 0) return "unclear";
  return wanted.some((item) => item === host || item === url.host.toLowerCase() || (item.startsWith("*.") && host.endsWith(item.slice(1)))) ? "yes" : "no";
};

/** `*` for any run of characters, `?` for one. No regular expression: a pattern that takes for ever would stop the host. */
export const glob = (pattern: string, text: string): boolean => {
  let p = 0;
  let t = 0;
  let star = -1;
  let from = 0;
  while (t < text.length) {
    if (pattern[p] === "*") {
      star = p;
      from = t;
      p += 1;
    } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === text[t])) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      p = star + 1;
      from += 1;
      t = from;
    } else return false;
  }
  while (pattern[p] === "*") p += 1;
  return p === pattern.length;
};
