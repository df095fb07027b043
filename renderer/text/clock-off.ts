/** What is said while this computer's clock and the sync server's differ by more than clocks that are right do. */
import { durationWords } from "./common.ts";
import { words } from "./words.ts";

/** Above this the clocks are called different, ms. */
export const CLOCK_OFF_MS = 2 * 60_000;

/** @param ahead by how much the server's clock is ahead of this computer's, ms. Which of the two is right nobody here knows. */
export const clockOffWords = words(
  "clock-off.clockOffWords",
  (ahead: number): string =>
    `this computer's clock is ${durationWords(Math.abs(ahead))} ${ahead > 0 ? "behind" : "ahead of"} the sync server's: time limits follow the server's, so set whichever is wrong`,
);
