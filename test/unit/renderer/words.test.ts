import { expect, test } from "vitest";
import {
  bytesWords,
  commonWords,
  countdownWords,
  durationWords,
  relativeWords,
} from "../../../renderer/text/common.ts";
import { ENGLISH } from "../../../renderer/text/language.ts";

const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;

test("a countdown rounds up, so that it never says 00:00 while there is time", () => {
  expect(countdownWords(4 * MIN + 12_000, 0)).toBe("04:12");
  expect(countdownWords(1, 0)).toBe("00:01");
  expect(countdownWords(0, 5)).toBe("00:00");
});

test("long countdowns are told in hours and days", () => {
  expect(countdownWords(8 * HOUR - 1_000, 0)).toBe("8 h");
  expect(countdownWords(2 * HOUR, 0)).toBe("2 h");
  expect(countdownWords(80 * MIN + 5_000, 0)).toBe("1 h 20 min");
  expect(countdownWords(HOUR - 1, 0)).toBe("1 h 0 min");
  expect(countdownWords(HOUR - 1_000, 0)).toBe("59:59");
  expect(countdownWords(3 * DAY, 0)).toBe("3 days");
});

test("times are relative, to both sides", () => {
  expect(relativeWords(0, 5_000)).toBe("now");
  expect(relativeWords(0, 2 * MIN)).toBe("2 min ago");
  expect(relativeWords(DAY - 1_000, 0)).toBe("in 1 day");
  expect(relativeWords(7 * DAY, 0)).toBe("in 7 days");
  expect(relativeWords(10_000, 0)).toBe("in under a minute");
  expect(relativeWords(1_000, 0)).toBe("now");
});

test("a length is told in its largest unit, years included, and what rounds up to the next unit is told in that one", () => {
  expect([ENGLISH.length(366 * DAY), ENGLISH.length(800 * DAY), ENGLISH.length(364 * DAY)]).toEqual([
    "1 year",
    "2 years",
    "364 days",
  ]);
  expect([999.8, 59_970, 59.7 * MIN, 23.8 * HOUR, DAY, 364.8 * DAY, 730 * DAY].map(durationWords)).toEqual([
    "1.0 s",
    "1 min",
    "1 h",
    "1 day",
    "1 day",
    "1 year",
    "2 years",
  ]);
  expect([relativeWords(0, 365 * DAY), relativeWords(0, 100 * DAY)]).toEqual(["1 year ago", "100 days ago"]);
});

test("an exact time names its month, so that day and month are not taken for each other", () => {
  expect(commonWords.exactTime(new Date(2026, 10, 3, 14, 5, 9).getTime())).toMatch(/Nov.*2026|2026.*Nov/);
});

test("durations and sizes are short", () => {
  expect([durationWords(120), durationWords(1_500), durationWords(30 * MIN), durationWords(2 * DAY)]).toEqual([
    "120 ms",
    "1.5 s",
    "30 min",
    "2 days",
  ]);
  expect([bytesWords(42), bytesWords(3_512), bytesWords(50_000_000)]).toEqual(["42 bytes", "3.5 kB", "50.0 MB"]);
});
