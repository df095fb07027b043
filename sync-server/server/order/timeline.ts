/**
 * Which date the entries of one workspace get. Clocks are wrong now and then, the server's too, so none is believed alone:
 *
 * - the wall clock, and the steady clock that only ever runs on from what the wall said. Where they part (`watchClock`),
 *   the wall was set, or the computer slept: the one that agrees with the author's clock counts;
 * - the author's clock, which every app tells before it sends. Where the server's is ahead of it by more than an hour,
 *   nothing is stamped: an entry dated far ahead would end whatever has an end. Where it is behind, nothing can be lost;
 * - the newest entry. Where it is dated ahead of both clocks, it was the one that was wrong: entries get the right dates
 *   again and the time of the workspace goes on (`core/time.ts`). Where only the server is behind, it runs on from there.
 */
import { putNewest } from "#core/protocol/newest.ts";
import type { RejectCode } from "#core/facts/reject.ts";
import type { Log } from "../system/log.ts";

export interface ServerClock {
  /** Wall clock, ms. */
  readonly now: () => number;
  /** Time that only passes, ms. */
  readonly monotonic: () => number;
}
/** `t` and `a` of an entry or a head. */
export interface Dated {
  readonly t: number;
  readonly a: number;
}
/** What the documents of the workspace say, as far as they are in memory. */
export interface Reached {
  /** The latest time of the workspace in any of them. */
  readonly time: number;
  readonly ahead: number;
}
/** Somebody's clock: who, and how far it is ahead of `monotonic`, ms. */
export interface Author {
  readonly who: string;
  readonly ahead: number;
}
export interface Timeline {
  /** A clock was told. */
  heard(author: Author): void;
  /** The date of what is signed now. */
  now(reached: Reached): Dated;
  /** The date of an entry whose author's clock says `author`, or why there is none. Without it the server's own counts. */
  stamp(reached: Reached, author: Author | undefined): Dated | RejectCode;
}
export interface Clocks {
  /** What the wall clock says, and what it would say had nobody set it. */
  read(): { readonly wall: number; readonly steady: number };
  monotonic(): number;
}

/** Two clocks that are not synchronized differ by less: nobody is refused for less, and nobody's limits are moved by more. */
export const AGREE_MS = 3_600_000;
/** What a clock may be set by, or drift, without being looked at. */
const DRIFT_MS = 10_000;
const HEARD_MAX = 64;

/** The two clocks of this computer. A jump of the wall is logged once: the line has its time, and by how much it is off. */
export const watchClock = (clock: ServerClock, log: Log): Clocks => {
  let offset = clock.now() - clock.monotonic();
  let said: number | null = null;
  return {
    monotonic: clock.monotonic,
    read: () => {
      const wall = clock.now();
      const steady = clock.monotonic() + offset;
      const apart = wall - steady;
      if (Math.abs(apart) <= DRIFT_MS) {
        offset += apart;
        said = null;
        return { wall, steady: wall };
      }
      if (said === null || Math.abs(apart - said) > DRIFT_MS) log({ event: "clock-jumped", ms: Math.round(apart) });
      said = apart;
      return { wall, steady };
    },
  };
};

export const createTimeline = (
  clocks: Clocks,
  say: (event: "clock-ahead" | "clock-behind" | "clock-set-back", ms: number) => void,
): Timeline => {
  const heard = new Map<string, number>();
  /** Time of the workspace as it runs on from the newest entry, whatever clocks say. */
  let mark = { time: 0, at: clocks.monotonic() };
  /** The last date that was given to a head. */
  let signed = { time: 0, at: 0 };
  let chosen: "wall" | "steady" = "steady";
  const told = new Set<string>();
  const sayOnce: typeof say = (event, ms) => {
    if (told.has(event)) return;
    told.add(event);
    say(event, Math.round(ms));
  };

  const runs = ({ time }: Reached): number => {
    const at = clocks.monotonic();
    if (time > mark.time + (at - mark.at)) mark = { time, at };
    return mark.time + (at - mark.at);
  };
  /** On from the newest entry where the clock is behind it. */
  const onward = (date: number, reached: Reached): Dated => {
    const time = date + reached.ahead;
    if (time >= reached.time) return { t: date, a: reached.ahead };
    if (reached.time - time > AGREE_MS) sayOnce("clock-behind", reached.time - time);
    return { t: Math.floor(Math.max(runs(reached), reached.time)) - reached.ahead, a: reached.ahead };
  };
  const remember = ({ who, ahead }: Author): void => putNewest(heard, who, ahead, HEARD_MAX);
  /** Which of the two that differ is wrong, by the clocks of the others. */
  const wrongOne = (author: Author, date: number): RejectCode => {
    const at = clocks.monotonic();
    const others = [...heard].filter(([who]) => who !== author.who).map(([, ahead]) => at + ahead);
    const withServer = others.filter((reads) => Math.abs(reads - date) <= AGREE_MS).length;
    const withAuthor = others.filter((reads) => Math.abs(reads - (at + author.ahead)) <= AGREE_MS).length;
    if (withAuthor > withServer) return "server-clock";
    return withServer > withAuthor ? "own-clock" : "clocks-differ";
  };
  /** The clock of this computer that agrees with the author's, or is not ahead of it. */
  const choose = (reads: number): { readonly date: number; readonly agrees: boolean } | undefined => {
    const { wall, steady } = clocks.read();
    const both =
      chosen === "wall"
        ? ([
            ["wall", wall],
            ["steady", steady],
          ] as const)
        : ([
            ["steady", steady],
            ["wall", wall],
          ] as const);
    const [near] = both
      .filter(([, date]) => Math.abs(date - reads) <= AGREE_MS)
      .sort(([, a], [, b]) => Math.abs(a - reads) - Math.abs(b - reads));
    const found = near ?? both.find(([, date]) => date < reads);
    if (found === undefined) return undefined;
    if (near !== undefined) chosen = near[0];
    return { date: Math.floor(found[1]), agrees: near !== undefined };
  };
  const present = (): number => Math.floor(clocks.read()[chosen]);

  return {
    heard: (author) => {
      remember(author);
      choose(clocks.monotonic() + author.ahead);
    },
    now: (reached) => {
      const at = clocks.monotonic();
      const { t, a } = onward(present(), reached);
      // Apps take no head that is dated before the last one. Where a clock was a little ahead, heads go slower for a while.
      const least = signed.time + (at - signed.at) / 2;
      const time = least > t + a && least - (t + a) <= AGREE_MS ? least : t + a;
      signed = { time, at };
      return { t: Math.floor(time) - a, a };
    },
    stamp: (reached, author) => {
      if (author === undefined) return onward(present(), reached);
      const reads = clocks.monotonic() + author.ahead;
      const found = choose(reads);
      if (found === undefined) {
        const code = wrongOne(author, present());
        if (code === "server-clock") sayOnce("clock-ahead", present() - reads);
        return code;
      }
      const { date, agrees } = found;
      const back = reached.time - (date + reached.ahead);
      const nearer = Math.abs(date - reads) < Math.abs(runs(reached) - reached.ahead - reads);
      if (back <= AGREE_MS || !agrees || !nearer) return onward(date, reached);
      sayOnce("clock-set-back", back);
      return { t: date, a: reached.time - date };
    },
  };
};
