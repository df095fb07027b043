/**
 * What a connection sends next. One page is on its way at a time, of whichever channel's turn it is: the log first, then
 * lanes, queues and others, and of each kind who waited longest. A channel that has used its credit has no turn, so
 * a long document, or a client that folds slowly, holds up nobody else. Heads of all channels go in one frame.
 */
import { CREDIT_BYTES, DATA_MAX, writeHeads } from "#core/protocol/channels.ts";
import type { ChannelHead } from "#core/protocol/channels.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import { CLOSE } from "#core/protocol/wire.ts";
import { WAITS } from "../fan-out/room.ts";
import type { Readers } from "../fan-out/room.ts";
import { cut, draw, isClosed, isMute, peerOf, sentOn, shut, write } from "./peer.ts";
import type { Channel, Connection, Voice } from "./peer.ts";
import { unread } from "./unread.ts";

/** Heads in one frame, so that it stays as short as a page. */
const HEADS_AT_ONCE = 128;

const rankOf = (doc: DocName): number => {
  if (doc === LOG) return 0;
  if (doc.startsWith("lane:")) return 1;
  return doc.startsWith("queue:") ? 2 : 3;
};

/** Who has the next turn; whoever has no credit is left out until there is some. */
const next = ({ due }: Connection): Channel | undefined => {
  let first: Channel | undefined;
  let best = Number.POSITIVE_INFINITY;
  for (const channel of due) {
    const rank = channel.credit < DATA_MAX ? undefined : rankOf(channel.doc);
    if (rank === undefined) due.delete(channel);
    else if (rank < best) [first, best] = [channel, rank];
    if (best === 0) break;
  }
  return first;
};

const dueHeads = ({ due, site }: Connection): ChannelHead[] => {
  const heads: ChannelHead[] = [];
  for (const channel of due) {
    const head = channel.wantsHead ? site.rooms.head(channel) : undefined;
    if (head === undefined) continue;
    due.delete(channel);
    heads.push({ channel: channel.number, head });
    if (heads.length === HEADS_AT_ONCE) break;
  }
  return heads;
};

const sendPage = async (channel: Channel): Promise<void> => {
  const { connection } = channel;
  const { site } = connection;
  connection.due.delete(channel);
  const ms = site.rooms.wait(channel);
  if (ms > 0) {
    // Who drew more than their share waits, and nobody behind them.
    channel.sendingSince = WAITS;
    setTimeout(() => {
      channel.sendingSince = 0;
      site.rooms.nudge(channel);
    }, ms).unref();
    return;
  }
  connection.sendingSince = site.now();
  try {
    await site.rooms.page(channel);
  } catch (error) {
    unread(site.log, connection.wid, error);
    shut(channel, CLOSE.storage, "document-unreadable");
  }
  site.rooms.nudge(channel);
};

const takeTurns = async (connection: Connection): Promise<void> => {
  while (connection.due.size > 0 && !isClosed(connection)) {
    const heads = dueHeads(connection);
    if (heads.length > 0) await sentOn(connection, writeHeads(heads));
    const channel = next(connection);
    if (channel !== undefined) await sendPage(channel);
  }
  connection.sendingSince = 0;
};
const run = (connection: Connection): void => {
  if (connection.sendingSince !== 0 || connection.due.size === 0) return;
  connection.sendingSince = connection.site.now();
  void takeTurns(connection);
};
/** At the end of this turn of the event loop, so that heads of all documents that changed go together. */
const wake = (connection: Connection): void => {
  if (connection.waking || connection.sendingSince !== 0) return;
  connection.waking = true;
  setImmediate(() => {
    connection.waking = false;
    run(connection);
  });
};

/** Every frame that a room writes is one of SYNC: heads go by turns. */
const writePage = (channel: Channel, frame: Uint8Array, taken: () => void): void => {
  channel.credit -= frame.byteLength;
  write(channel, frame, taken);
};

export const readers: Readers<Voice> = {
  write: (voice, frame, taken) =>
    voice.kind === "channel" ? writePage(voice, frame, taken) : write(voice, frame, taken),
  writeInTurn: (voice, frame) => {
    if (voice.kind === "document") return false;
    const { connection } = voice;
    if (connection.sendingSince !== 0 || connection.due.size > 0 || voice.credit < DATA_MAX) return false;
    connection.sendingSince = connection.site.now();
    writePage(voice, frame, () => {
      connection.sendingSince = 0;
      run(connection);
    });
    return true;
  },
  takesTurns: (voice) => voice.kind === "channel",
  due: (voice) => {
    if (voice.kind === "document") return;
    voice.connection.due.add(voice);
    wake(voice.connection);
  },
  // On a connection the log's head stands for all of them.
  hearsBeat: (voice) => voice.kind === "document" || voice.doc === LOG,
  draw,
  closed: isMute,
  cut: (voice) => cut(peerOf(voice)),
  fail: (voice, error) => {
    const { site, wid } = peerOf(voice);
    unread(site.log, wid, error);
    shut(voice, CLOSE.storage, "document-unreadable");
  },
};

/** The client is done with so many bytes. */
export const giveCredit = (channel: Channel, bytes: number): void => {
  if (channel.credit + bytes > CREDIT_BYTES) return shut(channel, CLOSE.malformed, "too-much-credit");
  channel.credit += bytes;
  channel.connection.site.rooms.nudge(channel);
};

/** Whether nothing was taken for so long that nobody is there to take it. */
export const stalls = ({ sendingSince, site }: Connection): boolean =>
  sendingSince !== 0 && site.now() - sendingSince > site.limits.numbers.stallMs;
