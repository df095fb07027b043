/**
 * What a device that was closed may still read: the log up to the entry that closed it. Up to there it was for this device
 * anyway, and that entry is signed, so an app can say who ended what, and no server has to be believed.
 */
import { LOG } from "#core/ids.ts";
import { CLOSE } from "#core/wire.ts";
import { lengthInStateVector, updateFrame } from "./array-update.ts";
import type { Shut } from "./auth.ts";
import { close, isClosed, sent } from "./peer.ts";
import type { Peer } from "./peer.ts";

const PAGE = { entries: 2_000, characters: 262_144 };

/** Sends what its copy lacks, as it said in the SyncStep1 that was held back, then closes. Who asked for nothing is closed at once. */
export const farewell = async (peer: Peer, shut: Shut): Promise<void> => {
  const { site, wid, greeting } = peer;
  const { until = 0 } = shut;
  const length = greeting?.held === undefined ? null : lengthInStateVector(greeting.held);
  try {
    for (let from = length ?? until; from < until && !isClosed(peer); ) {
      const entries = await site.entries(wid, LOG, from + 1, { ...PAGE, entries: Math.min(PAGE.entries, until - from) });
      if (entries.length === 0) break;
      await sent(peer, updateFrame(from, entries));
      from += entries.length;
    }
  } catch {
    return close(peer, CLOSE.storage, "the workspace cannot be read now");
  }
  close(peer, shut.code, shut.reason);
};
