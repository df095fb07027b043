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
