/** Opening channels: all that one OPEN asks for is judged in one step and answered in one frame. */
import { CREDIT_BYTES, readConnectionFrame, writeOpened } from "#core/protocol/channels.ts";
import type { Asked, Had, Opened } from "#core/protocol/channels.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import { timeOf } from "#core/rules/time.ts";
import { CLOSE } from "#core/protocol/wire.ts";
import { refusedOf } from "../admission/auth.ts";
import type { Tip } from "../order/news.ts";
import type { Dated } from "../order/timeline.ts";
import type { Workspace } from "../order/workspace.ts";
import type { KnownAsked, KnownOpen } from "./known-opens.ts";
import { close, forget, isClosed, sendOn } from "./peer.ts";
import type { Channel, Connection } from "./peer.ts";
import { unread } from "./unread.ts";

interface Opening {
  readonly asked: Asked;
  readonly channel: Channel;
}
type Answers = Map<number, Opened>;

const newChannel = (connection: Connection, { channel, doc }: Asked): Channel => ({
  kind: "channel",
  connection,
  number: channel,
  doc,
  state: "opening",
  credit: CREDIT_BYTES,
  fetching: false,
  room: undefined,
  cursor: null,
  wantsStep2: false,
  wantsHead: false,
  drawn: 0,
  sendingSince: 0,
});

const refuse = (answers: Answers, { channel }: Asked, code: number): void =>
  void answers.set(channel, { channel, answer: "refused", code });

/** Counts them from now on; null where a number is not above every one before it. */
const register = (connection: Connection, asked: readonly Asked[], answers: Answers): Opening[] | null => {
  const { channels, site } = connection;
  const here = new Set<DocName>([...channels.values()].map(({ doc }) => doc));
  const opening: Opening[] = [];
  for (const each of asked) {
    if (each.channel <= connection.last) return null;
    connection.last = each.channel;
    if (here.has(each.doc)) refuse(answers, each, CLOSE.malformed);
    else if (channels.size >= site.limits.numbers.channelsPerConnection) refuse(answers, each, CLOSE.tooMuch);
    else {
      const channel = newChannel(connection, each);
      here.add(each.doc);
      channels.set(each.channel, channel);
      opening.push({ asked: each, channel });
    }
  }
  return opening;
};

/** Where there is nothing it is not unchanged either: somebody who has nothing hears who says so. */
const isUnchanged = (had: Had | null, { seq, head }: Tip): had is Had =>
  had !== null && seq > 0 && had.length === seq && had.head === head;

/** Whether it is as they have it. */
const enter = ({ asked: { had }, channel }: Opening, tip: Tip, at: Dated): boolean => {
  const { site, wid } = channel.connection;
  site.rooms.enter(wid, tip, channel, at);
  // The room's own name, so that no channel keeps the one that it was asked for by.
  channel.doc = channel.room?.doc ?? channel.doc;
  channel.state = "open";
  if (!isUnchanged(had, tip)) return false;
  channel.cursor = tip.seq;
  return true;
};

/** In one step, by what the store held at one moment: nothing is known of a document that is newer than the log that judges. */
const judge = (connection: Connection, workspace: Workspace, opening: readonly Opening[], answers: Answers): void => {
  const { site, wid, admission } = connection;
  if (admission?.as !== "device") return;
  const at = site.sequencer(wid).dated();
  const refusedAt = refusedOf(workspace.log, admission.device, timeOf(at));
  for (const each of opening) {
    const { asked, channel } = each;
    // It may have been ended meanwhile, and all of the connection.
    if (channel.state !== "opening") continue;
    const refused = refusedAt(asked.doc);
    if (refused === undefined) {
      const tip = workspace.tip(asked.doc);
      const number = asked.channel;
      if (enter(each, tip, at)) answers.set(number, { channel: number, answer: "unchanged" });
      else answers.set(number, { channel: number, answer: "changed", length: tip.seq });
    } else {
      forget(channel);
      refuse(answers, asked, refused.code);
    }
  }
};

/** The same of what was asked before; false, and nothing is done, where it has to be looked at one by one. */
const judgeKnown = (connection: Connection, workspace: Workspace, known: KnownOpen, opening: readonly Opening[]) => {
  const { site, wid, admission } = connection;
  if (admission?.as !== "device" || opening.length < known.asked.length) return false;
  const at = site.sequencer(wid).dated();
  const refusedAt = refusedOf(workspace.log, admission.device, timeOf(at));
  const holds =
    opening.every(({ channel }) => channel.state === "opening") &&
    known.bases.every((base) => refusedAt(base) === undefined) &&
    known.asked.every(({ doc, had }) => isUnchanged(had, workspace.tip(doc)));
  if (holds) for (const each of opening) enter(each, workspace.tip(each.asked.doc), at);
  return holds;
};

/** Only now, behind the answer: entries of a channel that was not answered yet could not be told from others. */
const begin = ({ asked: { had }, channel }: Opening): void => {
  const { site } = channel.connection;
  if (channel.state !== "open") return;
  if (channel.cursor === null && had !== null) site.rooms.follow(channel, had.length);
  if (channel.cursor !== null && channel.doc === LOG) site.rooms.tell(channel);
};

/** The answer, where there is anything to answer. */
const answerOf = (asked: readonly Asked[], answers: Answers): Uint8Array | undefined => {
  const opened = asked.flatMap(({ channel }) => answers.get(channel) ?? []);
  return opened.length > 0 ? writeOpened(opened) : undefined;
};
const allUnchanged = (asked: readonly Asked[], answers: Answers): asked is readonly KnownAsked[] =>
  asked.every(({ channel }) => answers.get(channel)?.answer === "unchanged");

export const readOpen = (bytes: Uint8Array): readonly Asked[] | undefined => {
  const frame = readConnectionFrame(bytes);
  return frame?.type === "open" ? frame.asked : undefined;
};

/** `bytes` is an OPEN as it came. */
export const openChannels = async (connection: Connection, bytes: Uint8Array): Promise<void> => {
  const { site, wid } = connection;
  const key = site.opens.keyOf(wid, bytes);
  const known = key === undefined ? undefined : site.opens.get(key);
  const asked = known?.asked ?? readOpen(bytes);
  if (asked === undefined) return close(connection, CLOSE.malformed, "malformed-frame");
  const answers: Answers = new Map();
  const opening = register(connection, asked, answers);
  if (opening === null) return close(connection, CLOSE.malformed, "channel-number-twice");
  const answer = (workspace: Workspace): void => {
    const still = known !== undefined && judgeKnown(connection, workspace, known, opening);
    if (!still) judge(connection, workspace, opening, answers);
    if (isClosed(connection)) return;
    const frame = still ? known.unchanged : answerOf(asked, answers);
    if (frame !== undefined) sendOn(connection, frame);
    if (key !== undefined && frame !== undefined && known === undefined && allUnchanged(asked, answers))
      site.opens.keep(key, asked, frame);
    for (const each of opening) begin(each);
  };
  try {
    const docs = opening.map(({ asked: { doc } }) => doc);
    await site.sequencer(wid).ask(docs, answer);
  } catch (error) {
    unread(site.log, wid, error);
    close(connection, CLOSE.storage, "workspace-unreadable");
  }
};
