/**
 * Saved audits of format 1, whose rows held sentences: read, and written again to compare. Frozen: see `words.ts`. No app
 * writes this format any more.
 */
import { hashOf } from "../../protocol/crypto.ts";
import type { CryptoDep } from "../../protocol/crypto.ts";
import type { DeviceId, DocName, Hash, MemberId, RoleId } from "../../protocol/ids.ts";
import { why } from "../../facts/why.ts";
import { roleNamed, roleOf } from "../../rules/may.ts";
import { createActs } from "../acts.ts";
import type { Act } from "../acts.ts";
import { actFact } from "../act-facts.ts";
import { isoTime } from "../iso-time.ts";
import { cell, foundedBy, notVerified, sourceIn } from "../lines.ts";
import type { ExportFormat, Heads, Verified } from "../lines.ts";
import type { VerifiedRow } from "../audit.ts";
import { actWords, authorityWords, setBackWords, votesWords } from "./words.ts";

interface FirstRow {
  readonly doc: DocName;
  readonly seq: number;
  readonly time: string;
  readonly who: string;
  readonly member: MemberId;
  readonly device: DeviceId;
  readonly role: string;
  readonly kind: Act["kind"];
  readonly act: string;
  readonly rule: string;
  readonly votes: string;
  readonly result: string;
  readonly position: number;
  readonly previous: Hash | "";
  readonly hash: Hash;
  readonly entry: string;
}

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
] as const satisfies readonly (keyof FirstRow)[];
const HEADER = [...COLUMNS, "chain"].join(",");

/** Whether a first line is that of this format: its list of columns, or a row. */
export const isFirstFormat = (line: string, format: ExportFormat): boolean =>
  format === "csv" ? line === HEADER : line.startsWith('{"doc":');

const writeLine: Record<ExportFormat, (row: Readonly<Record<string, unknown>>, chain: Hash) => string> = {
  jsonl: (row, chain) => JSON.stringify({ ...row, chain }),
  csv: (row, chain) => [...COLUMNS.map((column) => cell((row[column] ?? "") as string | number)), chain].join(","),
};
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
    row: (row: FirstRow): string => {
      rows += 1;
      heads[row.doc] = [row.seq, row.hash];
      return link(Object.fromEntries(COLUMNS.map((column) => [column, row[column]])));
    },
    end: (): string => link(lastRow(rows, heads)),
    heads,
  };
};

const rowOf = (act: Act): FirstRow => {
  const { log, doc, seq, member, device, kind, request, position, previous, hash, entry } = act;
  const role = roleOf(log, member, position) ?? ("" as RoleId);
  return {
    doc,
    seq,
    time: isoTime(act.date),
    who: log.members.get(member)?.name ?? "",
    member,
    device,
    role: roleNamed(log, role, position)?.name ?? role,
    kind,
    act: `${actWords(act)}${setBackWords(act.setBack)}`,
    rule: authorityWords(act),
    votes: votesWords(act),
    result: kind === "approval.used" ? (request?.result ?? "") : (request?.state ?? "done"),
    position,
    previous,
    hash,
    entry,
  };
};

/** Row by row, as `verifying` does it for the format of today. */
export const verifyingFirst = function* (
  crypto: CryptoDep,
  lines: readonly string[],
  format: ExportFormat,
): Generator<VerifiedRow, Verified> {
  const from = format === "csv" ? 1 : 0;
  const wid = foundedBy(crypto, sourceIn(lines[from] ?? "", format, COLUMNS));
  if (wid === undefined) return notVerified(from, why("export.no-founding"));
  const acts = createActs({ crypto }, wid);
  const writer = createWriter(crypto, format);
  for (let i = from; i < lines.length - 1; i += 1) {
    const line = lines[i] ?? "";
    const source = sourceIn(line, format, COLUMNS);
    if (source === undefined) return notVerified(i, why("export.unreadable"));
    const taken = acts.next(source.doc, source.entry);
    if (!taken.ok) return notVerified(i, why(taken.code));
    const row = rowOf(taken.act);
    if (writer.row(row) !== line) return notVerified(i, why("export.differs"));
    yield { doc: row.doc, entry: row.entry, time: row.time, who: row.who, act: actFact(taken.act) };
  }
  const last = lines.length - 1;
  if (writer.end() !== lines[last]) return notVerified(last, why("export.count"));
  return { ok: true, wid, rows: last - from, heads: writer.heads, otherWords: null };
};

/** Written again, for the test that pins this format. */
export const writeFirst = (crypto: CryptoDep, acts: Iterable<Act>, format: ExportFormat): string => {
  const writer = createWriter(crypto, format);
  const lines: string[] = [];
  for (const act of acts) lines.push(writer.row(rowOf(act)));
  return `${[...(format === "csv" ? [HEADER] : []), ...lines, writer.end()].join("\n")}\n`;
};
