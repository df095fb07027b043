/** How long whoever failed waits before the next try: the one rule for connections, children, models and windows. */

export interface Pauses {
  /** Before the first try again, and never more than, ms. */
  readonly first: number;
  readonly most: number;
  /** How many times longer each is than the one before; 2 where nothing is said. */
  readonly by?: number;
}

/**
 * The pause before the n-th try again in a row, n from 1. With `random`, in [0, 1), it is between half and all of that, so
 * that those who failed together do not come back together.
 */
export const pauseBefore = (n: number, { first, most, by = 2 }: Pauses, random?: () => number): number => {
  const whole = Math.min(most, first * by ** (n - 1));
  return random === undefined ? whole : whole * (0.5 + random() / 2);
};

/** The how-manieth fall in a row this is, from 1: one that stood for as long as `steadyMs` before begins anew. */
export const fallsNow = (before: number, stoodMs: number, steadyMs: number): number =>
  stoodMs >= steadyMs ? 1 : before + 1;
