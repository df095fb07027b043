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
import { timeOf } from "#core/rules/time.ts";
import type { CryptoDep } from "#core/protocol/crypto.ts";

/** A server that keeps its word sends what it named within a moment. */
export const KEEPS_WORD_MS = 30_000;
/** Heads come every 15 s. */
export const SILENT_MS = 60_000;
/** A server signs one head for all readers of a moment, and its nodes' clocks differ a little. */
const SLACK_MS = 2_000;
/** Dates that are no farther apart may come from two clocks that are right. */
const NEAR_MS = 3_600_000;
/** Heads of positions that are not here yet, remembered for each document. */
const AHEAD_MAX = 64;

export interface Head {
  readonly s: number;
  readonly h: string;
  /** Server's date, ms. */
  readonly t: number;
  /** How far the time of the workspace is ahead of it, ms. */
  readonly a: number;
}
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

interface Watched {
  /** Monotonic time of the WELCOME; null while there is no connection. */
  upSince: number | null;
  /** The longest length that was named, since when it is waited for, and the words. */
  named: { seq: number; since: number; shown: string } | null;
  /** A WELCOME or a head that is shorter than what is verified, and since when no other came, while there is a connection. */
  short: { since: number; shown: string } | null;
  /** How long that lasted when the connection ended, ms: dialling anew starts nothing anew. */
  shortFor: number;
  /** Position of the newest head of this connection that counted, -1 for none. */
  shown: number;
  /** The last head that counted: time of the workspace, server's date, and own time of its arrival. */
  last: { time: number; t: number; at: number } | null;
  /** The first head that counted: what the server's clock was before anything happened to it. */
  first: { t: number; at: number } | null;
  /** The last head that did not count. */
  refused: { code: "head-old" | "head-signature"; shown: string } | null;
  readonly ahead: Map<number, { readonly h: string; readonly shown: string }>;
}
interface Owed {
  readonly command: Hash;
  readonly docs: readonly DocName[];
  readonly at: { readonly doc: DocName; readonly seq: number };
  readonly since: number;
  readonly shown: string;
}

