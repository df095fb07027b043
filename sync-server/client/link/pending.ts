/** Commands that were sent and wait for what the server says, by number. */
import type { Ack } from "#core/protocol/wire.ts";

export interface Pending {
  add(): { readonly id: number; readonly answer: Promise<Ack | null> };
  /** Throws where nothing of that number waits. */
  settle(id: number, ack: Ack): void;
  /** The connection ended first: all of them answer null. */
  drop(): void;
}

export const createPending = (): Pending => {
  const waiting = new Map<number, (ack: Ack | null) => void>();
  let last = 0;
  return {
    add: () => {
      last += 1;
      const id = last;
      return { id, answer: new Promise((resolve) => waiting.set(id, resolve)) };
    },
    settle: (id, ack) => {
      const resolve = waiting.get(id);
      if (resolve === undefined) throw new Error("an answer to nothing");
      waiting.delete(id);
      resolve(ack);
    },
    drop: () => {
      for (const resolve of waiting.values()) resolve(null);
      waiting.clear();
    },
  };
};
