/**
 * The level of a workspace as a person sees it, and its raise: by an Owner, one step, where this build knows more (LV2, LV12).
 * The shell signs a raise only after a click in a window that it draws (clicks.ts).
 */
import { LOG } from "#core/protocol/ids.ts";
import { BUILD } from "#core/protocol/levels.ts";
import { behind, levelAt, nextLevel } from "#core/rules/level.ts";
import { roleOf } from "#core/rules/may.ts";
import type { ReadDevice, ReadLog } from "#core/rules/read.ts";
import { OWNER } from "#core/rules/roles.ts";
import type { Knows } from "#core/rules/state.ts";
import type { LevelView } from "#bridge/workspace.ts";
import type { Live } from "#client/live.ts";
import { rejected } from "../seams.ts";

const next = (log: ReadLog, { knows }: Knows) => nextLevel(log, { ...BUILD, knows });
const mayRaise = ({ log, me }: Live): boolean => roleOf(log, me) === OWNER;

export const levelView = (live: Live, build: Knows): LevelView => ({
  now: levelAt(live.log),
  next: next(live.log, build)?.to ?? null,
  mayRaise: mayRaise(live),
});

/** Devices that stop at what this level brings, or at what the next one would: nobody stops at the first. */
export const behindHere = (log: ReadLog, build: Knows): ReadonlySet<ReadDevice> => {
  const to = next(log, build)?.to ?? levelAt(log);
  return new Set(to > 1 ? behind(log, to) : []);
};

/** Throws `Refusal`: not an Owner's, or no longer the step that was on the screen. */
export const raise = async (live: Live, build: Knows, step: { from: number; to: number }): Promise<void> => {
  if (!mayRaise(live)) throw rejected("owner-signs");
  const now = next(live.log, build);
  if (now?.from !== step.from || now.to !== step.to) throw rejected("stale");
  await live.outbox.now("workspace.level", LOG, now);
};
