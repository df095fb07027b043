/** Threads by their titles. Pure. */

/** More than a screen shows. */
export const FOUND_MAX = 50;

/** Those whose titles have every word, in whatever order; first those with the whole phrase. The threads are given newest first. */
export const findThreads = <T extends { readonly title: string }>(threads: readonly T[], query: string): T[] => {
  const phrase = query.trim().toLowerCase();
  const words = phrase.split(/\s+/);
  const fitting = threads
    .map((thread) => ({ thread, title: thread.title.toLowerCase() }))
    .filter(({ title }) => words.every((word) => title.includes(word)));
  const [exact, other] = [true, false].map((is) => fitting.filter(({ title }) => title.includes(phrase) === is));
  return [...(exact ?? []), ...(other ?? [])].slice(0, FOUND_MAX).map(({ thread }) => thread);
};
