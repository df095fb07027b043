/**
 * Time for limits of approvals: wall time that never goes back. While the process lives the monotonic clock carries
 * it; over a restart the highest time ever seen does. Setting the computer's clock back therefore extends nothing,
 * setting it forward can only end a limit early.
 */
import type { Clock } from "../seams.ts";

export interface SteadyClock {
  /** ms since the epoch, at least as late as every earlier answer, also those before a restart. */
  now(): number;
  /** Keeps the highest time for the next start. */
  save(): void;
}

export const createSteadyClock = (clock: Clock, kept: { steady(): number; saveSteady(at: number): void }): SteadyClock => {
  let base = Math.max(kept.steady(), clock.now());
  let mark = clock.monotonic();
  const now = (): number => {
    const carried = base + Math.max(0, clock.monotonic() - mark);
    base = Math.max(carried, clock.now());
    mark = clock.monotonic();
    return base;
  };
  return { now, save: () => kept.saveSteady(now()) };
};
