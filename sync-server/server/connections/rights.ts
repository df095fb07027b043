/**
 * Who may go on reading. After each batch that changed the log, and where a right may end at a date, all are judged by the
 * same function that let them in: a socket of a device that was closed ends, and so does each document that it may read no
 * longer.
 */
import type { DeviceId, DocName } from "#core/protocol/ids.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { ReadLog } from "#core/rules/read.ts";
import { refusedDevice } from "../admission/auth.ts";
import type { Shut } from "../admission/auth.ts";
import { close, shut } from "./peer.ts";
import type { Channel, Connection, Peer } from "./peer.ts";

/** Why a device may not read a document now, or undefined where it may. */
type Judge = (device: DeviceId, doc: DocName) => Shut | undefined;

/** Judges all that is open at one position and time. */
export const judgeAt = (log: ReadLog, now: number): ((peer: Peer) => void) => {
  const judge: Judge = (device, doc) => refusedDevice(log, device, doc, now);
  return (peer) => rejudge(peer, judge);
};

const rejudge = (peer: Peer, judge: Judge): void => {
  const { state, admission } = peer;
  if (state !== "open" || admission?.as !== "device") return;
  const { device } = admission;
  // Every device reads the log, so what is refused there ends all of it.
  const refused = judge(device, peer.kind === "document" ? peer.doc : LOG);
  if (refused !== undefined) return close(peer, refused.code, refused.reason);
  if (peer.kind === "connection") rejudgeChannels(peer, device, judge);
};

/** Epochs do not end, so what is open is asked once for all epochs of a document. */
const rejudgeChannels = ({ channels }: Connection, device: DeviceId, judge: Judge): void => {
  const asked = new Map<DocName, Shut | undefined>();
  for (const channel of channels.values()) {
    const base = baseOf(channel);
    if (base === undefined) continue;
    if (!asked.has(base)) asked.set(base, judge(device, base));
    const refused = asked.get(base);
    if (refused !== undefined) shut(channel, refused.code, refused.reason);
  }
};
const baseOf = ({ state, room }: Channel): DocName | undefined => (state === "open" ? room?.base : undefined);
