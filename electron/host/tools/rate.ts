import type { Clock } from "#client/ports/clock.ts";

/** A bucket of calls for each key: full at first, refilled evenly over a minute. */
export const createRate = (perMinute: number, clock: Pick<Clock, "monotonic">) => {
  const buckets = new Map<string, { left: number; at: number }>();
  return {
    /** Null where the call may go, or the seconds to wait. */
    take(key: string): number | null {
      const now = clock.monotonic();
      const bucket = buckets.get(key) ?? { left: perMinute, at: now };
      const left = Math.min(perMinute, bucket.left + ((now - bucket.at) * perMinute) / 60_000);
      buckets.set(key, { left: left < 1 ? left : left - 1, at: now });
      return left < 1 ? Math.ceil(((1 - left) * 60) / perMinute) : null;
    },
    forget: (key: string): void => void buckets.delete(key),
  };
};
export type Rate = ReturnType<typeof createRate>;
