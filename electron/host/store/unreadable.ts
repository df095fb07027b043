/**
 * Rows that were kept and cannot be read. One of them does not hide the others: it stays in the file as it is, is left
 * out of what is answered, and is named once to whoever listens, by its table and never by what is in it.
 */
import { Refusal } from "#core/facts/refusal.ts";

export interface Unreadable {
  /** What `read` makes of each row, in their order, without those of which it makes nothing. `key` tells rows apart. */
  each<R, T>(table: string, raws: readonly R[], key: (raw: R) => string, read: (raw: R) => T): T[];
  /** What `read` makes of one row, or `instead`. */
  one<T>(table: string, key: string, read: () => T, instead: T): T;
  /** How many of a table are left out, as far as it was read; `of` begins the key of those that are meant. */
  count(table: string, of?: string): number;
  /** Tells of each row once: of those that are known now, and of new ones. */
  onNew(listener: (table: string) => void): void;
}

export const createUnreadable = (): Unreadable => {
  const tables = new Map<string, Set<string>>();
  const listeners: ((table: string) => void)[] = [];
  const keysOf = (table: string): Set<string> => {
    const keys = tables.get(table) ?? new Set<string>();
    tables.set(table, keys);
    return keys;
  };
  const one = <T>(table: string, key: string, read: () => T, instead: T): T => {
    const keys = keysOf(table);
    try {
      const value = read();
      keys.delete(key);
      return value;
    } catch (error) {
      if (!isDamage(error)) throw error;
      if (!keys.has(key)) {
        keys.add(key);
        for (const listener of listeners) listener(table);
      }
      return instead;
    }
  };
  return {
    one,
    each: (table, raws, key, read) =>
      raws.flatMap((raw) => one<readonly ReturnType<typeof read>[]>(table, key(raw), () => [read(raw)], [])),
    count: (table, of = "") => [...keysOf(table)].filter((key) => key.startsWith(of)).length,
    onNew: (listener) => {
      for (const [table, keys] of tables) for (const _ of keys) listener(table);
      listeners.push(listener);
    },
  };
};

/** What reading a text that was kept throws; anything else is a fault of ours. */
const isDamage = (error: unknown): boolean =>
  error instanceof SyntaxError || (error instanceof Refusal && error.code === "store-damaged");
