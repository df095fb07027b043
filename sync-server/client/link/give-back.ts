/**
 * Gives a server back what it lost. The app keeps heads that the server signed, so that it can show later that the
 * entries are the server's own; where the server then has less, or does not know this device or the workspace any more,
 * everything that is proven so is offered. Until the server has it all nothing new is sent to it.
 */
import type { Fact } from "#core/facts/refusal.ts";
import { why } from "#core/facts/why.ts";
import { docBase, LOG } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import { Refusal } from "#core/facts/refusal.ts";
import type { SignedHeadRow } from "../ports/store.ts";
import type { WorkspaceStore } from "../ports/store.ts";
import type { Platform } from "../ports/platform.ts";
import { talk } from "./give-talk.ts";
import type { Talked } from "./give-talk.ts";

const PAGE = 256;
/** Between two rounds; twice as long each time in which nothing could be given, up to `REST_MAX_MS`. */
const REST_MS = 2_000;
const REST_MAX_MS = 15_000;
/** How long the person reads what was given. */
const TELL_MS = 600_000;

export interface GiveBackDeps {
  readonly platform: Platform;
  readonly wid: string;
  readonly rows: Pick<WorkspaceStore, "signedHeads" | "addSignedHead" | "entries">;
  readonly server: () => string;
  /** The key that the workspace recorded, or null. */
  readonly key: () => string | null;
  /** Hash of a verified entry. */
  readonly hashAt: (doc: DocName, seq: number) => string | undefined;
  /** Something was given: it is worth to dial again. */
  readonly gave: () => void;
  readonly monotonic: () => number;
  readonly restMs?: number;
}
export interface GiveBack {
  /** A head that counts. */
  saw(doc: DocName, head: { readonly s: number; readonly h: string }, jws: string): void;
  /** Whether a signed head of so many entries is kept. */
  proves(doc: DocName, length: number): boolean;
  /** Keeps what was seen. */
  keep(): void;
  /** Goes on while the server has less than is verified here. */
  look(short: boolean): void;
  /** Offers everything once; answers whether the server took anything. */
  offer(): Promise<boolean>;
  /** What is said of it on the screen, or null. */
  giving(): Fact | null;
  /** What was given, for a while; or null. */
  given(): Fact | null;
  close(): void;
}

export const createGiveBack = ({
  platform,
  wid,
  rows,
  server,
  key,
  hashAt,
  gave,
  monotonic,
  restMs = REST_MS,
}: GiveBackDeps): GiveBack => {
  const seen = new Map<DocName, { readonly s: number; readonly h: string; readonly jws: string }>();
  /** The last head of what is kept, which may be dated later than the one on the disk. */
  const newest = new Map<DocName, SignedHeadRow>();
  const kept = new Map<DocName, number>(rows.signedHeads(wid).map(({ doc, seq }) => [doc, seq]));
  let round: Promise<boolean> | null = null;
  let rest: (() => void) | undefined;
  let short = false;
  let closed = false;
  let total = 0;
  let gaveAt = 0;
  let resting = restMs;

  const keep = (): void => {
    for (const [doc, { s, h, jws }] of seen) {
      // What it names may still wait to be verified.
      if (s > 0 && hashAt(doc, s) === undefined) continue;
      seen.delete(doc);
      if (s < (kept.get(doc) ?? 0) || hashAt(doc, s) !== h) continue;
      newest.set(doc, { doc, seq: s, jws });
      if (s === kept.get(doc) && !closed) continue;
      try {
        rows.addSignedHead(wid, { doc, seq: s, jws });
        kept.set(doc, s);
      } catch (error) {
        // A full disk: the next head says the same.
        if (!(error instanceof Refusal)) throw error;
      }
    }
  };

  const talkOf = (doc: DocName, with_: string): Promise<Talked> =>
    talk({
      platform,
      server: server(),
      wid,
      doc,
      key: with_,
      heads: rows
        .signedHeads(wid)
        .filter((row) => row.doc === doc)
        .map((row) => (newest.get(doc)?.seq === row.seq ? (newest.get(doc) ?? row) : row)),
      entries: (from, to) => {
        const page = rows.entries(wid, doc, from, Math.min(PAGE, to - from + 1));
        // A copy that began with a checkpoint has nothing before it.
        return page[0]?.startsWith(`{"s":${from},`) === true ? page : [];
      },
    });
  /** The log first: entries of the others name positions in it. */
  const inOrder = (): DocName[] =>
    [...kept.keys()].toSorted((a, b) => Number(b === LOG) - Number(a === LOG) || (docBase(a) < docBase(b) ? -1 : 1));
  const offerAll = async (): Promise<boolean> => {
    keep();
    const recorded = key();
    let took = 0;
    for (const doc of recorded === null ? [] : inOrder()) {
      if (closed) break;
      const { answer, gave: count } = await talkOf(doc, recorded ?? "");
      took += count;
      // Nobody there, or another history: the others will say the same.
      if (doc === LOG && (answer === "silent" || answer === "fork")) break;
    }
    total += took;
    if (took > 0) gaveAt = monotonic();
    return took > 0;
  };
  const offer = async (): Promise<boolean> => {
    // A round that broke off is over as well: the next one begins anew.
    round ??= offerAll().finally(() => {
      round = null;
    });
    return round;
  };
  const goOn = async (): Promise<void> => {
    if (!short || closed || round !== null || rest !== undefined) return;
    const took = await offer();
    resting = took ? restMs : Math.min(2 * resting, REST_MAX_MS);
    if (took) gave();
    rest ??= platform.timers.after(resting, () => {
      rest = undefined;
      void goOn();
    });
  };

  return {
    saw: (doc, { s, h }, jws) => {
      if (s >= (kept.get(doc) ?? 0)) seen.set(doc, { s, h, jws });
    },
    proves: (doc, length) => (kept.get(doc) ?? 0) >= length,
    keep,
    look: (is) => {
      if (is !== short) resting = restMs;
      short = is;
      if (short) void goOn();
    },
    offer,
    giving: () => (short ? why("set-back") : null),
    given: () => (total > 0 && monotonic() - gaveAt < TELL_MS ? why("gave-back", total) : null),
    close: () => {
      closed = true;
      rest?.();
      for (const [doc, { seq, jws }] of newest)
        seen.set(doc, seen.get(doc) ?? { s: seq, h: hashAt(doc, seq) ?? "", jws });
      keep();
    },
  };
};
