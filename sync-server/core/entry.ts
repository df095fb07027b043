/**
 * What the server appends: one JSON text per entry, hashed and kept byte for byte.
 *
 *   { "s": seq, "p": hash of the previous entry's text, "t": server time in ms, "c": command JWS, "m": [logSeq, logHash] }
 *
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
}

const integer = int(0, Number.MAX_SAFE_INTEGER);
const common = { s: integer, p: text(43), t: integer, c: text(COMMAND_MAX, 1) };
export const entryInLog = record(common);
export const entryElsewhere = record({ ...common, m: pair(integer, text(43)) });

export const parseEntry = (source: string, isLog: boolean): Entry | undefined => {
  if (source.length > COMMAND_MAX + 512) return undefined;
  const value = json(source);
  if (isLog) {
    const entry = entryInLog(value);
    return entry === undefined ? undefined : { ...entry, p: entry.p as Hash | "", m: null };
  }
  const entry = entryElsewhere(value);
  return entry === undefined ? undefined : { ...entry, p: entry.p as Hash | "", m: [entry.m[0], entry.m[1] as Hash] };
};

export const writeEntry = (entry: Entry): string =>
  JSON.stringify(entry.m === null ? { s: entry.s, p: entry.p, t: entry.t, c: entry.c } : { s: entry.s, p: entry.p, t: entry.t, c: entry.c, m: entry.m });
