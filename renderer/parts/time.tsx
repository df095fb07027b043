/** Times: relative with the exact time on hover, and countdowns. */
import { useNow } from "../state/clock.ts";
import { commonWords, countdownWords, relativeWords } from "../text/common.ts";

export const When = ({ at }: { readonly at: number }) => {
  const now = useNow();
  return (
    <time dateTime={new Date(at).toISOString()} title={commonWords.exactTime(at)}>
      {relativeWords(at, now)}
    </time>
  );
};

export const Countdown = ({ until }: { readonly until: number }) => {
  const now = useNow();
  return (
    <time className="number" dateTime={new Date(until).toISOString()} title={commonWords.exactTime(until)}>
      {countdownWords(until, now)}
    </time>
  );
};
