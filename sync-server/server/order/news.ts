/**
 * What other nodes stored in a workspace, held against what is known of it here: folds, and tips of what nobody folded. What
 * was found is owed to whoever reads here until it is told.
 */
import { LOG } from "#core/protocol/ids.ts";
import type { DocName, Hash, WorkspaceId } from "#core/protocol/ids.ts";
import type { Entries, Lengths } from "../store/store.ts";
import type { Tips } from "./tips.ts";

/** A document as it is stored: its length and newest hash. */
export interface Tip {
  readonly doc: DocName;
  readonly seq: number;
  readonly head: Hash | "";
}
export interface NewsDeps<C extends Tip> {
  readonly store: Pick<Entries, "lengths">;
  readonly wid: WorkspaceId;
  readonly tips: Tips;
  readonly foldOf: (doc: DocName) => C | undefined;
  readonly folds: () => readonly C[];
  /** Folds what is stored behind it; the log too, where that is named. */
  readonly readOn: (fold: C) => Promise<void>;
  readonly moved: () => void;
}
export interface News {
  /** See `Workspace`. */
  tip(doc: DocName): Tip;
  look(docs: readonly DocName[]): Promise<DocName[]>;
  catchUp(docs: readonly DocName[]): Promise<boolean>;
  owe(): void;
  untold(): boolean;
  told(): void;
}

export const createNews = <C extends Tip>({ store, wid, tips, foldOf, folds, readOn, moved }: NewsDeps<C>): News => {
  let untold = false;
  const tip = (doc: DocName): Tip => foldOf(doc) ?? tips.get(doc) ?? { doc, seq: 0, head: "" };
  /** Those of which something else is stored than is known, by one answer of the store. */
  const longer = async (docs: Iterable<DocName>): Promise<Lengths> =>
    new Map([...(await store.lengths(wid, [...new Set(docs)]))].filter(([doc, length]) => tip(doc).seq !== length));
  const take = async (found: Lengths): Promise<DocName[]> => {
    // Before anything is read: where that fails half-way, what was read is still to be told.
    untold ||= [...found.keys()].some((doc) => tip(doc).seq > 0);
    for (const doc of found.keys()) {
      const fold = foldOf(doc);
      if (fold !== undefined) await readOn(fold);
    }
    await tips.learn(new Map([...found].filter(([doc]) => foldOf(doc) === undefined)));
    moved();
    return [...found.keys()];
  };
  return {
    tip,
    look: async (docs) => take(await longer([LOG, ...docs])),
    catchUp: async (docs) => {
      const known = [...folds(), ...tips.all()].map(({ doc }) => doc);
      return (await take(await longer([...known, ...docs]))).length > 0;
    },
    owe: () => {
      untold = true;
    },
    untold: () => untold,
    told: () => {
      untold = false;
    },
  };
};
