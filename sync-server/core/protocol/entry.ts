/**
 * What the server appends: one JSON text per entry, hashed and kept byte for byte.
 *
 *   { "s": seq, "p": hash of the previous entry's text, "t": server's date in ms, "c": command JWS, "m": [logSeq, logHash], "a": ms }
 *
 * `a` is how far the time of the workspace runs ahead of `t`; absent where it does not, which is nearly always (`time.ts`).
 * `m` is absent in the log itself. It ties an approval to a log position: rights of its author are asked exactly there.
 */
import { COMMAND_MAX } from "./command.ts";
import type { Hash } from "./ids.ts";
import { int, json, pair, record, text } from "./parse.ts";

export interface Entry {
  readonly s: number;
  readonly p: Hash | "";
  readonly t: number;
  readonly c: string;
  readonly m: readonly [number, Hash] | null;
  /** 0 where the entry does not say it. */
  readonly a: number;
}

const integer = int(0, Number.MAX_SAFE_INTEGER);
/** The last millisecond that a date can name. */
export const TIME_MAX = 8_640_000_000_000_000;
const common = { s: integer, p: text(43), t: integer, c: text(COMMAND_MAX, 1) };
const place = { m: pair(integer, text(43)) };
const ahead = { a: int(1, TIME_MAX) };
const entryInLog = record(common);
const entryElsewhere = record({ ...common, ...place });
export const laterInLog = record({ ...common, ...ahead });
export const laterElsewhere = record({ ...common, ...place, ...ahead });

const withAhead = <T extends object>(entry: T): T & { readonly a: number } => ({ a: 0, ...entry });

export const parseEntry = (source: string, isLog: boolean): Entry | undefined => {
  if (source.length > COMMAND_MAX + 512) return undefined;
  const value = json(source);
  if (isLog) {
    const entry = entryInLog(value) ?? laterInLog(value);
    return entry === undefined ? undefined : { ...withAhead(entry), p: entry.p as Hash | "", m: null };
  }
  const entry = entryElsewhere(value) ?? laterElsewhere(value);
  return entry === undefined
    ? undefined
    : { ...withAhead(entry), p: entry.p as Hash | "", m: [entry.m[0], entry.m[1] as Hash] };
};

export const writeEntry = ({ s, p, t, c, m, a = 0 }: Omit<Entry, "a"> & { readonly a?: number }): string =>
  JSON.stringify({ s, p, t, c, ...(m === null ? {} : { m }), ...(a === 0 ? {} : { a }) });
