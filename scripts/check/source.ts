/** The source files of a tree and their syntax, for checks that read syntax and not text. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "vite";

/** What a check found; `file` is a path from the root, with forward slashes. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly sentence: string;
}

export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

export interface Source {
  readonly file: string;
  readonly text: string;
  readonly program: unknown;
  readonly comments: readonly { readonly start: number; readonly end: number }[];
  /** Lines are counted from 1. */
  lineAt(position: number): number;
}

/** A file's syntax, or why it has none. */
export const readSource = (root: string, file: string): Source | Finding => {
  const text = readFileSync(join(root, file), "utf8");
  const parsed = parseSync(file, text);
  const problem = parsed.errors[0];
  if (problem !== undefined) return { file, line: 1, sentence: `cannot be parsed: ${problem.message}` };
  const { program, comments } = parsed;
  return { file, text, program, comments, lineAt: (position) => text.slice(0, position).split("\n").length };
};

/** What `look` finds in each file of the folders. A file without syntax is a finding too. */
export const findIn = (
  root: string,
  folders: readonly string[],
  look: (source: Source) => readonly Finding[],
): Finding[] =>
  sourceFiles(root, folders).flatMap((file) => {
    const source = readSource(root, file);
    return "sentence" in source ? [source] : look(source);
  });

export const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";

/** Every node from the outside in, with the nodes around it, the nearest last. */
export const walk = (value: unknown, visit: (node: Node, around: readonly Node[]) => void): void => {
  const around: Node[] = [];
  const step = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(step);
    if (typeof value !== "object" || value === null) return;
    const node = isNode(value) ? value : null;
    if (node !== null) {
      visit(node, around);
      around.push(node);
    }
    for (const child of Object.values(value)) if (typeof child === "object") step(child);
    if (node !== null) around.pop();
  };
  step(value);
};

export const sourceFiles = (root: string, folders: readonly string[]): string[] =>
  folders.flatMap((folder) =>
    readdirIfThere(join(root, folder)).flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return entry.name === "node_modules" ? [] : sourceFiles(root, [path]);
      return /\.(ts|tsx|mts|cts)$/.test(entry.name) && !entry.name.endsWith(".d.ts") ? [path] : [];
    }),
  );

const readdirIfThere = (path: string) => {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
};
