import { expect, test } from "vitest";
import { bytesWords, countdownWords, durationWords, relativeWords } from "../../../renderer/text/common.ts";

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

test("durations and sizes are short", () => {
  expect([durationWords(120), durationWords(1_500), durationWords(30 * MIN), durationWords(2 * DAY)]).toEqual([
    "120 ms",
    "1.5 s",
    "30 min",
    "2 days",
  ]);
  expect([bytesWords(42), bytesWords(3_512), bytesWords(50_000_000)]).toEqual(["42 bytes", "3.5 kB", "50.0 MB"]);
});
