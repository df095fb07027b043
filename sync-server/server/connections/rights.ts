/**
 * Who may go on reading. After each batch that changed the log, and where a right may end at a date, all are judged by the
 * same function that let them in: a socket of a device that was closed ends, and so does each document that it may read no
 * longer.
 */
import type { DeviceId } from "#core/protocol/ids.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { ReadLog } from "#core/rules/read.ts";
import { timeOf } from "#core/rules/time.ts";
import { refusedDevice } from "../admission/auth.ts";
import { close, shut } from "./peer.ts";
import type { Channel, Peer } from "./peer.ts";

/** Every device reads the log, so what is refused there ends all of it. */
const rejudgeChannels = (channels: Iterable<Channel>, log: ReadLog, device: DeviceId, now: number): void => {
  for (const channel of channels) {
    const refused = channel.state === "open" ? refusedDevice(log, device, channel.doc, now) : undefined;
    if (refused !== undefined) shut(channel, refused.code, refused.reason);
  }
};

export const rejudge = (peer: Peer, log: ReadLog): void => {
  const { state, admission } = peer;
  if (state !== "open" || admission?.as !== "device") return;
  const now = timeOf(peer.site.sequencer(peer.wid).dated());
  const { device } = admission;
  const refused = refusedDevice(log, device, peer.kind === "document" ? peer.doc : LOG, now);
  if (refused !== undefined) return close(peer, refused.code, refused.reason);
  if (peer.kind === "connection") rejudgeChannels(peer.channels.values(), log, device, now);
};
