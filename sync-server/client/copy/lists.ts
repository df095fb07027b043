/**
 * Hashes and commands of a kept chain, looked up in the store. What was folded and is not in the store yet lies in
 * memory until then, so that a fold reads its own last steps and a refused write loses nothing.
 */
import type { DocName, Hash } from "#core/protocol/ids.ts";
import type { Commands, Hashes } from "#core/rules/state.ts";
import type { FoldStore } from "../ports/store.ts";

export interface Lists {
  readonly hashes: Hashes;
  readonly commands: Commands;
  /** The fold begins at this position: what the store has after it does not count until it is folded. */
  startAt(seq: number): void;
  /** Everything folded is in the store. */
  settle(): void;
}

export const createLists = (rows: FoldStore, wid: string, doc: DocName): Lists => {
  const hashes = new Map<number, Hash>();
  const commands = new Map<Hash, number>();
  let length = 0;
  const seqOf = (command: Hash): number | undefined => {
    const seq = commands.get(command) ?? rows.seqOf(wid, doc, command);
    return seq === undefined || seq > length ? undefined : seq;
  };
  const stored = () => rows.positions(wid, doc, length - commands.size);
  return {
    hashes: {
      at: (position) =>
        position === 0 ? "" : position > length ? undefined : (hashes.get(position) ?? rows.hashAt(wid, doc, position)),
      push: (next) => {
        length += 1;
        hashes.set(length, next);
      },
      *[Symbol.iterator]() {
        yield "";
        for (const { hash } of stored()) yield hash;
        yield* hashes.values();
      },
    },
    commands: {
      has: (command) => seqOf(command) !== undefined,
      get: seqOf,
      set: (command, seq) => {
        commands.set(command, seq);
        length = Math.max(length, seq);
      },
      *[Symbol.iterator]() {
        for (const { command, seq } of stored()) yield [command, seq];
        yield* commands;
      },
    },
    startAt: (seq) => {
      length = seq;
      hashes.clear();
      commands.clear();
    },
    settle: () => {
      hashes.clear();
      commands.clear();
    },
  };
};
