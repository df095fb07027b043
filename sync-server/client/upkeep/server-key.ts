/**
 * The founder records with which key the server signs heads. Until the log has it, heads are only as good as the
 * connection, so it is told again and again, also after a restart: once is lost with one cut, one full disk or one kill.
 */
import { LOG } from "#core/protocol/ids.ts";
import { may } from "#core/rules/may.ts";
import type { WorkspaceStore } from "../ports/store.ts";
import type { Live } from "../live.ts";

/** Rejects with `Refusal` where it did not work this time. */
export const tellServerKey = async (live: Live, rows: WorkspaceStore): Promise<void> => {
  const { wid, log, me } = live;
  const x = rows.owedKey(wid);
  if (x === null) return;
  if (log.serverKey === null) {
    if (!may(log, me, "workspace.configure").allowed) return;
    await live.outbox.now("server.key", LOG, { x });
  }
  rows.keyTold(wid);
};
