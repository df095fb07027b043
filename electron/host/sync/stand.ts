/**
 * Where a copy stands with its server: stopped for a lie or for a disk that refuses, in doubt, or neither. Both pieces of
 * a lie or a doubt are kept as evidence.
 */
import type { DocName } from "#core/ids.ts";
import type { Code } from "#bridge/views.ts";
import { Refusal } from "../seams.ts";
import type { WorkspaceStore } from "../store/workspaces.ts";
import { doubtWords, haltWords, isLie } from "./lie-words.ts";
import type { Doubt } from "./witness.ts";

const SHOWN_MAX = 100_000;

export interface StandDeps {
  readonly wid: string;
  readonly rows: WorkspaceStore;
  readonly now: () => number;
  /** The last verified head of a document. */
  readonly verified: (doc: DocName) => { readonly seq: number; readonly head: string };
}
export interface Stand {
  /** Why nothing more is believed, or null. */
  halt(): Code | null;
  /** Why approved calls wait although nothing is proven. */
  doubt(): Code | null;
  /** What exactly was found to be a lie or a doubt. */
  lie(): string | null;
  /** Stops the copy, also after a restart; false where it stood still already. */
  stop(code: string, doc: DocName, shown: string): boolean;
  /** Stopped before this start. */
  stopped(code: string): void;
  /** Stands still until there is room. */
  still(why: Code): void;
  clear(): void;
  /** What is in doubt now. */
  look(next: Doubt | null): void;
}

export const createStand = ({ wid, rows, now, verified }: StandDeps): Stand => {
  let halt: Code | null = null;
  let lie: string | null = null;
  let doubt: Doubt | null = null;

  const note = (code: string, doc: DocName, shown: string): void => {
    const { seq, head } = verified(doc);
    rows.addEvidence(wid, { doc, seq, code, head, shown: shown.slice(0, SHOWN_MAX) }, now());
  };
  const stopped = (code: string): void => {
    halt = haltWords(code);
    lie = isLie(code) ? code : null;
  };
  return {
    halt: () => halt,
    doubt: () => (doubt === null ? null : doubtWords(doubt.code)),
    lie: () => lie ?? doubt?.code ?? null,
    stop: (code, doc, shown) => {
      if (halt !== null) return false;
      note(code, doc, shown);
      rows.setHalt(wid, code);
      stopped(code);
      return true;
    },
    stopped,
    still: (why) => {
      halt = why;
    },
    clear: () => {
      halt = null;
      lie = null;
    },
    look: (next) => {
      const before = doubt?.code;
      doubt = next;
      if (next === null || next.code === before) return;
      try {
        note(next.code, next.doc, next.shown);
      } catch (error) {
        // A full disk keeps no evidence of a doubt; it is a doubt all the same.
        if (!(error instanceof Refusal)) throw error;
      }
    },
  };
};
