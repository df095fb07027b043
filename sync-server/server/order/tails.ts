/**
 * What a server took in the moment before it died, and had not signed a head over yet. Nothing proves that it was the
 * server's, so it counts for less: only where a loss is known, only behind the newest signed head and within the time
 * until the next one would have come, by the same time of the workspace, and only after everything that is proven is back and everybody had time to come.
 * Each entry must fold as any other. Of several the longest is taken.
 */
import { hashOf } from "#core/protocol/crypto.ts";
import type { CryptoDep } from "#core/protocol/crypto.ts";
import { parseEntry } from "#core/protocol/entry.ts";
import type { SignedHead } from "#core/protocol/give-back.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import { timeOf } from "#core/rules/time.ts";
import { HEAD_EVERY_MS } from "#core/protocol/wire.ts";
import type { Dated } from "./timeline.ts";

/** Clocks of nodes, and the way to the disk. */
const SLACK_MS = 2_000;
/** A list that nobody reads is signed no more; what came last in it is no older than this beside the others. */
const APART_MS = 3_600_000;

export interface Tail {
  /** What it follows. */
  readonly head: SignedHead;
  readonly entries: readonly string[];
}
export interface Tails {
  /** The server said at `head.t` that there was nothing newer. */
  saw(head: SignedHead): void;
  /** Keeps it where it may be true; false where it may not. */
  add(head: SignedHead, entries: readonly string[], now: number): boolean;
  /** The log first, as others name positions in it. */
  all(now: number): readonly Tail[];
}

export const createTails = (crypto: CryptoDep): Tails => {
  const tails = new Map<DocName, Tail>();
  const newest = new Map<DocName, Dated>();
  /** The latest time of the workspace that any head said. */
  let latest = 0;
  const follows = (head: SignedHead, entries: readonly string[], now: number): boolean => {
    const after = newest.get(head.d) ?? head;
    const least = Math.max(after.t - SLACK_MS, latest - after.a - APART_MS);
    const most = Math.min(now, after.t + HEAD_EVERY_MS + SLACK_MS);
    let before: string = head.h;
    for (const text of entries) {
      const entry = parseEntry(text, head.d === LOG);
      if (entry === undefined || entry.p !== before || entry.t < least || entry.t > most || entry.a !== after.a)
        return false;
      before = hashOf(crypto, text);
    }
    return true;
  };
  return {
    saw: ({ d, t, a }) => {
      const before = newest.get(d);
      if (before === undefined || timeOf({ t, a }) > timeOf(before)) newest.set(d, { t, a });
      latest = Math.max(latest, timeOf({ t, a }));
    },
    add: (head, entries, now) => {
      if (!follows(head, entries, now)) return false;
      const known = tails.get(head.d);
      // One that a later head has shown to be none is in nobody's way.
      if (known === undefined || !follows(known.head, known.entries, now) || entries.length > known.entries.length)
        tails.set(head.d, { head, entries });
      return true;
    },
    // Asked again: a later head may have been shown since.
    all: (now) =>
      [...tails.values()]
        .filter(({ head, entries }) => follows(head, entries, now))
        .toSorted((a, b) => Number(b.head.d === LOG) - Number(a.head.d === LOG)),
  };
};
