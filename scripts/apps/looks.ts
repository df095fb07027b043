/** Waiting for what a connection brings: whoever waits looks again after each change. */
import { RpcRefusal } from "./rpc-calls.ts";

export interface Looks {
  /** What `look` finds, now or after a change. Rejects after `ms`, and once nothing changes any more. */
  until<T>(look: () => T | undefined, what: string, ms: number): Promise<T>;
  /** Something changed. */
  wake(): void;
  /** The connection closed: what is not here now never comes. */
  end(): void;
  ended(): boolean;
}

export const createLooks = (): Looks => {
  const looks = new Set<() => void>();
  let isOver = false;
  const wake = (): void => looks.forEach((look) => look());
  return {
    until: (look, what, ms) =>
      new Promise((resolve, reject) => {
        const end = (settle: () => void) => {
          clearTimeout(timer);
          looks.delete(check);
          settle();
        };
        const check = () => {
          const found = look();
          if (found !== undefined) end(() => resolve(found));
          else if (isOver)
            end(() => reject(new RpcRefusal("closed", `The connection closed while waiting for ${what}.`)));
        };
        const timer = setTimeout(() => end(() => reject(new Error(`Waited ${ms} ms for ${what}.`))), ms);
        looks.add(check);
        check();
      }),
    wake,
    end: () => {
      isOver = true;
      wake();
    },
    ended: () => isOver,
  };
};
