/** Why a stored history is not served: it is broken, or a newer server wrote it (LV11). Nothing is written to it either way. */
import type { CloseReason } from "#core/facts/close-reason.ts";
import type { RejectCode } from "#core/facts/reject.ts";
import { CLOSE } from "#core/protocol/wire.ts";
import { StoreProblem } from "../store/store.ts";

export const unfolded = (code: RejectCode): StoreProblem =>
  code === "newer"
    ? new StoreProblem(
        "newer",
        "A workspace here is at a level that this version of the server does not know. Start the newer version again; the others are served.",
      )
    : new StoreProblem(
        "corrupt",
        `The stored history of a workspace does not fit together (${code}). Restore the store from a backup.`,
      );

/** How a connection ends over a workspace that cannot be read. */
export const unreadableClose = (error: unknown): readonly [code: number, reason: CloseReason] =>
  error instanceof StoreProblem && error.code === "newer"
    ? [CLOSE.serverTooOld, "server-too-old"]
    : [CLOSE.storage, "workspace-unreadable"];
