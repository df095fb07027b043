/** Checkpoints of a workspace: when one is due, who may sign, and what is said of the last one. */
import { stateHashOf } from "#core/rules/checkpoint.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { Hash } from "#core/protocol/ids.ts";
import { roleOf } from "#core/rules/may.ts";
import { REJECTS } from "#core/facts/reject.ts";
import { OWNER } from "#core/rules/roles.ts";
import type { CheckpointView } from "#bridge/workspace.ts";
import type { Verdict } from "#bridge/answer.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { nodeCrypto } from "#node/crypto.ts";
import type { Live } from "#client/live.ts";
import { nameOf } from "../team/names.ts";

/** A new device then verifies at most so many entries before it is in use: about a second. */
export const CHECKPOINT_EVERY = 1_000;
/** The log may grow between the reading of the state and its arrival at the server. */
const ATTEMPTS = 3;
/** What was faster is on its way here. */
const ARRIVES_WITHIN_MS = 15_000;

/** An Owner signs what this computer verified itself, from the founding on. */
export const maySign = ({ log, me, history }: Live): Verdict => {
  if (roleOf(log, me) !== OWNER) return { allowed: false, rule: REJECTS["owner-signs"] };
  return history() === null
    ? { allowed: true, rule: "An Owner signs checkpoints." }
    : {
        allowed: false,
        rule: "This computer is still verifying the history behind the checkpoint that it began with.",
      };
};

const since = ({ log }: Live): number => log.seq - (log.checkpoint?.seq ?? 0);
export const checkpointDue = (live: Live): boolean => since(live) >= CHECKPOINT_EVERY && maySign(live).allowed;

/** Signs the state as this computer verified it. Throws `Refusal`. */
export const signCheckpoint = async (live: Live): Promise<void> => {
  const may = maySign(live);
  if (!may.allowed) throw new Refusal("owner-signs", may.rule);
  for (let attempt = 1; ; attempt += 1) {
    const { log } = live;
    const { seq, head } = log;
    try {
      return await live.outbox.now("checkpoint", LOG, {
        v: 1,
        at: [seq, head as Hash],
        stateHash: stateHashOf(nodeCrypto, log),
      });
    } catch (error) {
      if (attempt === ATTEMPTS || !(error instanceof Refusal) || error.code !== "stale") throw error;
      await live.reached(seq + 1, ARRIVES_WITHIN_MS);
    }
  }
};

export const checkpointView = (live: Live): CheckpointView => {
  const { checkpoint } = live.log;
  return {
    last: checkpoint === null ? null : { at: live.replica.timeOf(checkpoint.seq), by: nameOf(live.log, checkpoint.by) },
    since: since(live),
    behind: live.history(),
    sign: maySign(live),
  };
};
