/**
 * Time for limits of approvals: wall time that never goes back. While the process lives the monotonic clock carries
 * it; over a restart the highest time ever seen does. Setting the computer's clock back therefore extends nothing,
 * setting it forward can only end a limit early.
 *
 * The disk is kept ahead of the clock: what was answered before a kill is never after what the next start begins with.
 */
import { MINUTE } from "#core/protocol/command.ts";
import type { Clock } from "../ports/clock.ts";

/** What every limit loses at most by a kill; a close loses nothing. It is written as seldom as this, too. */
export const AHEAD_MS = MINUTE;

export interface SteadyClock {
  /** ms since the epoch, at least as late as every earlier answer, also those before a restart. */
  now(): number;
  /** Makes every time that was answered so far one that the next start begins after. Throws `Refusal`. */
  hold(): void;
  /** Keeps the time as it is, for a start after a close. Throws `Refusal`. */
  save(): void;
}

export const createSteadyClock = (
  clock: Clock,
  kept: { steady(): number; saveSteady(at: number): void },
): SteadyClock => {
  let held = kept.steady();
  let base = Math.max(held, clock.now());
  let mark = clock.monotonic();
  const now = (): number => {
    const carried = base + Math.max(0, clock.monotonic() - mark);
    base = Math.max(carried, clock.now());
    mark = clock.monotonic();
    return base;
  };
  const keep = (at: number): void => {
    kept.saveSteady(at);
    held = at;
  };
  return {
    now,
    hold: () => {
      const at = now();
      // Also where nothing passed since the start: otherwise many short lives would stay at one moment.
      if (at >= held) keep(at + AHEAD_MS);
    },
    save: () => keep(now()),
  };
};
