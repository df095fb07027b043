/** How often something may happen by itself for each name: so many at once, then one each time. */

export interface Pace {
  /** Whether it may happen for that name now; counts it. */
  take(name: string): boolean;
  /** Begins anew for that name. */
  forget(name: string): void;
}

/** Names that are kept: those who came last. More than a team has, and little enough for ever. */
const NAMES_MAX = 500;

export const createPace = (
  clock: { monotonic(): number },
  { atOnce, everyMs }: { readonly atOnce: number; readonly everyMs: number },
): Pace => {
  const levels = new Map<string, { readonly left: number; readonly at: number }>();
  return {
    take: (name) => {
      const now = clock.monotonic();
      const { left, at } = levels.get(name) ?? { left: atOnce, at: now };
      const has = Math.min(atOnce, left + (now - at) / everyMs);
      levels.delete(name);
      levels.set(name, { left: has >= 1 ? has - 1 : has, at: now });
      const [oldest] = levels.keys();
      if (levels.size > NAMES_MAX && oldest !== undefined) levels.delete(oldest);
      return has >= 1;
    },
    forget: (name) => void levels.delete(name),
  };
};
