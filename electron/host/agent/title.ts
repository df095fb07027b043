const TITLE_MAX = 60;
/** The first words of the first message. */
export const titleOf = (text: string): string => {
  const words = text.replaceAll(/\s+/g, " ").trim();
  if (words.length <= TITLE_MAX) return words;
  const cut = words.slice(0, TITLE_MAX + 1);
  const space = cut.lastIndexOf(" ");
  return `${cut.slice(0, space > TITLE_MAX / 2 ? space : TITLE_MAX).trimEnd()}…`;
};
