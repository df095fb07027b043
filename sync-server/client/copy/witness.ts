/**
 * What the server says that it has, held against what it sends. Signed heads, WELCOME and acknowledgements are promises:
 * each names a document, a length and mostly a hash. A promise that contradicts what is verified is a lie and stops the
 * copy (`lie`). One that is not kept in time is a doubt: approved calls wait, everything stays connected, and it is over
 * when the server does what it said.
 *
 * Doubts are no halts because each has an honest cause too: a slow node, a server whose key was lost, a clock that was
 * set back. And whoever can mend it must be able to send commands meanwhile.
 */
import { HEAD_TYP, parseSigned } from "#core/protocol/command.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { DocName, Hash } from "#core/protocol/ids.ts";
import { asHead } from "#core/protocol/give-back.ts";
import type { ReadLog } from "#core/rules/read.ts";
import type { CryptoDep } from "#core/protocol/crypto.ts";
import {
  grown,
  headed,
  hungUp,
  KEEPS_WORD_MS,
  naming,
  NO_CLAIM,
  owesSome,
  refusing,
  rolledBack,
  showsAll,
  silent,
  tookBack,
  welcomed,
  withheld,
} from "./claim.ts";
import type { Claim, Head } from "./claim.ts";
import { createForks } from "./forks.ts";

export type DoubtCode = "withheld" | "denied" | "frozen" | "head-old" | "head-signature";
export interface Doubt {
  readonly code: DoubtCode;
  readonly doc: DocName;
  readonly shown: string;
}
export interface WitnessDeps {
  readonly crypto: CryptoDep;
  readonly log: ReadLog;
  /** This computer's clock, ms. */
  readonly now: () => number;
  readonly monotonic: () => number;
  /** Entries verified of a document. */
  readonly length: (doc: DocName) => number;
  /** Entries received that wait to be verified. */
  readonly waiting: (doc: DocName) => number;
  /** Hash of a verified entry. */
  readonly hashAt: (doc: DocName, seq: number) => string | undefined;
  /** Whether a verified document holds the command, and where. */
  readonly seqOf: (doc: DocName, command: Hash) => number | undefined;
  readonly lie: (code: string, doc: DocName, shown: string) => void;
}
export interface Witness {
  /** The socket of a document is open; the server says that it has `length` entries. */
  welcomed(doc: DocName, length: number): void;
  down(doc: DocName): void;
  /** A HEAD frame. Answers it where it shows that the server is here now; null otherwise. */
  head(doc: DocName, jws: string): Head | null;
  /** The server says that the command stands at `seq` of `doc`, or that it is in one of `docs`. */
  promised(
    command: Hash,
    docs: readonly DocName[],
    at: { readonly doc: DocName; readonly seq: number },
    shown: string,
  ): void;
  /** An entry that arrived names a position of the log that is not here. */
  named(seq: number, hash: string, shown: string): void;
  /** More of a document is verified. */
  grew(doc: DocName): void;
  /** Whether the server, connected now, has shown by a head that it has all that is verified here, and nothing that is not. */
  shows(doc: DocName): boolean;
  /** Whether something that was named of these documents is not here. */
  owes(docs: readonly DocName[]): boolean;
  /** Whether the server shows less of something than is verified. */
  short(): boolean;
  /** The server took something back: it gets as long again. */
  took(): void;
  doubt(): Doubt | null;
  reset(): void;
}

interface Owed {
  readonly command: Hash;
  readonly docs: readonly DocName[];
  readonly at: { readonly doc: DocName; readonly seq: number };
  readonly since: number;
  readonly shown: string;
}

