/**
 * Checks that the windows and the shells say nothing but what stands in `renderer/text`, and that every text there
 * passes `words`: so that a second language has them all.
 */
import { findIn, isNode, walk } from "./source.ts";
import type { Finding, Node, Source } from "./source.ts";

const TEXTS = "renderer/text";
/** Languages themselves, and what chooses among them. */
const LANGUAGES = ["language", "pseudo", "words"].map((name) => `${TEXTS}/${name}.ts`);
/** Who shows something to a person, and may not write it there. */
const SHOWING = ["renderer", "electron/main", "electron/browser-shell"];
/** Attributes that are read to somebody or shown. */
const READ = ["title", "aria-label", "aria-description", "alt", "placeholder", "label"];
/** What is printed on keys is not prose. */
const KEYS = ["Key", "kbd"];

/** Every text under `root` that stands where it may not. */
export const findTexts = (root: string): Finding[] =>
  findIn(root, SHOWING, (source) =>
    LANGUAGES.includes(source.file) ? [] : source.file.startsWith(`${TEXTS}/`) ? unnamed(source) : written(source),
  );

export const textOf = (node: Node): string | undefined => {
  const { value } = node;
  if (node.type === "Literal" && typeof value === "string") return value;
  if (node.type === "JSXText" && typeof value === "string") return value.trim();
  if (node.type !== "TemplateElement" || typeof value !== "object" || value === null) return undefined;
  const cooked: unknown = Reflect.get(value, "cooked");
  return typeof cooked === "string" ? cooked : undefined;
};
/** In a type or an import nothing is said. */
export const isSilent = ({ type }: Node): boolean =>
  (type.startsWith("TS") && type !== "TSAsExpression" && type !== "TSSatisfiesExpression") ||
  type === "ImportDeclaration";

// ---- in renderer/text -----------------------------------------------------------------------------

/** Of one word in small letters nobody can say whether it is a text or a code. */
const looksSaid = (text: string): boolean => /[A-Za-z]{2,},? [A-Za-z]/.test(text) || /^[A-Z][a-z]{2,}/.test(text);

const unnamed = ({ file, program, lineAt }: Source): Finding[] => {
  const place = file.slice(TEXTS.length + 1).replace(/\.ts$/, "");
  return exported(program).flatMap((each) => {
    const wanted = `${place}.${String((each["id"] as Node)["name"])}`;
    return saysSomething(each["init"]) && nameOfWords(each["init"]) !== wanted
      ? [{ file, line: lineAt(each.start), sentence: `every text passes words("${wanted}", …)` }]
      : [];
  });
};

const exported = (program: unknown): Node[] =>
  ((program as Node)["body"] as readonly Node[]).flatMap(({ type, declaration }) =>
    type === "ExportNamedDeclaration" && isNode(declaration) && declaration.type === "VariableDeclaration"
      ? (declaration["declarations"] as readonly Node[])
      : [],
  );

const saysSomething = (value: unknown): boolean => {
  let says = false;
  walk(value, (node, around) => {
    const text = textOf(node);
    says ||= text !== undefined && looksSaid(text) && !around.some(isSilent);
  });
  return says;
};

const nameOfWords = (init: unknown): string | undefined => {
  if (!isNode(init) || init.type !== "CallExpression" || (init["callee"] as Node)["name"] !== "words") return undefined;
  const [name] = init["arguments"] as readonly Node[];
  return name === undefined ? undefined : textOf(name);
};

// ---- outside of it --------------------------------------------------------------------------------

/** Two words or more that begin as a sentence does, or end as one. */
export const isProse = (text: string): boolean =>
  /^[A-Z][a-z']*,? [A-Za-z(]/.test(text.trim()) || /[A-Za-z]{2,},? [A-Za-z,' ]*[.?!…]$/.test(text.trim());

const written = ({ file, program, lineAt }: Source): Finding[] => {
  const found: Finding[] = [];
  walk(program, (node, around) => {
    const text = textOf(node);
    if (text === undefined || around.some(isSilent) || around.some(isKey)) return;
    if (isProse(text) || isCounted(around) || (/[A-Za-z]{2}/.test(text) && !isAddress(text) && isShown(node, around)))
      found.push({ file, line: lineAt(node.start), sentence: `“${text.slice(0, 40)}” belongs in ${TEXTS}` });
  });
  return found;
};

/** The forms of a noun are a text too, of one word each. */
const isCounted = (around: readonly Node[]): boolean => {
  const call = around.at(-1);
  return call?.type === "CallExpression" && (call["callee"] as Node)["name"] === "countWords";
};
const isAddress = (text: string): boolean => /^https?:\/\//.test(text);
const isKey = (node: Node): boolean =>
  node.type === "JSXElement" && KEYS.includes(String(((node["openingElement"] as Node)["name"] as Node)["name"]));

/** What hands on what stands inside. */
const THROUGH = ["ConditionalExpression", "LogicalExpression", "TemplateLiteral", "JSXExpressionContainer"];

/** Whether it is a child of an element, or stands in an attribute that is read: by itself or as one of two. */
const isShown = (node: Node, around: readonly Node[]): boolean => {
  let child = node;
  for (const parent of around.toReversed()) {
    if (parent.type === "JSXElement" || parent.type === "JSXFragment") return true;
    if (parent.type === "JSXAttribute") return READ.includes(String((parent["name"] as Node)["name"]));
    if (!THROUGH.includes(parent.type) || parent["test"] === child) return false;
    child = parent;
  }
  return false;
};
