/**
 * When what changed is told. The first change after a quiet time goes at once, with whatever else changes in the same
 * turn: a person may be waiting for it. What follows is gathered, so that a burst costs one telling in each `ms`.
 */
export interface GatherTimers {
  /** After what is under way now, and after the input that is already there. */
  soon(work: () => void): void;
  /** Answers how to forget it. */
  later(ms: number, work: () => void): () => void;
}
export interface Gather {
  /** Something of that name changed. */
  note(name: string): void;
  close(): void;
}

const realTimers: GatherTimers = {
  soon: (work) => void setImmediate(work),
  later: (ms, work) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};

/** Each name has a quiet time of its own: a burst of one does not hold up another. */
export const createGather = (
  ms: number,
  tell: (names: ReadonlySet<string>) => void,
  timers: GatherTimers = realTimers,
): Gather => {
  const due = new Set<string>();
  const resting = new Map<string, () => void>();
  let asked = false;
  let closed = false;

  const ask = (): void => {
    if (asked) return;
    asked = true;
    timers.soon(go);
  };
  const go = (): void => {
    asked = false;
    if (closed) return;
    const ready = new Set([...due].filter((name) => !resting.has(name)));
    if (ready.size === 0) return;
    for (const name of ready) {
      due.delete(name);
      resting.set(
        name,
        timers.later(ms, () => {
          resting.delete(name);
          if (due.has(name)) ask();
        }),
      );
    }
    tell(ready);
  };
  return {
    note: (name) => {
      if (closed) return;
      due.add(name);
      if (!resting.has(name)) ask();
    },
    close: () => {
      closed = true;
      for (const forget of resting.values()) forget();
    },
  };
};
