/**
 * The heartbeat of the host, and its only interval: whatever is looked at because time passes is looked at here, in the
 * order in which it was handed in. So a busy host does one round of looks at a time, and a test beats as fast as it likes.
 */
export interface Beat {
  /** With every beat, or with the first after each `everyMs`; answers its own undoing. */
  each(look: () => void, everyMs?: number): () => void;
  close(): void;
}

const BEAT_MS = 5_000;

export const createBeat = (ms = BEAT_MS): Beat => {
  const looks = new Set<() => void>();
  const timer = setInterval(() => {
    for (const look of looks) look();
  }, ms);
  return {
    each: (look, everyMs = ms) => {
      const beats = Math.max(1, Math.ceil(everyMs / ms));
      let passed = 0;
      const due = (): void => {
        passed = (passed + 1) % beats;
        if (passed === 0) look();
      };
      looks.add(due);
      return () => void looks.delete(due);
    },
    close: () => {
      clearInterval(timer);
      looks.clear();
    },
  };
};
