/** Rates that give a burst at once and then so much a second, one for each name. */

/** How full one bucket is. */
export interface Level {
  left: number;
  at: number;
}

/** The rate itself, shared by all buckets of a kind. */
export interface Rate {
  fresh(): Level;
  /** Whether anything is left; counts `amount`, one where nothing is said. */
  take(level: Level, amount?: number): boolean;
  /** Counts `amount` in any case, and answers how long to wait until it is within the rate, ms. */
  spend(level: Level, amount: number): number;
  isFull(level: Level): boolean;
}

/** What a timer can count, about. */
const WAIT_MAX_MS = 2_000_000_000;

/** `perSecond` refill up to `burst`. */
export const createRate = (perSecond: number, burst: number, now: () => number): Rate => {
  const refill = (level: Level): void => {
    const time = now();
    level.left = Math.min(burst, level.left + (Math.max(0, time - level.at) / 1_000) * perSecond);
    level.at = time;
  };
  return {
    fresh: () => ({ left: burst, at: now() }),
    take: (level, amount = 1) => {
      refill(level);
      if (level.left < 1) return false;
      level.left -= amount;
      return true;
    },
    spend: (level, amount) => {
      refill(level);
      level.left = Math.min(burst, level.left - amount);
      return level.left >= 0 ? 0 : Math.min(WAIT_MAX_MS, (-level.left / perSecond) * 1_000);
    },
    isFull: (level) => {
      refill(level);
      return level.left >= burst;
    },
  };
};

/** One bucket for each name; names that are back at full are forgotten by `sweep`. */
export const createBuckets = (perSecond: number, burst: number, now: () => number) => {
  const rate = createRate(perSecond, burst, now);
  const levels = new Map<string, Level>();
  const of = (name: string): Level => {
    const level = levels.get(name) ?? rate.fresh();
    levels.set(name, level);
    return level;
  };
  return {
    take: (name: string, amount?: number): boolean => rate.take(of(name), amount),
    spend: (name: string, amount: number): number => rate.spend(of(name), amount),
    sweep: (): void => {
      for (const [name, level] of levels) if (rate.isFull(level)) levels.delete(name);
    },
  };
};

export const createCounter = () => {
  const counts = new Map<string, number>();
  return {
    of: (name: string): number => counts.get(name) ?? 0,
    add: (name: string, by: 1 | -1): void => {
      const next = (counts.get(name) ?? 0) + by;
      if (next <= 0) counts.delete(name);
      else counts.set(name, next);
    },
  };
};
