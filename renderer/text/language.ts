/**
 * What a language does with counts, lists, times and lengths, so that no sentence does it by hand. A second language is
 * another value of these types and other maps of words.
 */

export interface Language {
  /** BCP 47, for numbers and dates. */
  readonly tag: string;
  number(n: number): string;
  /** "1 act", "2,000 acts": `one` and `many` are the forms of the noun. */
  count(n: number, one: string, many: string): string;
  /** "a, b and c". */
  all(items: readonly string[]): string;
  /** "a, b or c". */
  any(items: readonly string[]): string;
  /** A point in time, in the parts that are asked for. */
  date(ms: number, parts: Intl.DateTimeFormatOptions): string;
  /** A point in time, in full. */
  moment(ms: number): string;
  /** A length of time in its largest whole unit: "3 hours". */
  length(ms: number): string;
}

/** A language, and its text for each English one. `name` says where that stands, "file.export". */
export interface Texts {
  readonly language: Language;
  of<T>(name: string, english: T): T;
}

const joined = (items: readonly string[], word: string): string =>
  items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} ${word} ${items.at(-1) ?? ""}`;

const LENGTHS = [
  [365 * 86_400_000, "year"],
  [86_400_000, "day"],
  [3_600_000, "hour"],
  [60_000, "minute"],
  [1_000, "second"],
  [1, "millisecond"],
] as const;

const NUMBERS = new Intl.NumberFormat("en");
const MOMENT: Intl.DateTimeFormatOptions = {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
};

export const ENGLISH: Language = {
  tag: "en",
  number: (n) => NUMBERS.format(n),
  count: (n, one, many) => `${NUMBERS.format(n)} ${n === 1 ? one : many}`,
  all: (items) => joined(items, "and"),
  any: (items) => joined(items, "or"),
  // As the person's computer writes dates: that is a setting of theirs and not of the words.
  date: (ms, parts) => new Date(ms).toLocaleString(undefined, parts),
  moment: (ms) => ENGLISH.date(ms, MOMENT),
  length: (ms) => {
    const [size, unit] = LENGTHS.find(([each]) => ms >= each) ?? [1, "millisecond"];
    const count = Math.floor(ms / size);
    return ENGLISH.count(count, unit, `${unit}s`);
  },
};

/** For files that people compare: the same moment is the same text on every computer. */
export const inFiles = (language: Language): Language => ({
  ...language,
  moment: (ms) => new Date(ms).toISOString(),
});
