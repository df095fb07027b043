/** Looks twice a second at what workspaces lack, while any does: what is back, what is waited for no more, and what came last. */
import type { CryptoDep } from "#core/protocol/crypto.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { WorkspaceId } from "#core/protocol/ids.ts";
import type { Log } from "../system/log.ts";
import { fillQueues, putBack } from "../order/put-back.ts";
import type { Sequencer } from "../order/sequencer.ts";
import type { ChainStore } from "../store/store.ts";
import type { Losses } from "./losses.ts";

const TICK_MS = 500;

export interface SettlingDeps {
  readonly crypto: CryptoDep;
  readonly store: Pick<ChainStore, "read">;
  readonly log: Log;
  readonly sequencer: (wid: WorkspaceId) => Sequencer;
  readonly losses: Losses;
}
export interface Settling {
  /** Something is known to be lost. */
  begin(): void;
  close(): void;
}

export const createSettling = ({ crypto, store, log, sequencer, losses }: SettlingDeps): Settling => {
  let ticking: NodeJS.Timeout | undefined;
  let busy = false;

  const lookForMissing = async (wid: WorkspaceId): Promise<void> => {
    for (const [doc, seq] of losses.missing(wid)) {
      const length = await sequencer(wid).ask([LOG, doc], async (workspace) => (await workspace.chain(doc)).seq);
      losses.hasNow(wid, doc, length);
      if (length >= seq || !losses.stalled(wid)) continue;
      log({ event: "give-back-stalled", workspace: wid, document: doc, count: seq - length });
      losses.giveUp(wid, doc);
    }
  };
  const putTails = async (wid: WorkspaceId): Promise<void> => {
    for (const { head, entries } of losses.tails(wid)) {
      const { d: doc, s: from } = head;
      const code = await sequencer(wid).take((workspace) => putBack(workspace, doc, from, entries));
      log({
        event: code === undefined ? "given-back" : "give-back-refused",
        workspace: wid,
        document: doc,
        count: entries.length,
        ...(code === undefined ? {} : { code }),
      });
      if (code === undefined) losses.gotBack(wid, doc, from + 1, 0);
    }
  };
  const settle = async (wid: WorkspaceId): Promise<void> => {
    await lookForMissing(wid);
    if (!losses.quiet(wid)) return;
    await putTails(wid);
    const lanes = new Map([...losses.given(wid).back].filter(([doc]) => doc.startsWith("lane:")));
    await sequencer(wid).take((workspace) =>
      fillQueues(workspace, lanes, { crypto, read: (doc, at, limit) => store.read(wid, doc, at, limit) }),
    );
    const { count } = losses.given(wid);
    losses.recovered(wid);
    log({ event: "recovered", workspace: wid, count });
  };
  const tick = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    // A store that cannot be read now is asked again.
    for (const wid of losses.all()) await settle(wid).catch(() => undefined);
    busy = false;
    if (losses.all().length > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };

  return {
    begin: () => {
      ticking ??= setInterval(() => void tick(), TICK_MS).unref();
    },
    close: () => clearInterval(ticking),
  };
};
