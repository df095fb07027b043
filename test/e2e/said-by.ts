/** Which texts a page says by itself, read from its source: so that a page that nobody walks through is found. */
import { resolve } from "node:path";
import { pseudoText } from "#text/pseudo.ts";
import { parseSync } from "vite";
import { readFileSync } from "node:fs";
import { isNode, sourceFiles, walk } from "../../scripts/check/source.ts";
import type { Node } from "../../scripts/check/source.ts";
import { ROOT } from "../../scripts/check/step.ts";

export interface Unseen {
  /** Every text, as "file: text". */
  readonly all: readonly string[];
  /** Those that nobody saw. */
  readonly missed: readonly string[];
}
export const unseen = async (seen: ReadonlySet<string>): Promise<Unseen> => {
  const shown = [...seen].join("\n");
  const all: string[] = [];
  const missed: string[] = [];
  for (const [file, said] of await saidByPages())
    for (const text of said) {
      all.push(placeOf(file, text));
      if (!shown.includes(pseudoText(text))) missed.push(placeOf(file, text));
    }
  return { all, missed };
};
export const placeOf = (file: string, text: string): string => `${file}: ${text}`;

/** Each file of the pages, and of the parts that pages share, with the texts in it that need no arguments. */
const saidByPages = async (): Promise<ReadonlyMap<string, readonly string[]>> => {
  const found = new Map<string, readonly string[]>();
  for (const file of sourceFiles(ROOT, ["renderer/pages", "renderer/parts"]).filter((name) => name.endsWith(".tsx")))
    found.set(file, await saidBy(file));
  return found;
};

const saidBy = async (file: string): Promise<readonly string[]> => {
  const { program } = parseSync(file, readFileSync(resolve(ROOT, file), "utf8"));
  const names = new Map<string, unknown>();
  for (const node of (program as unknown as { body: readonly Node[] }).body) {
    const from = node.type === "ImportDeclaration" ? (node["source"] as Node)["value"] : undefined;
    if (typeof from !== "string" || !from.includes("/text/")) continue;
    const module = (await import(resolve(ROOT, file, "..", from))) as Record<string, unknown>;
    for (const each of node["specifiers"] as readonly Node[])
      names.set(nameOf(each["local"]), module[nameOf(each["imported"])]);
  }
  const said = new Set<string>();
  walk(program, (node) => {
    const text = node.type === "MemberExpression" ? valueOf(node, names) : undefined;
    if (typeof text === "string" && /[A-Za-z]{2}/.test(text)) said.add(text);
  });
  return [...said];
};

const nameOf = (value: unknown): string => (isNode(value) && typeof value["name"] === "string" ? value["name"] : "");

/** What `words.some.text` is, or undefined where it hangs on what is there at the time. */
const valueOf = (node: unknown, names: ReadonlyMap<string, unknown>): unknown => {
  if (!isNode(node)) return undefined;
  if (node.type === "Identifier") return names.get(nameOf(node));
  if (node.type !== "MemberExpression" || node["computed"] === true) return undefined;
  const of = valueOf(node["object"], names);
  const key = nameOf(node["property"]);
  return typeof of === "object" && of !== null && Object.hasOwn(of, key) ? Reflect.get(of, key) : undefined;
};
