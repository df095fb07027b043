/**
 * Refuses a sentence that is composed where a fact is: in the host, in the shells' shared part, in the protocol's client.
 * A fact is a code with arguments (`told`, `why`), and its sentence stands in `renderer/text`. Files that still hold
 * sentences are in `COMPOSED` with how many; a number there may only fall.
 */
import { COMPOSED, FOR_MODELS } from "./composed-places.ts";
import { findIn, walk } from "./source.ts";
import type { Finding, Node, Source } from "./source.ts";
import { isProse, isSilent, textOf } from "./texts.ts";

const FOLDERS = ["electron/host", "electron/shell", "sync-server/client"];
/** What these make is for whoever mends the program: an error that nobody expects is answered with a code. */
const FOR_US = /^(?:Error|TypeError|RangeError)$/;

export const findComposed = (root: string, allowed: Readonly<Record<string, number>> = COMPOSED): Finding[] => {
  const counts = new Map<string, number>();
  const found = findIn(root, FOLDERS, (source) => {
    if (FOR_MODELS.includes(source.file)) return [];
    const sentences = sentencesIn(source);
    counts.set(source.file, sentences.length);
    return sentences.length > (allowed[source.file] ?? 0) ? sentences : [];
  });
  return [...found, ...stale(counts, allowed)];
};

/** What was taken out may not come back under the number that stood there. */
const stale = (counts: ReadonlyMap<string, number>, allowed: Readonly<Record<string, number>>): Finding[] =>
  Object.entries(allowed).flatMap(([file, most]) => {
    const count = counts.get(file) ?? 0;
    return count < most
      ? [{ file: LIST, line: 1, sentence: `${file} composes ${count} sentences now, not ${most}: lower its number` }]
      : [];
  });
const LIST = "scripts/check/composed-places.ts";

const sentencesIn = ({ file, program, lineAt }: Source): Finding[] => {
  const found: Finding[] = [];
  walk(program, (node, around) => {
    const text = textOf(node);
    if (text === undefined || !isProse(text) || around.some(isSilent) || around.some(isForUs)) return;
    found.push({
      file,
      line: lineAt(node.start),
      sentence: `“${text.slice(0, 40)}”: tell a code, and word it in renderer/text`,
    });
  });
  return found;
};

const isForUs = (node: Node): boolean =>
  node.type === "NewExpression"
    ? FOR_US.test(String((node["callee"] as Node)["name"]))
    : node.type === "CallExpression" && FOR_MACHINES.has(calledBy(node["callee"] as Node));

/** What these are given is SQL, or the name of a folder. */
const FOR_MACHINES: ReadonlySet<string> = new Set([".prepare", ".exec", "join"]);
const calledBy = (callee: Node): string =>
  callee.type === "MemberExpression" ? `.${String((callee["property"] as Node)["name"])}` : String(callee["name"]);
