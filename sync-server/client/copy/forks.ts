/**
 * Two hashes for one position are two histories. What a server shows of a position is held against what is verified there,
 * and remembered where the position is not here yet.
 */
import { LOG } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import type { Head } from "./claim.ts";

/** Heads of positions that are not here yet, remembered for each document. */
const AHEAD_MAX = 64;

export interface ForksDeps {
  /** Entries verified of a document. */
  readonly length: (doc: DocName) => number;
  /** Hash of a verified entry. */
  readonly hashAt: (doc: DocName, seq: number) => string | undefined;
  readonly lie: (code: string, doc: DocName, shown: string) => void;
}
export interface Forks {
  /** Whether this head of a position agrees with everything known of it; remembers it where the position is ahead. */
  agrees(doc: DocName, head: Pick<Head, "s" | "h">, shown: string): boolean;
  /** More of a document is verified. */
  grew(doc: DocName): void;
  reset(): void;
}

interface Shown {
  readonly h: string;
  readonly shown: string;
}

export const createForks = ({ length, hashAt, lie }: ForksDeps): Forks => {
  const ahead = new Map<DocName, Map<number, Shown>>();
  const of = (doc: DocName): Map<number, Shown> => {
    const known = ahead.get(doc) ?? new Map<number, Shown>();
    ahead.set(doc, known);
    return known;
  };
  const fork = (doc: DocName, ...shown: readonly string[]): void =>
    lie(doc === LOG ? "log-fork" : "fork", doc, shown.join("\n"));
  return {
    agrees: (doc, { s, h }, shown) => {
      const heads = of(doc);
      const before = heads.get(s);
      const known = s <= length(doc) ? hashAt(doc, s) : before?.h;
      if (known !== undefined && known !== h) {
        fork(doc, shown, ...(before === undefined ? [] : [before.shown]));
        return false;
      }
      if (s > length(doc) && heads.size < AHEAD_MAX) heads.set(s, { h, shown });
      return true;
    },
    grew: (doc) => {
      const heads = of(doc);
      for (const [seq, { h, shown }] of heads) {
        if (seq > length(doc)) continue;
        heads.delete(seq);
        if (hashAt(doc, seq) !== h) fork(doc, shown);
      }
    },
    reset: () => ahead.clear(),
  };
};
