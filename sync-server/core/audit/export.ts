/**
 * An audit that leaves the app, in format 2. JSONL holds codes with their arguments; CSV is for people, and four of its
 * columns are words that the edge made of the same codes.
 *
 *   head   { format: 2, knows }            CSV: `format,2,knows,<n>`, then the list of columns
 *   rows   one a line, each with a chain hash over the codes of all rows before it
 *   end    { doc: "end", seq: rows, entry: heads }, which counts the rows and names the newest head of each document
 *
 * `verifyExport` needs nothing but the text: it folds the entries with the rules, checks every signature, writes every
 * row again and compares. Words are no part of what it proves: a CSV whose words are others is true, and it says so. What
 * an export cannot prove by itself is that nothing was added to the workspace after what it has of each document, or that
 * it has all of them: for that, compare the heads it answers with those of a running app.
 */
import { hashOf } from "../protocol/crypto.ts";
import type { CryptoDep } from "../protocol/crypto.ts";
import type { Hash } from "../protocol/ids.ts";
import { KNOWS } from "../protocol/levels.ts";
import { json, record, int } from "../protocol/parse.ts";
import { why } from "../facts/why.ts";
import { createAudit } from "./audit.ts";
import type { AuditRow, VerifiedRow } from "./audit.ts";
import { cell, foundedBy, notVerified, readCells, sourceIn, splitLines } from "./lines.ts";
import type { ExportFormat, Heads, Verified } from "./lines.ts";
import { isFirstFormat, verifyingFirst } from "./v1/export.ts";

export const FORMAT = 2;

/** Words of a row for a CSV, made at the edge. */
export interface RowWords {
  readonly act: string;
  readonly rule: string;
  readonly votes: string;
  readonly result: string;
}
export type WordRow = (row: AuditRow) => RowWords;
const WORDED = ["act", "rule", "votes", "result"] as const satisfies readonly (keyof RowWords)[];

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
  "setBack",
  "position",
  "previous",
  "hash",
  "entry",
] as const satisfies readonly (keyof AuditRow)[];
/** In a CSV the role stands in two cells: name and id. */
const CELLS = COLUMNS.flatMap((column) => (column === "role" ? (["role", "roleId"] as const) : [column]));
const HEADER = [...CELLS, "chain"].join(",");

interface Head {
  readonly format: number;
  readonly knows: number;
}
const headOf = record({ format: int(1, 1_000_000), knows: int(1, 1_000_000) });
const headLine = (format: ExportFormat, { format: n, knows }: Head): string =>
  format === "csv" ? `format,${n},knows,${knows}` : JSON.stringify({ format: n, knows });
const headIn = (line: string, format: ExportFormat): Head | undefined => {
  if (format === "jsonl") return headOf(json(line));
  const [, n, knows] = /^format,(\d{1,7}),knows,(\d{1,7})$/.exec(line) ?? [];
  return headOf({ format: Number(n), knows: Number(knows) });
};
const HERE: Head = { format: FORMAT, knows: KNOWS };

const cellsOf = (row: AuditRow, words: RowWords): readonly (string | number)[] =>
  CELLS.map((name) => {
    if (name === "role") return row.role[1];
    if (name === "roleId") return row.role[0];
    return name === "act" || name === "rule" || name === "votes" || name === "result" ? words[name] : row[name];
  });
const csvLine = (cells: readonly (string | number)[], chain: Hash): string => [...cells.map(cell), chain].join(",");

/** Row by row, each chained to the one before it. The chain is over codes, so that no word is part of it. */
const createChain = (crypto: CryptoDep, format: ExportFormat, head: Head) => {
  let chain = hashOf(crypto, `bulkhead-audit-v2 ${format} ${JSON.stringify(head)}`);
  let rows = 0;
  const heads: Record<string, [number, Hash]> = {};
  const link = (body: object): Hash => {
    chain = hashOf(crypto, `${chain}\n${JSON.stringify(body)}`);
    return chain;
  };
  return {
    /** The row as it is hashed and, in JSONL, written; and the chain after it. */
    row: (row: AuditRow): { readonly body: object; readonly chain: Hash } => {
      rows += 1;
      heads[row.doc] = [row.seq, row.hash];
      const body = Object.fromEntries(COLUMNS.map((column) => [column, row[column]]));
      return { body, chain: link(body) };
    },
    /** The last line. */
    end: (): string => {
      const body = { doc: "end", seq: rows, entry: JSON.stringify(heads) };
      const after = link(body);
      if (format === "jsonl") return JSON.stringify({ ...body, chain: after });
      return csvLine(
        CELLS.map((name) => (name === "doc" || name === "seq" || name === "entry" ? body[name] : "")),
        after,
      );
    },
    heads: heads as Heads,
  };
};

