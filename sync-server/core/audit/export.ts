/**
 * An audit that leaves the app: JSONL or CSV, one row a line, and a last line that counts them and names the newest head
 * of each document. Every line carries a chain hash over all lines before it.
 *
 * `verifyExport` needs nothing but the text: it folds the entries with the rules, checks every signature, writes every
 * row again and compares. What an export cannot prove by itself is that nothing was added to the workspace after what it
 * has of each document, or that it has all of them: for that, compare the heads it answers with those of a running app.
 */
import { createAudit } from "./audit.ts";
import type { AuditRow } from "./audit.ts";
import { parseCommand } from "../protocol/command.ts";
import { hashOf } from "../protocol/crypto.ts";
import type { CryptoDep } from "../protocol/crypto.ts";
import { parseEntry } from "../protocol/entry.ts";
import { asDocName, LOG } from "../protocol/ids.ts";
import type { DocName, Hash, WorkspaceId } from "../protocol/ids.ts";
import { json } from "../protocol/parse.ts";
import type { RejectCode } from "../facts/reject.ts";
import { why } from "../facts/why.ts";
import type { ExportCode, Why } from "../facts/why.ts";

export type ExportFormat = "jsonl" | "csv";

const COLUMNS = [
  "doc",
  "seq",
  "time",
  "who",
  "member",
  "device",
  "role",
  "kind",
  "act",
  "rule",
  "votes",
  "result",
  "position",
  "previous",
  "hash",
  "entry",
] as const satisfies readonly (keyof AuditRow)[];
const HEADER = [...COLUMNS, "chain"].join(",");

/** A cell that begins like a formula is text in a spreadsheet. */
const cell = (value: string | number): string => {
  const shown = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
};
const writeLine: Record<ExportFormat, (row: Readonly<Record<string, unknown>>, chain: Hash) => string> = {
  jsonl: (row, chain) => JSON.stringify({ ...row, chain }),
  csv: (row, chain) => [...COLUMNS.map((column) => cell((row[column] ?? "") as string | number)), chain].join(","),
};

type Heads = Readonly<Record<string, readonly [number, Hash]>>;
const lastRow = (rows: number, heads: Heads): Record<string, unknown> => ({
  doc: "end",
  seq: rows,
  entry: JSON.stringify(heads),
});

/** Line by line, each chained to the one before it. */
const createWriter = (crypto: CryptoDep, format: ExportFormat) => {
  let chain = hashOf(crypto, `bulkhead-audit-v1 ${format}`);
  let rows = 0;
  const heads: Record<string, [number, Hash]> = {};
  const link = (row: object): string => {
    const body = row as Readonly<Record<string, unknown>>;
    chain = hashOf(crypto, `${chain}\n${JSON.stringify(body)}`);
    return writeLine[format](body, chain);
  };
  return {
    row: (row: AuditRow): string => {
      rows += 1;
      heads[row.doc] = [row.seq, row.hash];
      return link(Object.fromEntries(COLUMNS.map((column) => [column, row[column]])));
    },
    end: (): string => link(lastRow(rows, heads)),
    heads,
  };
};

/** Line by line, so that a long export need never be whole in memory. Every line ends with a line break. */
export const exportLines = function* (
  crypto: CryptoDep,
  rows: Iterable<AuditRow>,
  format: ExportFormat,
): Generator<string, void> {
  const writer = createWriter(crypto, format);
  if (format === "csv") yield `${HEADER}\n`;
  for (const row of rows) yield `${writer.row(row)}\n`;
  yield `${writer.end()}\n`;
};

export const writeExport = (crypto: CryptoDep, rows: Iterable<AuditRow>, format: ExportFormat): string =>
  [...exportLines(crypto, rows, format)].join("");

export type Verified =
  | { readonly ok: true; readonly wid: WorkspaceId; readonly rows: number; readonly heads: Heads }
  | { readonly ok: false; readonly line: number; readonly why: Why };

/** Verifies the export alone; answers the first line (from 1) that is not what the entries say. */
export const verifyExport = (crypto: CryptoDep, text: string, format: ExportFormat): Verified => {
  for (const steps = verifying(crypto, text, format); ;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
};

/** The same row by row, for whoever has something else to do meanwhile: each row that holds, and in the end the answer. */
export const verifying = function* (
  crypto: CryptoDep,
  text: string,
  format: ExportFormat,
): Generator<AuditRow, Verified> {
  const lines = splitLines(text, format);
  const from = format === "csv" ? 1 : 0;
  const no = (index: number, code: RejectCode | ExportCode): Verified => ({
    ok: false,
    line: index + 1,
    why: why(code),
  });
  if (format === "csv" && lines[0] !== HEADER) return no(0, "export.columns");
  const wid = workspaceIn(crypto, lines[from] ?? "", format);
  if (wid === undefined) return no(from, "export.no-founding");
  const audit = createAudit({ crypto }, wid);
  const writer = createWriter(crypto, format);
  for (let i = from; i < lines.length - 1; i += 1) {
    const line = lines[i] ?? "";
    const source = sourceIn(line, format);
    if (source === undefined) return no(i, "export.unreadable");
    const taken = audit.next(source.doc, source.entry);
    if (!taken.ok) return no(i, taken.code);
    if (writer.row(taken.row) !== line) return no(i, "export.differs");
    yield taken.row;
  }
  const last = lines.length - 1;
  if (writer.end() !== lines[last]) return no(last, "export.count");
  return { ok: true, wid, rows: last - from, heads: writer.heads };
};

const workspaceIn = (crypto: CryptoDep, line: string, format: ExportFormat): WorkspaceId | undefined => {
  const source = sourceIn(line, format);
  const entry = source?.doc === LOG ? parseEntry(source.entry, true) : undefined;
  return entry === undefined ? undefined : parseCommand(crypto, entry.c)?.payload.w;
};

const sourceIn = (line: string, format: ExportFormat): { doc: DocName; entry: string } | undefined => {
  const cells = format === "csv" ? readCells(line) : json(line);
  const [doc, entry] = Array.isArray(cells)
    ? [cells[COLUMNS.indexOf("doc")] as unknown, cells[COLUMNS.indexOf("entry")] as unknown]
    : typeof cells === "object" && cells !== null
      ? [(cells as Record<string, unknown>)["doc"], (cells as Record<string, unknown>)["entry"]]
      : [];
  const name = asDocName(doc);
  return name === undefined || typeof entry !== "string" ? undefined : { doc: name, entry };
};

/** A quoted cell may hold line breaks, so lines are cut where quotes are closed. */
const splitLines = (text: string, format: ExportFormat): string[] => {
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

const readCells = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
    (match) => match[1]?.replaceAll('""', '"') ?? match[2] ?? "",
  );
