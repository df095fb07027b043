/** Lines and cells of a saved audit, as every format of it writes them. */
import type { CryptoDep } from "../protocol/crypto.ts";
import { parseCommand } from "../protocol/command.ts";
import { parseEntry } from "../protocol/entry.ts";
import { asDocName, LOG } from "../protocol/ids.ts";
import type { DocName, Hash, WorkspaceId } from "../protocol/ids.ts";
import { json } from "../protocol/parse.ts";
import type { Why } from "../facts/why.ts";

export type ExportFormat = "jsonl" | "csv";
/** Entries of each document, and the hash of the newest. */
export type Heads = Readonly<Record<string, readonly [number, Hash]>>;

/** What a saved audit proves, or the first line (from 1) that does not hold. */
export type Verified =
  | {
      readonly ok: true;
      readonly wid: WorkspaceId;
      readonly rows: number;
      readonly heads: Heads;
      /** Lines whose words are not those that this version writes: of another version or language, or written by hand. */
      readonly otherWords: { readonly lines: number; readonly first: number } | null;
    }
  /** `judged` is false where this app is too old to say: the file may be true. */
  | { readonly ok: false; readonly judged: boolean; readonly line: number; readonly why: Why };

export const notVerified = (index: number, why: Why, judged = true): Verified => ({
  ok: false,
  judged,
  line: index + 1,
  why,
});

/** A cell that begins like a formula is text in a spreadsheet. */
export const cell = (value: string | number): string => {
  const shown = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
};
export const readCells = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
    (match) => match[1]?.replaceAll('""', '"') ?? match[2] ?? "",
  );

/** A quoted cell may hold line breaks, so lines are cut where quotes are closed. */
export const splitLines = (text: string, format: ExportFormat): string[] => {
  const parts = text.split("\n");
  if (parts.at(-1) === "") parts.pop();
  if (format === "jsonl") return parts;
  const lines: string[] = [];
  let open: string[] = [];
  let quotes = 0;
  for (const part of parts) {
    open.push(part);
    quotes += part.split('"').length - 1;
    if (quotes % 2 === 1) continue;
    lines.push(open.join("\n"));
    open = [];
  }
  return open.length === 0 ? lines : [...lines, open.join("\n")];
};

export interface Source {
  readonly doc: DocName;
  readonly entry: string;
}
/** Document and exact entry of a line. `columns` are those of its table. */
export const sourceIn = (line: string, format: ExportFormat, columns: readonly string[]): Source | undefined => {
  const value = format === "csv" ? readCells(line) : json(line);
  const [doc, entry] = Array.isArray(value)
    ? [value[columns.indexOf("doc")] as unknown, value[columns.indexOf("entry")] as unknown]
    : typeof value === "object" && value !== null
      ? [(value as Record<string, unknown>)["doc"], (value as Record<string, unknown>)["entry"]]
      : [];
  const name = asDocName(doc);
  return name === undefined || typeof entry !== "string" ? undefined : { doc: name, entry };
};

/** The workspace that an entry founds. */
export const foundedBy = (crypto: CryptoDep, source: Source | undefined): WorkspaceId | undefined => {
  const entry = source?.doc === LOG ? parseEntry(source.entry, true) : undefined;
  return entry === undefined ? undefined : parseCommand(crypto, entry.c)?.payload.w;
};