/** Line by line, so that a long export need never be whole in memory. Every line ends with a line break. */
export const exportLines = function* (
  crypto: CryptoDep,
  rows: Iterable<AuditRow>,
  format: ExportFormat,
  words: WordRow,
): Generator<string, void> {
  const chain = createChain(crypto, format, HERE);
  yield `${headLine(format, HERE)}\n`;
  if (format === "csv") yield `${HEADER}\n`;
  for (const row of rows) {
    const linked = chain.row(row);
    yield format === "jsonl"
      ? `${JSON.stringify({ ...linked.body, chain: linked.chain })}\n`
      : `${csvLine(cellsOf(row, words(row)), linked.chain)}\n`;
  }
  yield `${chain.end()}\n`;
};

export const writeExport = (
  crypto: CryptoDep,
  rows: Iterable<AuditRow>,
  format: ExportFormat,
  words: WordRow,
): string => [...exportLines(crypto, rows, format, words)].join("");

/** Verifies the export alone; answers the first line (from 1) that is not what the entries say. */
export const verifyExport = (crypto: CryptoDep, text: string, format: ExportFormat, words: WordRow): Verified => {
  for (const steps = verifying(crypto, text, format, words); ;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
};

/** The same row by row, for whoever has something else to do meanwhile: each row that holds, and in the end the answer. */
export const verifying = function* (
  crypto: CryptoDep,
  text: string,
  format: ExportFormat,
  words: WordRow,
): Generator<VerifiedRow, Verified> {
  const lines = splitLines(text, format);
  const [first = ""] = lines;
  if (isFirstFormat(first, format)) return yield* verifyingFirst(crypto, lines, format);
  const head = headIn(first, format);
  if (head === undefined) return notVerified(0, why("export.no-head"));
  if (head.format !== FORMAT || headLine(format, head) !== first)
    return notVerified(0, why("export.other-format", head.format), head.format <= FORMAT);
  const from = format === "csv" ? 2 : 1;
  if (format === "csv" && lines[1] !== HEADER) return notVerified(1, why("export.columns"));
  return yield* verifyingRows({ crypto, lines, format, words, head, from });
};

/** What an app says of what is above its own level. */
const NEWER: ReadonlySet<string> = new Set(["newer", "unknown-command"]);

interface Job {
  readonly crypto: CryptoDep;
  readonly lines: readonly string[];
  readonly format: ExportFormat;
  readonly words: WordRow;
  readonly head: Head;
  readonly from: number;
}

const verifyingRows = function* ({ crypto, lines, format, words, head, from }: Job): Generator<VerifiedRow, Verified> {
  const wid = foundedBy(crypto, sourceIn(lines[from] ?? "", format, CELLS));
  if (wid === undefined) return notVerified(from, why("export.no-founding"));
  const audit = createAudit({ crypto }, wid, { knows: head.knows });
  const chain = createChain(crypto, format, head);
  const others: number[] = [];
  for (let i = from; i < lines.length - 1; i += 1) {
    const line = lines[i] ?? "";
    const source = sourceIn(line, format, CELLS);
    if (source === undefined) return notVerified(i, why("export.unreadable"));
    const taken = audit.next(source.doc, source.entry);
    // Nobody writes a row of what they do not know: a writer who knew no more than this app took no such entry.
    if (!taken.ok && NEWER.has(taken.code) && head.knows > KNOWS)
      return notVerified(i, why("export.needs-level", head.knows), false);
    if (!taken.ok) return notVerified(i, why(taken.code));
    const linked = chain.row(taken.row);
    const said =
      format === "jsonl"
        ? JSON.stringify({ ...linked.body, chain: linked.chain }) === line && "same"
        : saysInCells(line, taken.row, linked.chain, words);
    if (said === false) return notVerified(i, why("export.differs"));
    if (said === "other-words") others.push(i + 1);
    yield taken.row;
  }
  const last = lines.length - 1;
  if (chain.end() !== lines[last]) return notVerified(last, why("export.count"));
  const [firstOther] = others;
  const otherWords = firstOther === undefined ? null : { lines: others.length, first: firstOther };
  return { ok: true, wid, rows: last - from, heads: chain.heads, otherWords };
};

/** Everything in a line of CSV must be what its entry says; words may be of another version, which is told. */
const saysInCells = (line: string, row: AuditRow, chain: Hash, words: WordRow): false | "same" | "other-words" => {
  if (csvLine(cellsOf(row, words(row)), chain) === line) return "same";
  const read = readCells(line);
  const said = (name: (typeof WORDED)[number]): string => unmarked(read[CELLS.indexOf(name)] ?? "");
  const theirs = { act: said("act"), rule: said("rule"), votes: said("votes"), result: said("result") };
  return csvLine(cellsOf(row, theirs), chain) === line && "other-words";
};
/** As it was before a spreadsheet was kept from reading a formula. */
const unmarked = (shown: string): string => (/^'[=+\-@\t\r]/.test(shown) ? shown.slice(1) : shown);
