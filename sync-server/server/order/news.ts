/**
 * What other nodes stored in a workspace, held against what is known of it here: folds, and tips of what nobody folded. What
 * was found is owed to whoever reads here until it is told.
 */
import { LOG } from "#core/protocol/ids.ts";
import type { DocName, Hash, WorkspaceId } from "#core/protocol/ids.ts";
import type { Lengths, ReadEntries } from "../store/store.ts";
import type { Tips } from "./tips.ts";

/** A document as it is stored: its length and newest hash. */
export interface Tip {
  readonly doc: DocName;
  readonly seq: number;
  readonly head: Hash | "";
}
export interface NewsDeps<C extends Tip> {
  readonly store: Pick<ReadEntries, "lengths" | "alone">;
  readonly wid: WorkspaceId;
  readonly tips: Tips;
  readonly foldOf: (doc: DocName) => C | undefined;
  readonly folds: () => readonly C[];
  /** Folds what is stored behind it; the log too, where that is named. */
  readonly readOn: (fold: C) => Promise<void>;
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

export const createNews = <C extends Tip>({ store, wid, tips, foldOf, folds, readOn }: NewsDeps<C>): News => {
  let untold = false;
  const tip = (doc: DocName): Tip => foldOf(doc) ?? tips.get(doc) ?? { doc, seq: 0, head: "" };
  /** Those of which something else is stored than is known, by one answer of the store. */
  const longer = async (docs: Iterable<DocName>): Promise<Lengths> => {
    const found = new Map<DocName, number>();
    // Nearly always none of hundreds.
    for (const [doc, length] of await store.lengths(wid, [...new Set(docs)]))
      if (tip(doc).seq !== length) found.set(doc, length);
    return found;
  };
  const take = async (found: Lengths): Promise<DocName[]> => {
    if (found.size === 0) return [];
    // Before anything is read: where that fails half-way, what was read is still to be told.
    untold ||= [...found.keys()].some((doc) => tip(doc).seq > 0);
    for (const doc of found.keys()) {
      const fold = foldOf(doc);
      if (fold !== undefined) await readOn(fold);
    }
    await tips.learn(new Map([...found].filter(([doc]) => foldOf(doc) === undefined)));
    return [...found.keys()];
  };
  return {
    tip,
    // The log in any case: who cannot ask the store confirms nothing.
    look: async (docs) =>
      take(await longer([LOG, ...(store.alone === true ? docs.filter((doc) => tip(doc).seq === 0) : docs)])),
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
