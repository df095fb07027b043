import type { DeviceId, MemberId, WorkspaceId } from "#core/protocol/ids.ts";
import type { WorkspaceRow } from "#client/ports/store.ts";

/** A membership as a store keeps it, with what a test says of it. Names are texts here; a store reads only such as name something. */
export const keptRow = (
  over: Partial<Omit<WorkspaceRow, "wid" | "member" | "device" | "pin">> & {
    readonly wid?: string;
    readonly member?: string;
    readonly device?: string;
    readonly pin?: readonly [number, string];
  } = {},
): WorkspaceRow => ({
  nextDevice: null,
  server: "http://127.0.0.1:1",
  embedded: null,
  paused: false,
  halt: null,
  ...over,
  wid: (over.wid ?? "w".repeat(22)) as WorkspaceId,
  member: (over.member ?? "m".repeat(22)) as MemberId,
  device: (over.device ?? "d".repeat(22)) as DeviceId,
  pin: (over.pin ?? [0, ""]) as WorkspaceRow["pin"],
});
