/**
 * `npm run verify-audit -- FILE`: whether an exported audit says what its signed entries say. Needs nothing but the file:
 * no workspace, no server, no network. Ends with 0 where it does, 1 where it does not, 2 where there is
 * nothing to read, 3 where this version cannot say: of the file, or of the words in a CSV.
 */
import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { verifyExport } from "#core/audit/export.ts";
import type { ExportFormat } from "#core/audit/lines.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { say } from "./check/step.ts";
import { factWords, rowWords } from "#text/facts.ts";

interface Report {
  readonly code: 0 | 1 | 2 | 3;
  readonly lines: readonly string[];
}

const FORMATS: Readonly<Record<string, ExportFormat>> = { ".jsonl": "jsonl", ".csv": "csv" };

export const reportOn = (files: readonly string[]): Report => {
  const [file] = files;
  if (file === undefined || files.length > 1) return unread("Name one file: npm run verify-audit -- audit.jsonl");
  const format = FORMATS[extname(file).toLowerCase()];
  if (format === undefined) return unread("The file's name must end in .jsonl or .csv, as Bulkhead saves it.");
  const text = textOf(file);
  return text === null ? unread("The file cannot be read. Is its name right, and is it there?") : report(text, format);
};

const unread = (line: string): Report => ({ code: 2, lines: [line] });

const textOf = (file: string): string | null => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // Whoever asked says that it cannot be read.
    return null;
  }
};

const report = (text: string, format: ExportFormat): Report => {
  const verdict = verifyExport(nodeCrypto, text, format, rowWords);
  if (!verdict.ok && !verdict.judged)
    return {
      code: 3,
      lines: [
        `NOT JUDGED: line ${verdict.line}: ${factWords(verdict.why)}`,
        "The file may be true. This version is too old to say.",
      ],
    };
  if (!verdict.ok)
    return {
      code: 1,
      lines: [
        `NOT VERIFIED: line ${verdict.line}: ${factWords(verdict.why)}`,
        "Do not rely on this file. Ask for a new export, or export it yourself.",
      ],
    };
  const heads = Object.entries(verdict.heads).map(([doc, [seq, hash]]) => `  ${doc}  ${seq}  ${hash}`);
  const { otherWords } = verdict;
  const words =
    otherWords === null
      ? []
      : [
          `The words in ${otherWords.lines} of its lines (the first is line ${otherWords.first}) are not those that this version writes. Entries are proven, words are not: rely on a JSONL file, or on Audit in a running app.`,
        ];
  const lines = [
    "Verified: every line says what its signed entry says, and each document below is whole up to the entry named there.",
    `Workspace  ${verdict.wid}`,
    `Rows       ${verdict.rows}`,
    "Heads (document, entries, hash of the newest one):",
    ...heads,
    ...words,
    "A file cannot show that nothing came after those entries, that no other document was left out, nor that it is about your workspace: compare workspace and heads with Audit, Heads in a running app.",
  ];
  return { code: otherWords === null ? 0 : 3, lines };
};

if (import.meta.main) {
  const { code, lines } = reportOn(process.argv.slice(2));
  for (const line of lines) say(line);
  process.exitCode = code;
}
