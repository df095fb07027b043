/**
 * Whether a path lies under a folder, as far as its text tells, and where links can be looked at (`Links`) also as far
 * as the disk tells: then both must say so. Whatever a tool server could take for another path is `unclear`.
 */
import { decodings, folded, type Fit } from "./likeness.ts";

/** Where a path leads on the computer of the tool server, links followed; null where that cannot be told. */
export type Links = (path: string) => string | null;

interface Path {
  readonly root: string;
  readonly parts: readonly string[];
}

const PATH_MAX = 4_096;
/** A second path in the same text, as lists of paths and command lines are written. */
const SECOND_PATH = /[\s,;:|&<>()"'`=]\s*(?:[/~\\]|\.\.|[a-z]:[\\/])/i;
const EXPANDS = /`|\$[\w{(]/;

/**
 * An absolute path with `.` and `..` resolved, or null where it means different things to different systems. The text
 * alone: links are not followed here.
 */
export const normalPath = (path: string): Path | null => {
  if (path.length === 0 || path.length > PATH_MAX || /[\p{C}\p{Zl}\p{Zp}]/u.test(path) || EXPANDS.test(path))
    return null;
  if (SECOND_PATH.test(path.slice(2))) return null;
  const drive = /^([A-Za-z]):[\\/]/.exec(path);
  if (drive !== null) return windowsPath(`${(drive[1] ?? "").toUpperCase()}:`, path.slice(2));
  // A backslash is part of a name on one system and a separator on another.
  if (!path.startsWith("/") || path.startsWith("//") || path.includes("\\")) return null;
  const raw = path.split("/");
  return raw.some(isOdd) ? null : { root: "/", parts: resolve(raw) };
};

/** A part that some systems or servers take for `..`, or for another name: dots and spaces at its end fall away. */
const isOdd = (part: string): boolean =>
  part !== "." && part !== ".." && (/[. ]$/.test(part) || /^\.\.?[^\p{L}\p{N}._-]/u.test(part));

const windowsPath = (root: string, rest: string): Path | null => {
  const raw = rest.split(/[\\/]/);
  // Streams, short names and wildcards name another file than they seem to.
  return raw.some((part) => isOdd(part) || /[:~*?"<>|]/.test(part)) ? null : { root, parts: resolve(raw) };
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

export const isUnder = (leaf: string, value: string, links?: Links): Fit => {
  const named = byNames(leaf, value);
  if (links === undefined || named === "unclear") return named;
  return byLinks(leaf, value, links) === named ? named : "unclear";
};

/** By the text alone, however its characters are written: escapes resolved, full width or composed. */
const byNames = (leaf: string, value: string): Fit => {
  const readings = decodings(leaf).flatMap((text) => [text, text.normalize("NFKC")]);
  const fits = readings.map((text) => (text.includes("\ufffd") ? "unclear" : textually(text, value)));
  return fits.every((fit) => fit === fits[0]) ? (fits[0] ?? "unclear") : "unclear";
};

const textually = (leaf: string, value: string): Fit => {
  const path = normalPath(leaf);
  const folder = normalPath(value);
  if (path === null || folder === null) return "unclear";
  if (startsWith(path, folder, (part) => part)) return "yes";
  // Some disks take names that differ in case or form for the same, some do not.
  return startsWith(path, folder, folded) ? "unclear" : "no";
};

const startsWith = (path: Path, folder: Path, as: (part: string) => string): boolean =>
  path.root === folder.root &&
  folder.parts.every((part, i) => i < path.parts.length && as(path.parts[i] ?? "") === as(part));

/**
 * Servers differ in when they resolve `..`: before they follow a link, or after. Both ways must lead to the same side.
 * The folder may be a link itself.
 */
const byLinks = (leaf: string, value: string, links: Links): Fit => {
  const tidy = textOf(normalPath(leaf));
  const [folder, ...ways] = [textOf(normalPath(value)), tidy, leaf].map((path) => (path === null ? null : links(path)));
  const fits = ways.map((way) =>
    way === null || folder === null || way === undefined || folder === undefined ? "unclear" : realFit(way, folder),
  );
  return fits.every((fit) => fit === fits[0]) ? (fits[0] ?? "unclear") : "unclear";
};
const textOf = (path: Path | null): string | null =>
  path === null ? null : path.root === "/" ? `/${path.parts.join("/")}` : `${path.root}\\${path.parts.join("\\")}`;

/** What the disk gave is not asked for tricks, only compared; names that differ in case alone stay a doubt. */
const realFit = (path: string, folder: string): Fit => {
  const [parts, of] = [path, folder].map((text) => text.split(/[\\/]/).filter((part) => part !== "")) as [
    string[],
    string[],
  ];
  if (of.every((part, i) => parts[i] === part)) return "yes";
  return of.every((part, i) => i < parts.length && folded(parts[i] ?? "") === folded(part)) ? "unclear" : "no";
};
