/**
 * What a device that was closed may still read: the log up to the entry that closed it. Up to there it was for this device
 * anyway, and that entry is signed, so an app can say who ended what, and no server has to be believed.
 */
import { setTimeout as pause } from "node:timers/promises";
import { LOG } from "#core/protocol/ids.ts";
import { CLOSE } from "#core/protocol/wire.ts";
import { lengthInStateVector, updateFrame } from "../fan-out/array-update.ts";
import type { Shut } from "../admission/auth.ts";
import { close, isClosed, sent } from "./peer.ts";
import type { Peer, Site } from "./peer.ts";

const PAGE = { entries: 2_000, characters: 262_144 };

/** Who is being told the end, by workspace and device. */
const told = new WeakMap<Site, Map<string, Peer>>();
/** One socket of a device at a time: who waits for a turn is not late, and must not take the places of others. */
const takePlace = (peer: Peer, name: string): (() => void) => {
  const here = told.get(peer.site) ?? new Map<string, Peer>();
  told.set(peer.site, here);
  const before = here.get(name);
  if (before !== undefined) close(before, CLOSE.tooMuch, "this device came again");
  here.set(name, peer);
  return () => void (here.get(name) === peer && here.delete(name));
};

/** It is nobody's member any more, and each dial could ask for all of it: so a device has a share of its own, and waits beyond it. */
const turnFor = async ({ site, wid }: Peer, device: string, bytes: number): Promise<void> => {
  const ms = site.limits.draw(`${wid} closed ${device}`, bytes);
  if (ms > 0) await pause(ms);
};

/** Sends what its copy lacks, as it said in the SyncStep1 that was held back, then closes. Who asked for nothing is closed at once. */
export const farewell = async (peer: Peer, device: string, shut: Shut): Promise<void> => {
  const { site, wid, greeting } = peer;
  const { until = 0 } = shut;
  const leave = takePlace(peer, `${wid} ${device}`);
  const length = greeting?.held === undefined ? null : lengthInStateVector(greeting.held);
  try {
    for (let from = length ?? until; from < until && !isClosed(peer);) {
      await turnFor(peer, device, PAGE.characters);
      if (isClosed(peer)) return;
      const entries = await site.entries(wid, LOG, from + 1, {
        ...PAGE,
        entries: Math.min(PAGE.entries, until - from),
      });
      if (entries.length === 0) break;
      const frame = updateFrame(from, entries);
      site.limits.draw(`${wid} closed ${device}`, frame.byteLength - PAGE.characters);
      await sent(peer, frame);
      from += entries.length;
    }
  } catch {
    return close(peer, CLOSE.storage, "the workspace cannot be read now");
  } finally {
    leave();
  }
  close(peer, shut.code, shut.reason);
};
