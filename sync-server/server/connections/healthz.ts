/** Whether the store can be read, for anybody who asks. The store is asked once a second at most, whoever asks. */
const KEPT_MS = 1_000;

export const createHealthz = (ask: () => Promise<unknown>, now: () => number): (() => Promise<boolean>) => {
  let last: { readonly at: number; readonly healthy: Promise<boolean>; done: boolean } | undefined;
  return () => {
    if (last !== undefined && (!last.done || Math.abs(now() - last.at) < KEPT_MS)) return last.healthy;
    const healthy = ask().then(
      () => true,
      // That is the answer; the store says why in the log.
      () => false,
    );
    const made = { at: now(), healthy, done: false };
    void healthy.then(() => (made.done = true));
    last = made;
    return healthy;
  };
};
