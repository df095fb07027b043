/** Work that must not overlap. */

/** Begins each work when the one before is over, however that ended; answers what the work answers. */
export const oneByOne = (): (<T>(work: () => Promise<T>) => Promise<T>) => {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    // Whoever asked for it hears of its failure; the next one only waits for its end.
    last = next.catch(() => undefined);
    return next;
  };
};

/** The same for each key by itself: what belongs to one waits for no other. Work that finds nobody before it begins at once. */
export const oneByOneOf = <K>(): (<T>(key: K, work: () => Promise<T>) => Promise<T>) => {
  const last = new Map<K, Promise<unknown>>();
  return (key, work) => {
    const before = last.get(key);
    const next = before === undefined ? work() : before.then(work, work);
    const ended = next.finally(() => {
      if (last.get(key) === ended) last.delete(key);
    });
    last.set(key, ended);
    return ended;
  };
};