const fresh = (): Watched => ({
  upSince: null,
  named: null,
  short: null,
  shortFor: 0,
  shown: -1,
  last: null,
  first: null,
  refused: null,
  ahead: new Map(),
});

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
  const docs = new Map<DocName, Watched>();
  let owed: Owed[] = [];
  const of = (doc: DocName): Watched => {
    const known = docs.get(doc) ?? fresh();
    docs.set(doc, known);
    return known;
  };
  /** Before that the key in force may be an older one. */
  const isWhole = (): boolean => waiting(LOG) === 0 && of(LOG).named === null;
  const forkCode = (doc: DocName): string => (doc === LOG ? "log-fork" : "fork");

  /** Whether this head of a position agrees with everything known of it; remembers it where the position is ahead. */
  const agrees = (doc: DocName, { s, h }: Pick<Head, "s" | "h">, shown: string): boolean => {
    const { ahead } = of(doc);
    const known = s <= length(doc) ? hashAt(doc, s) : ahead.get(s)?.h;
    if (known !== undefined && known !== h) {
      lie(forkCode(doc), doc, [shown, ...(ahead.has(s) ? [ahead.get(s)?.shown ?? ""] : [])].join("\n"));
      return false;
    }
    if (s > length(doc) && ahead.size < AHEAD_MAX) ahead.set(s, { h, shown });
    return true;
  };
  const name = (doc: DocName, seq: number, shown: string): void => {
    const watched = of(doc);
    if (seq > length(doc) && seq > (watched.named?.seq ?? 0))
      watched.named = { seq, since: watched.named?.since ?? monotonic(), shown };
  };
  const refuse = (doc: DocName, code: "head-old" | "head-signature", shown: string): null => {
    of(doc).refused = { code, shown };
    return null;
  };

  /**
   * A server whose clock was ahead and is right again: its dates are near this computer's, or where they were at first, and
   * those of the last head were not. What somebody repeats is an hour old at most, and only after such a moment.
   */
  const isRightAgain = ({ last, first }: Watched, { t }: Head): boolean => {
    const at = monotonic();
    const right = [date(), ...(first === null ? [] : [first.t + at - first.at])];
    return (
      last !== null && right.some((by) => Math.abs(t - by) <= NEAR_MS && Math.abs(last.t + at - last.at - by) > NEAR_MS)
    );
  };
  const isNewer = (watched: Watched, head: Head): boolean => {
    const { last } = watched;
    const time = timeOf(head);
    return (
      last === null ||
      time > last.time ||
      (time > last.time - SLACK_MS && monotonic() - last.at < SLACK_MS) ||
      isRightAgain(watched, head)
    );
  };
  const counted = (doc: DocName, head: Head, shown: string): Head | null => {
    const watched = of(doc);
    if (!agrees(doc, head, shown)) return null;
    // The same head again shows nothing: whoever heard one could repeat it for ever.
    if (!isNewer(watched, head) || (doc === LOG && timeOf(head) < log.time)) return refuse(doc, "head-old", shown);
    name(doc, head.s, shown);
    if (head.s < length(doc)) {
      // A node that has just been dialled may not have heard yet what another one stored.
      watched.short ??= { since: monotonic(), shown };
      return null;
    }
    watched.short = null;
    watched.refused = null;
    watched.shown = Math.max(watched.shown, head.s);
    const heard = { time: timeOf(head), t: head.t, at: monotonic() };
    watched.first ??= heard;
    if (heard.time > (watched.last?.time ?? -1) || isRightAgain(watched, head)) watched.last = heard;
    return head;
  };

  const checkOwed = (): void => {
    owed = owed.filter(({ command, docs: where, at, shown }) => {
      const found = seqOf(at.doc, command);
      if (found !== undefined && found !== at.seq) lie("ack-broken", at.doc, shown);
      if (found === undefined && length(at.doc) >= at.seq) lie("ack-broken", at.doc, shown);
      return found === undefined && length(at.doc) < at.seq && !where.some((doc) => seqOf(doc, command) !== undefined);
    });
  };

  const doubtOf = (doc: DocName, watched: Watched): Doubt | null => {
    const now = monotonic();
    const { named, short, last, refused, upSince } = watched;
    if (upSince === null) return null;
    if (short !== null && now - short.since > KEEPS_WORD_MS) lie("rollback", doc, short.shown);
    if (named !== null && length(doc) + waiting(doc) < named.seq && now - named.since > KEEPS_WORD_MS)
      return { code: "withheld", doc, shown: named.shown };
    if (doc !== LOG) return null;
    if (refused?.code === "head-signature") return { code: "head-signature", doc, shown: refused.shown };
    return now - Math.max(upSince, last?.at ?? 0) > SILENT_MS
      ? { code: refused?.code ?? "frozen", doc, shown: refused?.shown ?? "" }
      : null;
  };

  return {
    welcomed: (doc, seq) => {
      const watched = of(doc);
      watched.upSince = monotonic();
      const shown = `WELCOME ${JSON.stringify({ s: seq })}`;
      // Fewer is a history that was cut, or a backup. It is no lie yet: the server may still get it back.
      watched.short = seq < length(doc) ? { since: monotonic() - watched.shortFor, shown } : null;
      watched.shortFor = 0;
      if (seq >= length(doc)) name(doc, seq, shown);
    },
    down: (doc) => {
      const { short } = of(doc);
      Object.assign(of(doc), {
        upSince: null,
        named: null,
        short: null,
        shown: -1,
        shortFor: short === null ? 0 : monotonic() - short.since,
      });
      owed = owed.filter(({ at, docs: where }) => at.doc !== doc && !where.includes(doc));
    },
    head: (doc, jws) => {
      const signed = parseSigned(crypto, jws, asHead);
      if (signed === undefined || signed.typ !== HEAD_TYP) throw new Error("malformed HEAD");
      if (log.serverKey !== null && !crypto.verify(log.serverKey, signed.input, signed.signature))
        return isWhole() ? refuse(doc, "head-signature", jws) : null;
      const { w, d, s, h, t, a } = signed.payload;
      if (w !== log.wid || d !== doc) {
        lie("head-elsewhere", doc, jws);
        return null;
      }
      return counted(doc, { s, h, t, a }, jws);
    },
    promised: (command, where, at, shown) => {
      owed.push({ command, docs: where, at, since: monotonic(), shown });
      checkOwed();
    },
    named: (seq, hash, shown) => {
      if (agrees(LOG, { s: seq, h: hash }, shown)) name(LOG, seq, shown);
    },
    grew: (doc) => {
      const watched = of(doc);
      if (watched.named !== null)
        watched.named = watched.named.seq <= length(doc) ? null : { ...watched.named, since: monotonic() };
      for (const [seq, { h, shown }] of watched.ahead) {
        if (seq > length(doc)) continue;
        watched.ahead.delete(seq);
        if (hashAt(doc, seq) !== h) lie(forkCode(doc), doc, shown);
      }
      checkOwed();
    },
    shows: (doc) => {
      const { upSince, named, short, shown } = of(doc);
      return upSince !== null && named === null && short === null && shown >= length(doc) && waiting(doc) === 0;
    },
    owes: (which) =>
      which.some((doc) => (docs.get(doc)?.named ?? null) !== null || (docs.get(doc)?.short ?? null) !== null),
    short: () => [...docs.values()].some(({ short }) => short !== null),
    took: () => {
      for (const watched of docs.values())
        if (watched.short !== null) watched.short = { ...watched.short, since: monotonic() };
    },
    doubt: () => {
      for (const [doc, watched] of docs) {
        const found = doubtOf(doc, watched);
        if (found !== null) return found;
      }
      const late = owed.find(({ since }) => monotonic() - since > KEEPS_WORD_MS);
      return late === undefined ? null : { code: "withheld", doc: late.at.doc, shown: late.shown };
    },
    reset: () => {
      docs.clear();
      owed = [];
    },
  };
};
