/** Words that many places share. */
import { LANGUAGE, words } from "./words.ts";

export const commonWords = words("common.commonWords", {
  product: "Bulkhead",
  close: "Close",
  cancel: "Cancel",
  save: "Save",
  undo: "Undo",
  back: "Back",
  copy: "Copy",
  copied: "Copied",
  loading: "Loading",
  required: "required",
  notices: "Notices",
  exactTime: (at: number) =>
    LANGUAGE.date(at, {
      day: "numeric",
      month: "short",
      year: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    }),
} as const);

/** Words for which side of the wall a text is on. */
export const boundaryWords = words("common.boundaryWords", {
  private: "Only on this computer",
  privateWhy: "No teammate and no server can read this. It is kept in a database on this computer.",
  thread: "Private to you",
  threadWhy:
    "No teammate and no sync server can read this thread. It is kept in a database on this computer. Where a model's part of it goes is said beside the message, before you send.",
  sealed: "Arguments go encrypted to approvers",
} as const);

/** A point in time that people plan by: "14:20" today, "Fri 27 Nov, 14:20" on another day. */
export const clockWords = words("common.clockWords", (at: number, now: number): string => {
  const time: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit" };
  const today = new Date(at).toDateString() === new Date(now).toDateString();
  return LANGUAGE.date(at, today ? time : { weekday: "short", day: "numeric", month: "short", ...time });
});

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** "in 3 days", "2 min ago": short, for lists, rounded to the nearest unit. */
export const relativeWords = words("common.relativeWords", (at: number, now: number): string => {
  const gap = Math.abs(at - now);
  // Clocks of two computers differ by a little: what just happened is not told as coming.
  if (gap < MINUTE) return at > now + 5 * SECOND ? "in under a minute" : "now";
  const amount =
    gap < 59.5 * MINUTE
      ? `${Math.round(gap / MINUTE)} min`
      : gap < 23.5 * HOUR
        ? `${Math.round(gap / HOUR)} h`
        : gap < YEAR - DAY / 2
          ? countWords(Math.round(gap / DAY), "day", "days")
          : countWords(Math.round(gap / YEAR), "year", "years");
  return at > now ? `in ${amount}` : `${amount} ago`;
});

/** What is left of a time limit: "04:12", "1 h 20 min", "8 h", "2 days". Seconds are counted only where they matter. Never negative. */
export const countdownWords = words("common.countdownWords", (until: number, now: number): string => {
  const left = Math.max(0, until - now);
  if (left >= 2 * DAY) return `${Math.floor(left / DAY)} days`;
  const seconds = Math.ceil(left / SECOND);
  if (seconds >= 2 * 3_600) return `${Math.round(seconds / 3_600)} h`;
  if (seconds >= 3_600) return `1 h ${Math.floor((seconds - 3_600) / 60)} min`;
  const two = (n: number) => String(Math.floor(n)).padStart(2, "0");
  return `${two(seconds / 60)}:${two(seconds % 60)}`;
});

/** A length of time, short. What rounds up to the next unit is told in that unit. */
export const durationWords = words("common.durationWords", (ms: number): string => {
  if (ms < SECOND - 0.5) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < MINUTE - 50) return `${(ms / SECOND).toFixed(1)} s`;
  if (ms < HOUR - MINUTE / 2) return `${Math.round(ms / MINUTE)} min`;
  if (ms < DAY - HOUR / 2) return `${Math.round(ms / HOUR)} h`;
  if (ms < YEAR - DAY / 2) return countWords(Math.round(ms / DAY), "day", "days");
  return countWords(Math.round(ms / YEAR), "year", "years");
});

export const bytesWords = words("common.bytesWords", (bytes: number): string =>
  bytes < 1_000
    ? `${bytes} bytes`
    : bytes < 1_000_000
      ? `${(bytes / 1_000).toFixed(1)} kB`
      : `${(bytes / 1_000_000).toFixed(1)} MB`,
);

export const countWords = words("common.countWords", (n: number, one: string, many: string): string =>
  LANGUAGE.count(n, one, many),
);
export const numberWords = words("common.numberWords", (n: number): string => LANGUAGE.number(n));
/** "a, b and c", and "a, b or c". */
export const allWords = words("common.allWords", (items: readonly string[]): string => LANGUAGE.all(items));
export const anyWords = words("common.anyWords", (items: readonly string[]): string => LANGUAGE.any(items));
