/**
 * The time of a workspace. A server dates each entry by its clock (`t`), and a clock can be wrong for a while. Limits are
 * therefore not counted in dates but in the time of the workspace, `t + a`: it never goes back, so nothing that was over
 * comes back, and `a` never falls, so between two entries it passes at least as fast as the dates do. When the server's
 * clock was ahead and is right again, entries get the right dates again and `a` becomes what the clock was ahead: for
 * everything that has an end it is as if that time had passed, once, and nothing more is lost.
 *
 * Dates themselves are held by the authors' own clocks: a command names when it ends (`exp`) by its author's clock, and its
 * entry is dated at or before that and not long before it. WHY.md, 26.
 */
import type { Entry } from "../protocol/entry.ts";
import { TIME_MAX } from "../protocol/entry.ts";
import type { RejectCode } from "../facts/reject.ts";
import type { ReadLog } from "./read.ts";
import { at } from "./state.ts";
import type { Chain, Log } from "./state.ts";

export const timeOf = ({ t, a }: Pick<Entry, "t" | "a">): number => t + a;

export const refusedTime = (
  chain: Pick<Chain, "time" | "ahead">,
  entry: Pick<Entry, "t" | "a">,
): RejectCode | undefined =>
  timeOf(entry) < chain.time || entry.a < chain.ahead || timeOf(entry) > TIME_MAX ? "time-went-back" : undefined;

/** How far the workspace's time was ahead of the server's dates at a log position, ms. */
export const aheadAt = (log: ReadLog, position: number): number => at(log.setBacks, position)?.ahead ?? 0;

/** Before the entry is committed. */
export const noteSetBack = (log: Log, entry: Entry): void => {
  if (entry.a > log.ahead)
    log.setBacks.push([entry.s, { from: timeOf(entry), ahead: entry.a, before: log.time - log.ahead }]);
};

/**
 * Whether the log has, behind the position that a command's author had seen, an entry dated later than the command ends.
 * Then it was over when that entry came, and a clock that is set back does not bring it to life: a server could keep a
 * command back until its author believes it void. Who had seen such a date and signs an earlier end says that the date
 * was wrong. Between two set-backs dates only grow, so the last before each is the latest.
 */
export const wasOver = (log: ReadLog, exp: number, seen: number): boolean =>
  (log.seq > seen && log.time - log.ahead > exp) ||
  log.setBacks.some(([position, { before }]) => position - 1 > seen && before > exp);

/** A time of the workspace as a date for people: the server's, as it dated entries at that time. */
export const dateOf = (log: ReadLog, time: number): number =>
  time - (log.setBacks.findLast(([, { from }]) => from <= time)?.[1].ahead ?? 0);
