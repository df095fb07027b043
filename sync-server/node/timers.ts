/** Timers by Node. */
import type { Timers } from "#client/ports/clock.ts";

export const nodeTimers: Timers = {
  after: (ms, work) => {
    const timer = setTimeout(work, ms).unref();
    return () => clearTimeout(timer);
  },
  soon: (work) => void setImmediate(work),
};
