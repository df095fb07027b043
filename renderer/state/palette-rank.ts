/** How well a line of the palette fits what was typed. Pure. */

/**
 * 0 hides the line, more comes first. Only the words that a person reads count, never the name under which the palette keeps
 * the line: a thread's id is made of letters too. Whole words or their parts, since letters apart fit almost every title.
 */
export const paletteRank = (_name: string, typed: string, shown: readonly string[] = []): number => {
  const phrase = typed.trim().toLowerCase();
  const text = shown.join(" ").toLowerCase();
  if (!phrase.split(/\s+/).every((word) => text.includes(word))) return 0;
  if (text === phrase) return 1;
  if (text.startsWith(phrase)) return 0.9;
  return text.includes(phrase) ? 0.8 : 0.5;
};
