/**
 * Why a reader is told "storage". What the store refuses is noted where it refuses; anything else is a fault of ours,
 * which would look the same to the reader and to the log if nobody named it.
 */
import { faultOf } from "#core/facts/fault.ts";
import type { WorkspaceId } from "#core/protocol/ids.ts";
import { StoreProblem } from "../store/store.ts";
import type { Log } from "../system/log.ts";

export const unread = (log: Log, wid: WorkspaceId, error: unknown): void => {
  if (error instanceof StoreProblem) return;
  const { name, stack } = faultOf(error);
  log({ event: "fault", workspace: wid, error: name, frames: stack });
};