export const createWitness = ({
  crypto,
  log,
  now: date,
  monotonic,
  length,
  waiting,
  hashAt,
  seqOf,
  lie,
}: WitnessDeps): Witness => {
  const claims = new Map<DocName, Claim>();
  const forks = createForks({ length, hashAt, lie });
  let owed: readonly Owed[] = [];
  const of = (doc: DocName): Claim => claims.get(doc) ?? NO_CLAIM;
  /** Before that the key in force may be an older one. */
  const isWhole = (): boolean => waiting(LOG) === 0 && of(LOG).named === null;
  const counted = (doc: DocName, head: Head, shown: string): Head | null => {
    if (!forks.agrees(doc, head, shown)) return null;
    const notBefore = doc === LOG ? log.time : -Infinity;
    const moment = { date: date(), at: monotonic() };
    const { claim, counts } = headed(of(doc), head, { have: length(doc), notBefore, moment }, shown);
    claims.set(doc, claim);
    return counts ? head : null;
  };

  const checkOwed = (): void => {
    owed = owed.filter(({ command, docs: where, at, shown }) => {
      const found = seqOf(at.doc, command);
      if (found !== undefined && found !== at.seq) lie("ack-broken", at.doc, shown);
      if (found === undefined && length(at.doc) >= at.seq) lie("ack-broken", at.doc, shown);
      return found === undefined && length(at.doc) < at.seq && !where.some((doc) => seqOf(doc, command) !== undefined);
    });
  };

  const doubtOf = (doc: DocName, claim: Claim): Doubt | null => {
    const at = monotonic();
    const lost = rolledBack(claim, at);
    if (lost !== null) lie("rollback", doc, lost);
    const shown = withheld(claim, length(doc) + waiting(doc), at);
    if (shown !== null) return { code: "withheld", doc, shown };
    const quiet = doc === LOG ? silent(claim, at) : null;
    return quiet === null ? null : { ...quiet, doc };
  };

  return {
    welcomed: (doc, seq) => {
      const shown = `WELCOME ${JSON.stringify({ s: seq })}`;
      claims.set(doc, welcomed(of(doc), seq, length(doc), monotonic(), shown));
    },
    down: (doc) => {
      claims.set(doc, hungUp(of(doc), monotonic()));
      owed = owed.filter(({ at, docs: where }) => at.doc !== doc && !where.includes(doc));
    },
    head: (doc, jws) => {
      const signed = parseSigned(crypto, jws, asHead);
      if (signed === undefined || signed.typ !== HEAD_TYP) throw new Error("malformed HEAD");
      if (log.serverKey !== null && !crypto.verify(log.serverKey, signed.input, signed.signature)) {
        if (isWhole()) claims.set(doc, refusing(of(doc), "head-signature", jws));
        return null;
      }
      const { w, d, s, h, t, a } = signed.payload;
      if (w !== log.wid || d !== doc) {
        lie("head-elsewhere", doc, jws);
        return null;
      }
      return counted(doc, { s, h, t, a }, jws);
    },
    promised: (command, where, at, shown) => {
      owed = [...owed, { command, docs: where, at, since: monotonic(), shown }];
      checkOwed();
    },
    named: (seq, hash, shown) => {
      if (forks.agrees(LOG, { s: seq, h: hash }, shown))
        claims.set(LOG, naming(of(LOG), seq, length(LOG), monotonic(), shown));
    },
    grew: (doc) => {
      claims.set(doc, grown(of(doc), length(doc), monotonic()));
      forks.grew(doc);
      checkOwed();
    },
    shows: (doc) => showsAll(of(doc), length(doc)) && waiting(doc) === 0,
    owes: (which) => which.some((doc) => owesSome(of(doc))),
    short: () => [...claims.values()].some(({ short }) => short !== null),
    took: () => {
      for (const [doc, claim] of claims) claims.set(doc, tookBack(claim, monotonic()));
    },
    doubt: () => {
      for (const [doc, claim] of claims) {
        const found = doubtOf(doc, claim);
        if (found !== null) return found;
      }
      const late = owed.find(({ since }) => monotonic() - since > KEEPS_WORD_MS);
      return late === undefined ? null : { code: "withheld", doc: late.at.doc, shown: late.shown };
    },
    reset: () => {
      claims.clear();
      forks.reset();
      owed = [];
    },
  };
};
