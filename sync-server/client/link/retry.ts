/**
 * When what was refused is tried again. A server that came up wrongly for a moment must not turn anybody away for good, and
 * one that is right must not be asked by a whole team at once: the pauses grow to some minutes, and no two apps keep step.
 */
import { pauseBefore } from "#core/protocol/pauses.ts";

const PAUSES = { first: 4_000, most: 240_000 };
/** Without a refusal for so long, the next one counts as the first. */
const CALM_MS = 600_000;
/** Between two that are tried at once. */
const HURRY_MS = 60_000;

export interface Retry {
  /** Something was refused. `urgent`: to be tried at once, also where something else waits, but not in a loop. */
  failed(urgent?: boolean): void;
  /** Whether it is time; then only once. */
  due(): boolean;
  /** The network is another one, or the computer slept: what was refused is due now. */
  soon(): void;
  /** As if nothing had been refused: somebody connected on purpose, or there is nothing to try. */
  reset(): void;
}

/** `random` from 0 to 1. */
export const createRetry = (monotonic: () => number, random: () => number): Retry => {
  let at: number | null = null;
  let failures = 0;
  let lastAt = Number.NEGATIVE_INFINITY;
  let hurriedAt = Number.NEGATIVE_INFINITY;
  return {
    failed: (urgent = false) => {
      const now = monotonic();
      const hurries = urgent && now - hurriedAt > HURRY_MS;
      if (hurries) {
        hurriedAt = now;
        if (at !== null) at = now;
      }
      if (at !== null) return;
      if (now - lastAt > CALM_MS) failures = 0;
      lastAt = now;
      failures += 1;
      at = hurries ? now : now + pauseBefore(failures, PAUSES, random);
    },
    due: () => {
      if (at === null || monotonic() < at) return false;
      at = null;
      return true;
    },
    soon: () => {
      if (at !== null) at = monotonic();
    },
    reset: () => {
      at = null;
      failures = 0;
      lastAt = Number.NEGATIVE_INFINITY;
    },
  };
};
