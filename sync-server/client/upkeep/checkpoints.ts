/** Checkpoints of a workspace: when one is due, and who may sign. */
import type { CryptoDep } from "#core/protocol/crypto.ts";
import { stateFormat } from "#core/protocol/levels.ts";
import { levelAt } from "#core/rules/level.ts";
import { why } from "#core/facts/why.ts";
import { stateHashOf } from "#core/rules/checkpoint.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { Hash } from "#core/protocol/ids.ts";
import { roleOf } from "#core/rules/may.ts";
import type { Answer } from "#core/rules/may.ts";
import { OWNER } from "#core/rules/roles.ts";
import { Refusal } from "#core/facts/refusal.ts";
import type { Live } from "../live.ts";

/** A new device then verifies at most so many entries before it is in use: about a second. */
export const CHECKPOINT_EVERY = 1_000;
/** The log may grow between the reading of the state and its arrival at the server. */
const ATTEMPTS = 3;
/** What was faster is on its way here. */
const ARRIVES_WITHIN_MS = 15_000;

/** An Owner signs what this computer verified itself, from the founding on. */
export const maySign = ({ log, me, history }: Live): Answer => {
  if (roleOf(log, me) !== OWNER) return { allowed: false, why: why("owner-signs") };
  return history() === null
    ? { allowed: true, why: why("checkpoint.owner") }
    : { allowed: false, why: why("checkpoint.verifying") };
};

export const sinceCheckpoint = ({ log }: Live): number => log.seq - (log.checkpoint?.seq ?? 0);
export const checkpointDue = (live: Live): boolean =>
  sinceCheckpoint(live) >= CHECKPOINT_EVERY && maySign(live).allowed;

export interface CheckpointDeps {
  readonly crypto: CryptoDep;
}
/** Signs the state as this computer verified it. Throws `Refusal`. */
export const signCheckpoint = async ({ crypto }: CheckpointDeps, live: Live): Promise<void> => {
  const may = maySign(live);
  if (!may.allowed) throw new Refusal(may.why);
  for (let attempt = 1; ; attempt += 1) {
    const { log } = live;
    const { seq, head } = log;
    try {
      return await live.outbox.now("checkpoint", LOG, {
        v: stateFormat(levelAt(log)),
        at: [seq, head as Hash],
        stateHash: stateHashOf(crypto, log),
      });
    } catch (error) {
      if (attempt === ATTEMPTS || !(error instanceof Refusal) || error.code !== "stale") throw error;
      await live.reached(seq + 1, ARRIVES_WITHIN_MS);
    }
  }
};
