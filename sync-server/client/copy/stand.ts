/**
 * Where a copy stands with its server: stopped for a lie or for a disk that refuses, in doubt, or neither. Both pieces of
 * a lie or a doubt are kept as evidence.
 */
import { LOG } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import type { Fact } from "#core/facts/refusal.ts";
import { why } from "#core/facts/why.ts";
import { Refusal } from "#core/facts/refusal.ts";
import type { EvidenceRow, WorkspaceStore } from "../ports/store.ts";
import { haltFact, isLie, WENT_ON } from "./lies.ts";
import type { Doubt } from "./witness.ts";

const SHOWN_MAX = 100_000;
/** Pieces that wait for a disk, kept in memory. */
const OWED_MAX = 20;

export interface StandDeps {
  readonly wid: string;
  readonly rows: WorkspaceStore;
  readonly now: () => number;
  /** The last verified head of a document. */
  readonly verified: (doc: DocName) => { readonly seq: number; readonly head: string };
}
export interface Stand {
  /** Why nothing more is believed, or null. */
  halt(): Fact | null;
  /** Why approved calls wait although nothing is proven. */
  doubt(): Fact | null;
  /** What exactly was found to be a lie or a doubt. */
  lie(): string | null;
  /**
   * Stops the copy, also after a restart; false where it is stopped already. In memory first: a disk that refuses the
   * evidence must not let the lie pass. What it refused is written again with each `keep`.
   */
  stop(code: string, doc: DocName, shown: string): boolean;
  /** It stands stopped, and what the server shows now is no better. The first piece of a kind is kept: this is found again and again. */
  stillWrong(code: string, doc: DocName, shown: string): void;
  /** The server shows everything again, by this head. What it did stays as evidence. Throws `Refusal`, and stands stopped, where the disk refuses. */
  wentOn(shown: string): void;
  /** Writes what the disk refused, where it takes it now. */
  keep(): void;
  /** Stopped before this start. */
  stopped(code: string): void;
  /** Stands still until there is room. */
  still(refused: Fact): void;
  /** There is room again. What it was stopped for stays. */
  moving(): void;
  clear(): void;
  /** What is in doubt now. */
  look(next: Doubt | null): void;
}

export const createStand = ({ wid, rows, now, verified }: StandDeps): Stand => {
  let halt: Fact | null = null;
  let waits: Fact | null = null;
  let lie: string | null = null;
  /** What the disk has not taken yet: the stop, and pieces of evidence. */
  let owedHalt: string | null = null;
  let owed: (readonly [EvidenceRow, at: number])[] = [];
  let doubt: Doubt | null = null;

  const keep = (): void => {
    try {
      if (owedHalt !== null) rows.setHalt(wid, owedHalt);
      owedHalt = null;
      for (const [piece, at] of owed) {
        rows.addEvidence(wid, piece, at);
        owed = owed.slice(1);
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  };
  const note = (code: string, doc: DocName, shown: string): void => {
    const { seq, head } = verified(doc);
    if (owed.length < OWED_MAX) owed = [...owed, [{ doc, seq, code, head, shown: shown.slice(0, SHOWN_MAX) }, now()]];
  };
  const stopped = (code: string): void => {
    halt = haltFact(code);
    lie = isLie(code) ? code : null;
  };
  const clear = (): void => {
    halt = null;
    waits = null;
    lie = null;
    owedHalt = null;
  };
  return {
    halt: () => halt ?? waits,
    doubt: () => (doubt === null ? null : why(doubt.code)),
    lie: () => lie ?? doubt?.code ?? null,
    stop: (code, doc, shown) => {
      if (halt !== null) return false;
      stopped(code);
      owedHalt = code;
      // What cannot be read here accuses nobody.
      if (isLie(code)) note(code, doc, shown);
      keep();
      return true;
    },
    stillWrong: (code, doc, shown) => {
      if (
        [...rows.evidence(wid), ...owed.map(([piece]) => piece)].some(
          (piece) => piece.code === code && piece.doc === doc,
        )
      )
        return;
      note(code, doc, shown);
      keep();
    },
    wentOn: (shown) => {
      rows.setHalt(wid, null);
      clear();
      note(WENT_ON, LOG, shown);
      keep();
    },
    keep,
    stopped,
    still: (refused) => {
      waits = refused;
    },
    moving: () => {
      waits = null;
    },
    clear,
    look: (next) => {
      const before = doubt?.code;
      doubt = next;
      if (next === null || next.code === before) return;
      note(next.code, next.doc, next.shown);
      keep();
    },
  };
};
