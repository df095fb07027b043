/** Promises that wait for the fold to get somewhere. */
import type { Timers } from "../ports/clock.ts";

interface Waiter {
  look(): void;
  end(result: boolean): void;
}

export const createWaiters = (timers: Timers) => {
  const open = new Set<Waiter>();
  let closed = false;
  return {
    check: (): void => {
      for (const waiter of open) waiter.look();
    },
    /** True once `condition` holds, false after `ms` or at the end of the workspace. */
    until: (ms: number, condition: () => boolean): Promise<boolean> =>
      new Promise((resolve) => {
        if (closed) return resolve(false);
        const end = (result: boolean): void => {
          inTime();
          open.delete(waiter);
          resolve(result);
        };
        const waiter: Waiter = {
          end,
          look: () => {
            if (condition()) end(true);
          },
        };
        const inTime = timers.after(ms, () => end(condition()));
        open.add(waiter);
        waiter.look();
      }),
    /** What is asked of the fold after this would read a store that is closed. */
    close: (): void => {
      closed = true;
      for (const waiter of open) waiter.end(false);
    },
  };
};
