/** Counters of what this computer signs: each is used once, and a later one is larger. */
import { LOG } from "#core/protocol/ids.ts";
import type { Store } from "./open.ts";

export interface Counters {
  nextCounter(wid: string, doc: string): number;
  /** Those of a workspace are gone. */
  forget(wid: string): void;
}

/**
 * So many are taken in one write of what comes with every call; the others of them cost none. A kill loses what is left,
 * and a gap harms nobody.
 */
const TAKEN_AT_ONCE = 32;

/** On the disk before it is used: no kill makes a device sign one twice. */
export const createCounters = ({ db, write }: Store): Counters => {
  const take = db.prepare<[string, string, number, number], { n: number }>(
    "INSERT INTO counters (wid, doc, n) SELECT ?, ?, ? + ifnull((SELECT CAST(value AS INTEGER) FROM settings WHERE name = 'counter-floor'), 0) WHERE true ON CONFLICT (wid, doc) DO UPDATE SET n = n + ? RETURNING n",
  );
  /** Of each workspace and document: the next one, and the last that is taken. */
  const taken = new Map<string, Map<string, { next: number; readonly last: number }>>();

  const more = (wid: string, doc: string, count: number): number =>
    write(() => take.get(wid, doc, count, count)?.n ?? count);
  return {
    nextCounter: (wid, doc) => {
      const known = taken.get(wid)?.get(doc);
      if (known !== undefined && known.next <= known.last) return known.next++;
      // What is written in somebody's transaction may be taken back with it.
      if (doc === LOG || db.inTransaction) return more(wid, doc, 1);
      const last = more(wid, doc, TAKEN_AT_ONCE);
      const next = last - TAKEN_AT_ONCE + 1;
      const docs = taken.get(wid) ?? new Map<string, { next: number; readonly last: number }>();
      taken.set(wid, docs.set(doc, { next: next + 1, last }));
      return next;
    },
    forget: (wid) => void taken.delete(wid),
  };
};
