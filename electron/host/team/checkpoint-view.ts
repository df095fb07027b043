/** What is said of the last checkpoint, and who may sign the next. */
import type { Live } from "#client/live.ts";
import { maySign, sinceCheckpoint } from "#client/upkeep/checkpoints.ts";
import type { CheckpointView } from "#bridge/workspace.ts";
import { nameOf } from "../people/names.ts";

export const checkpointView = (live: Live): CheckpointView => {
  const { checkpoint } = live.log;
  return {
    last: checkpoint === null ? null : { at: live.replica.timeOf(checkpoint.seq), by: nameOf(live.log, checkpoint.by) },
    since: sinceCheckpoint(live),
    behind: live.history(),
    sign: maySign(live),
  };
};
