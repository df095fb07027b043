/**
 * What was verified goes to the disk. Where the disk refuses, the copy stands still with it in memory until there is
 * room, so that memory and disk are never two histories.
 */
import type { Write } from "#core/protocol/at-once.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { ADMIN, LOG } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import type { Taken } from "#core/rules/fold.ts";
import type { Kept } from "./kept.ts";
import type { Stand } from "./stand.ts";

/** Entries of a document that were verified, from that position on. */
export interface Piece {
  readonly doc: DocName;
  readonly from: number;
  readonly entries: readonly string[];
  readonly taken: readonly Taken[];
}

export interface WritingDeps {
  readonly write: Write;
  /** Does not wait for the disk, which has it within a moment and before anything that is written later. */
  readonly soon: Write;
  readonly kept: Pick<Kept, "keep" | "done" | "save">;
  readonly stand: Pick<Stand, "still" | "moving">;
  /** The copy stands still from now on. */
  readonly stood: () => void;
}
export interface Writing {
  /** Keeps it with all that waits. Throws `Refusal`, so call it `within`. */
  keep(piece: Piece): void;
  /** Null where the disk refused the step. */
  within<T>(step: () => T): T | null;
  stuck(): boolean;
  /** Tries again where the copy stands still: what was kept now, or null. */
  again(): readonly Piece[] | null;
  /** Whether memory is ahead of the disk. */
  owes(): boolean;
}

export const createWriting = ({ write, soon, kept, stand, stood }: WritingDeps): Writing => {
  /** Verified, and refused by the disk: the state in memory is ahead of it by these. */
  let unkept: readonly Piece[] = [];
  let stuck = false;

  /** All of it or nothing; throws `Refusal`. */
  const flush = (): readonly Piece[] => {
    // Rights follow from the log, and signatures name its heads. What came in a queue is acted on by a later write only.
    const commit = unkept.some(({ doc }) => doc === LOG || doc === ADMIN) ? write : soon;
    commit(() => unkept.forEach((piece) => kept.keep(piece.doc, piece.from, piece.entries, piece.taken)));
    const done = unkept;
    unkept = [];
    for (const { doc } of done) kept.done(doc);
    kept.save();
    return done;
  };
  const within: Writing["within"] = (step) => {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      stand.still(error.view);
      if (!stuck) stood();
      stuck = true;
      return null;
    }
  };
  return {
    keep: (piece) => {
      unkept = [...unkept, piece];
      flush();
    },
    within,
    stuck: () => stuck,
    again: () => {
      const done = stuck ? within(flush) : null;
      if (done === null) return null;
      stuck = false;
      stand.moving();
      return done;
    },
    owes: () => unkept.length > 0,
  };
};
