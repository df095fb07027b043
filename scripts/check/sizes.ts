/**
 * Refuses a function that has outgrown one sitting. Those that were longer when this check came are in `LONG` with the
 * lines that they may have; the list may only shrink.
 */
import { LINES_MAX, LONG } from "./long-functions.ts";
import { findIn, isNode, walk } from "./source.ts";
import type { Finding, Node, Source } from "./source.ts";

const FOLDERS = ["electron", "renderer", "scripts", "sync-server"];
const FUNCTIONS = new Set(["ArrowFunctionExpression", "FunctionExpression", "FunctionDeclaration"]);

/** Every function that is longer than it may be, and every exception that nothing needs any more. */
export const findLong = (root: string, allowed: Readonly<Record<string, number>> = LONG): Finding[] => {
  const needed = new Set<string>();
  const found = findIn(root, FOLDERS, (source) =>
    functionsIn(source).flatMap(({ name, line, lines }) => {
      if (lines <= LINES_MAX) return [];
      const key = `${source.file} ${name}`;
      needed.add(key);
      const most = Math.max(LINES_MAX, allowed[key] ?? 0);
      const sentence = `${name} has ${lines} lines of at most ${most}: a part of it has a name and a file of its own`;
      return lines <= most ? [] : [{ file: source.file, line, sentence }];
    }),
  );
  const idle = Object.keys(allowed).filter((key) => !needed.has(key));
  const sentence = `is in the list of long functions and is none any more: take it out`;
  return [...found, ...idle.map((key) => ({ file: key, line: 1, sentence }))];
};

interface Sized {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

const functionsIn = ({ program, lineAt }: Source): Sized[] => {
  const found: Sized[] = [];
  walk(program, (node, around) => {
    if (!FUNCTIONS.has(node.type)) return;
    const line = lineAt(node.start);
    found.push({ name: nameOf(node, around.at(-1)), line, lines: lineAt(node.end) - line + 1 });
  });
  return found;
};

/** Its own name, or of what it is put into. */
const nameOf = (node: Node, holder: Node | undefined): string => {
  for (const named of [node["id"], holder?.["id"], holder?.["key"]])
    if (isNode(named) && typeof named["name"] === "string") return named["name"];
  return "a function without a name";
};
