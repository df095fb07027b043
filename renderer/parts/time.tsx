/** Times: relative with the exact time on hover, and countdowns. By the server's clock, except what this computer wrote down. */
import { useNow } from "../state/clock.ts";
import { useServerNow } from "../state/server-clock.ts";
import { commonWords, countdownWords, relativeWords } from "../text/common.ts";

interface WhenProps {
  readonly at: number;
  /** The time was taken from this computer's clock. */
  readonly here?: boolean;
}

export const When = ({ at, here = false }: WhenProps) => {
  const [mine, server] = [useNow(), useServerNow()];
  return (
    <time dateTime={new Date(at).toISOString()} title={commonWords.exactTime(at)}>
      {relativeWords(at, here ? mine : server)}
    </time>
  );
};

export const Countdown = ({ until, here = false }: { readonly until: number; readonly here?: boolean }) => {
  const [mine, server] = [useNow(), useServerNow()];
  return (
    <time className="number" dateTime={new Date(until).toISOString()} title={commonWords.exactTime(until)}>
      {countdownWords(until, here ? mine : server)}
    </time>
  );
};
