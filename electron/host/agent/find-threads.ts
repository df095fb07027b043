/** Threads by their titles. Pure. */

/** More than a screen shows. */
export const FOUND_MAX = 50;

/** The letters in their order, whatever stands between them. */
const hasLetters = (title: string, letters: string): boolean => {
  let from = 0;
  for (const letter of letters) {
    const at = title.indexOf(letter, from);
    if (at < 0) return false;
    from = at + letter.length;
  }
  return true;
};

/** The threads are given newest first. */
export const findThreads = <T extends { readonly title: string }>(threads: readonly T[], query: string): T[] => {
  const words = query.trim().toLowerCase();
  const letters = words.replaceAll(/\s+/g, "");
  const titled = threads.map((thread) => ({ thread, title: thread.title.toLowerCase() }));
  const fitting = titled.filter(({ title }) => hasLetters(title, letters));
  const [exact, other] = [true, false].map((is) => fitting.filter(({ title }) => title.includes(words) === is));
  return [...(exact ?? []), ...(other ?? [])].slice(0, FOUND_MAX).map(({ thread }) => thread);
};
