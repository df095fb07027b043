/**
 * Refuses an error that vanishes without a reason: a `catch` that does not look at what it caught, a `.catch(…)` or a
 * second function of `.then(…)` that takes no error. Each says why in a comment inside it, behind it on its line or in
 * the lines right above its statement; a promise that nobody waits for may go to `drop`, which says why by itself.
 */
import { findIn, isNode, walk } from "./source.ts";
import type { Finding, Node, Source } from "./source.ts";

const FOLDERS = ["electron", "renderer", "scripts", "sync-server"];
const SENTENCE = "drops an error and does not say why: a comment there, or `drop(promise, why)`";

export const findSilences = (root: string): Finding[] => findIn(root, FOLDERS, silencesIn);

const silencesIn = (source: Source): Finding[] => {
  const found: Finding[] = [];
  const { file, lineAt } = source;
  walk(source.program, (node, around) => {
    const silent = silentPart(node);
    if (silent === undefined || saysWhy(source, silent, statementOf(node, around))) return;
    found.push({ file, line: lineAt(silent.start), sentence: SENTENCE });
  });
  return found;
};

/** The clause or the function that takes no error. */
const silentPart = (node: Node): Node | undefined => {
  if (node.type === "CatchClause") return isNode(node["param"]) ? undefined : node;
  if (node.type !== "CallExpression" || !isNode(node["callee"])) return undefined;
  const name = isNode(node["callee"]["property"]) ? node["callee"]["property"]["name"] : undefined;
  if (name !== "catch" && name !== "then") return undefined;
  const taker = (node["arguments"] as unknown[])[name === "catch" ? 0 : 1];
  return isNode(taker) && FUNCTIONS.has(taker.type) && (taker["params"] as unknown[]).length === 0 ? taker : undefined;
};

const FUNCTIONS = new Set(["ArrowFunctionExpression", "FunctionExpression"]);
const STATEMENT = /Statement$|Declaration$|^PropertyDefinition$|^Property$/;

/** A `catch` has only its clause: what stands above its `try` is about the work. */
const statementOf = (node: Node, around: readonly Node[]): Node =>
  node.type === "CatchClause" ? node : (around.findLast(({ type }) => STATEMENT.test(type)) ?? node);

const saysWhy = ({ comments, text, lineAt }: Source, silent: Node, statement: Node): boolean => {
  const first = lineAt(statement.start);
  const last = lineAt(silent.type === "CatchClause" ? silent.start : silent.end);
  return comments.some(({ start, end }) => {
    if (start >= silent.start && end <= silent.end) return true;
    if (silent.type !== "CatchClause" && start >= statement.start && end <= silent.start) return true;
    if (lineAt(start) === last && start >= silent.start) return true;
    return silent.type !== "CatchClause" && end <= statement.start && lineAt(end) === first - 1 && ownLine(text, start);
  });
};

const ownLine = (text: string, start: number): boolean =>
  text.slice(text.lastIndexOf("\n", start - 1) + 1, start).trim() === "";
