/** How long a test waits for what must happen: past the slowness of any machine, so that only what never happens fails it. */
export const PATIENCE_MS = 60_000;

/** The first value of `look` that is there. */
export const until = async <T>(
  look: () => T | false | null | undefined,
  what: string,
  ms = PATIENCE_MS,
): Promise<T> => {
  const end = Date.now() + ms;
  for (;;) {
    const found = look();
    if (found !== false && found !== null && found !== undefined) return found as T;
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

/** The same where looking takes an answer of its own. */
export const untilAnswered = async <T>(
  look: () => Promise<T | false | null | undefined>,
  what: string,
  ms = PATIENCE_MS,
): Promise<T> => {
  const end = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== false && found !== null && found !== undefined) return found;
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};
