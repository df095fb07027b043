/**
 * What each workspace lacks of what this server once signed, as far as somebody proved it, and how long that is waited
 * for. A loss begins with the first proof and ends with `recovered`; what is not given in time is given up, document by
 * document, and in all nobody waits longer than `longestMs`, however the pieces come.
 */
import type { CryptoDep } from "#core/protocol/crypto.ts";
import type { SignedHead } from "#core/protocol/give-back.ts";
import type { DocName, WorkspaceId } from "#core/protocol/ids.ts";
import { createTails } from "../order/tails.ts";
import type { Tail, Tails } from "../order/tails.ts";

export interface LossesDeps {
  readonly crypto: CryptoDep;
  readonly now: () => number;
  /** How long it is waited, ms; see `RecoveryNumbers`. */
  readonly numbers: { readonly quietMs: number; readonly stallMs: number; readonly longestMs: number };
  /** The first loss of a workspace became known. */
  readonly began: (wid: WorkspaceId, doc: DocName) => void;
}
export interface Losses {
  /** Whether a workspace is known to lack something, or has got it back so lately that others may hold more. */
  has(wid: WorkspaceId): boolean;
  /** Workspaces that do. */
  all(): WorkspaceId[];
  /** Somebody proved that there once were `seq` entries; answers whether that is more than was known. */
  note(wid: WorkspaceId, doc: DocName, seq: number): boolean;
  /** Somebody showed this head. */
  saw(head: SignedHead): void;
  /** Keeps what came behind a head and proves nothing by itself; false where it may not be true. */
  addTail(head: SignedHead, entries: readonly string[]): boolean;
  /** Somebody gave something. */
  moved(wid: WorkspaceId): void;
  /** These entries of a document are back, from the one at `from` on. */
  gotBack(wid: WorkspaceId, doc: DocName, from: number, count: number): void;
  /** What is missing of a document is waited for no more, now and later. */
  giveUp(wid: WorkspaceId, doc: DocName): void;
  /** The furthest proven position of each document that is shorter. */
  missing(wid: WorkspaceId): [DocName, number][];
  /** So many are here now. */
  hasNow(wid: WorkspaceId, doc: DocName, length: number): void;
  /** Whether nobody has given anything for so long that what is missing does not come. */
  stalled(wid: WorkspaceId): boolean;
  /** Whether all that is missing is back or given up, and everybody who holds more had time to come. */
  quiet(wid: WorkspaceId): boolean;
  /** Whether its commands have waited for as long as they may. */
  isOver(wid: WorkspaceId): boolean;
  tails(wid: WorkspaceId): readonly Tail[];
  /** Documents that got something back, with the first position that they got, and how many entries in all. */
  given(wid: WorkspaceId): { readonly back: ReadonlyMap<DocName, number>; readonly count: number };
  recovered(wid: WorkspaceId): void;
}

interface Lost {
  readonly missing: Map<DocName, number>;
  readonly back: Map<DocName, number>;
  /** What came last, without a signed head, and of which documents there was any. */
  readonly tails: Tails;
  readonly tailed: Set<DocName>;
  movedAt: number;
  count: number;
}

export const createLosses = ({ crypto, now, numbers, began }: LossesDeps): Losses => {
  const lost = new Map<WorkspaceId, Lost>();
  /** Documents of which somebody proved a loss that nobody makes good: they hold nobody up any more. */
  const unheld = new Set<string>();
  /** When something was first known to be lost. It is never forgotten, so that nobody is held up piece by piece. */
  const since = new Map<WorkspaceId, number>();

  const opened = (wid: WorkspaceId, doc: DocName): Lost => {
    const known = lost.get(wid);
    if (known !== undefined) return known;
    const state: Lost = {
      missing: new Map(),
      back: new Map(),
      tails: createTails(crypto),
      tailed: new Set(),
      movedAt: now(),
      count: 0,
    };
    lost.set(wid, state);
    since.set(wid, since.get(wid) ?? now());
    began(wid, doc);
    return state;
  };
  const isOver = (wid: WorkspaceId): boolean => now() - (since.get(wid) ?? now()) > numbers.longestMs;
  /** How long ago anybody gave anything, ms. */
  const still = (wid: WorkspaceId): number => now() - (lost.get(wid)?.movedAt ?? now());

  return {
    has: (wid) => lost.has(wid),
    all: () => [...lost.keys()],
    note: (wid, doc, seq) => {
      if (unheld.has(`${wid} ${doc}`) || isOver(wid)) return false;
      const state = opened(wid, doc);
      const before = state.missing.get(doc);
      if (seq <= (before ?? 0)) return false;
      state.missing.set(doc, seq);
      // Later heads of the same document are given at once, or hold nobody up for longer.
      if (before === undefined) state.movedAt = now();
      return true;
    },
    saw: (head) => lost.get(head.w)?.tails.saw(head),
    addTail: (head, entries) => {
      const state = opened(head.w, head.d);
      const added = state.tails.add(head, entries, now());
      // Longer or newer ones that come later hold nobody up.
      if (added && !state.tailed.has(head.d)) state.movedAt = now();
      if (added) state.tailed.add(head.d);
      return added;
    },
    moved: (wid) => {
      const state = lost.get(wid);
      if (state !== undefined) state.movedAt = now();
    },
    gotBack: (wid, doc, from, count) => {
      const state = lost.get(wid);
      if (state === undefined) return;
      state.count += count;
      state.back.set(doc, Math.min(from, state.back.get(doc) ?? Infinity));
    },
    giveUp: (wid, doc) => {
      unheld.add(`${wid} ${doc}`);
      lost.get(wid)?.missing.delete(doc);
    },
    missing: (wid) => [...(lost.get(wid)?.missing ?? [])],
    hasNow: (wid, doc, length) => {
      const missing = lost.get(wid)?.missing;
      if (length >= (missing?.get(doc) ?? Infinity)) missing?.delete(doc);
    },
    stalled: (wid) => still(wid) > numbers.stallMs || isOver(wid),
    quiet: (wid) => (lost.get(wid)?.missing.size ?? 0) === 0 && (still(wid) >= numbers.quietMs || isOver(wid)),
    isOver,
    tails: (wid) => lost.get(wid)?.tails.all(now()) ?? [],
    given: (wid) => lost.get(wid) ?? { back: new Map(), count: 0 },
    recovered: (wid) => void lost.delete(wid),
  };
};
