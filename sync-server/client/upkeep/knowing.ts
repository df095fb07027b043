/**
 * What this app knows, told to the log: its version, and the newest level. An Owner who raises the level reads there whom
 * that leaves behind (LV3), so it is the device's own word and not the server's.
 *
 * Each entry stays for ever and takes of what its person may write in a day (BU2), so it is told only where the log says
 * otherwise, and tried until it was answered once: two apps that are started in turn write no more than one entry a start.
 */
import { LOG } from "#core/protocol/ids.ts";
import { isPassing, isReject } from "#core/facts/reject.ts";
import { Refusal } from "#core/facts/refusal.ts";
import type { Knows } from "#core/rules/state.ts";
import type { Live } from "../live.ts";

export interface Knowing {
  /** Called while in sync. Never rejects for a refusal. */
  tell(): Promise<void>;
}

export const createKnowing = (live: Live, { version, knows }: Knows): Knowing => {
  let answered = false;
  return {
    tell: async () => {
      const own = live.log.devices.get(live.device);
      if (answered || own === undefined || own.to !== null) return;
      if (own.knows?.version === version && own.knows.knows === knows) return;
      try {
        await live.outbox.now("device.knows", LOG, { version, knows });
        answered = true;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        // Without an answer it is told again; what the rules refuse would be refused again.
        answered = isReject(error.code) && !isPassing(error.code);
      }
    },
  };
};
