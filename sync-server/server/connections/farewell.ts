/**
 * What a device that was closed may still read: the log up to the entry that closed it. Up to there it was for this device
 * anyway, and that entry is signed, so an app can say who ended what, and no server has to be believed.
 */
import { setTimeout as pause } from "node:timers/promises";
import { LOG } from "#core/protocol/ids.ts";
import { CLOSE } from "#core/protocol/wire.ts";
import { lengthInStateVector } from "../fan-out/array-update.ts";
import { createPages } from "../fan-out/pages.ts";
import type { Shut } from "../admission/auth.ts";
import { close, isClosed, sentOn } from "./peer.ts";
import type { Peer, Site } from "./peer.ts";
import { unread } from "./unread.ts";

/** What a page may take, before it is known. */
const PAGE_BYTES = 65_536;

/** Who is being told the end, by workspace and device. */
const told = new WeakMap<Site, Map<string, Peer>>();
/** One socket of a device at a time: who waits for a turn is not late, and must not take the places of others. */
const takePlace = (peer: Peer, name: string): (() => void) => {
  const here = told.get(peer.site) ?? new Map<string, Peer>();
  told.set(peer.site, here);
  const before = here.get(name);
  if (before !== undefined) close(before, CLOSE.tooMuch, "device-came-again");
  here.set(name, peer);
  return () => void (here.get(name) === peer && here.delete(name));
};

/** It is nobody's member any more, and each dial could ask for all of it: so a device has a share of its own, and waits beyond it. */
const turnFor = async ({ site, wid }: Peer, device: string, bytes: number): Promise<void> => {
  const ms = site.limits.draw(`${wid} closed ${device}`, bytes);
  if (ms > 0) await pause(ms);
};

/**
 * Sends what its copy lacks, as it said in the SyncStep1 that was held back, then closes. Who asked for nothing is closed
 * at once.
 */
export const farewell = (peer: Peer, device: string, shut: Shut, held: Uint8Array | undefined): Promise<void> =>
  sendEnd(peer, device, shut, {
    length: held === undefined ? null : lengthInStateVector(held),
    wrap: (frame) => frame,
  });

/** The copy that is told the end: its length, null where nothing was asked, and how a frame gets to it. */
export interface Copy {
  readonly length: number | null;
  readonly wrap: (frame: Uint8Array) => Uint8Array;
}
export const sendEnd = async (peer: Peer, device: string, shut: Shut, copy: Copy): Promise<void> => {
  const { site, wid } = peer;
  const { until = 0 } = shut;
  const leave = takePlace(peer, `${wid} ${device}`);
  const pages = createPages({ read: site.entries }, wid, LOG);
  try {
    for (let from = copy.length ?? until; from < until && !isClosed(peer);) {
      await turnFor(peer, device, PAGE_BYTES);
      if (isClosed(peer)) return;
      const page = await pages.from(from, until);
      if (page.to === from) break;
      site.limits.draw(`${wid} closed ${device}`, page.frame.byteLength - PAGE_BYTES);
      await sentOn(peer, copy.wrap(page.frame));
      from = page.to;
    }
  } catch (error) {
    unread(site.log, wid, error);
    return close(peer, CLOSE.storage, "workspace-unreadable");
  } finally {
    leave();
  }
  close(peer, shut.code, shut.reason);
};
