/**
 * One socket of a device, whose documents are channels on it (core/protocol/channels.ts). It begins like a document's
 * socket: hello -> judging -> open -> closing, and one OPEN may be held back while the answer is judged. A channel is
 * opening -> open -> shutting -> shut; numbers only grow, so one that is gone cannot be mistaken for another.
 */
import { unreadableClose } from "../order/unfolded.ts";
import type { WebSocket } from "ws";
import { OPEN, readConnectionFrame, writeData } from "#core/protocol/channels.ts";
import type { ConnectionFrame } from "#core/protocol/channels.ts";
import { LOG } from "#core/protocol/ids.ts";
import { timeOf } from "#core/rules/time.ts";
import { CLOSE, readClientFrame, WELCOME, WIRE_RANGE, writeText } from "#core/protocol/wire.ts";
import { judgeDevice, readAuth2 } from "../admission/auth.ts";
import type { Admission, Shut } from "../admission/auth.ts";
import { sendEnd } from "./farewell.ts";
import { greet, judging, letIn, mayCome, newGreeting, refuseAnswer } from "./greeting.ts";
import type { Dial } from "./greeting.ts";
import { openChannels, readOpen } from "./opening.ts";
import { close, closeAfter, forget, isClosed, noDeadline, sendOn, shut } from "./peer.ts";
import type { Channel, Connection, PeerSocket, Site } from "./peer.ts";
import { isSpeech, onClock, onSpeech } from "./speech.ts";
import { deviceOf } from "./standing.ts";
import { giveCredit } from "./turns.ts";

export const openConnection = (site: Site, ws: PeerSocket, dial: Omit<Dial, "doc">): Connection => {
  const connection: Connection = {
    kind: "connection",
    site,
    ws,
    wid: dial.wid,
    belt: dial.belt,
    state: "hello",
    greeting: newGreeting(),
    admission: undefined,
    frames: site.limits.strangerFrames.fresh(),
    pingedAt: 0,
    ahead: undefined,
    deadline: undefined,
    channels: new Map(),
    last: 0,
    due: new Set(),
    sendingSince: 0,
    waking: false,
    leaves: undefined,
  };
  ws.on("message", onMessage);
  greet(connection, dial.origin);
  return connection;
};

function onMessage(this: WebSocket, bytes: unknown, binary: boolean): void {
  const { peer } = this as PeerSocket;
  if (peer?.kind === "connection") receive(peer, bytes, binary);
}

/** Bytes of a frame of lists that count as one frame. */
const COUNTS_AS_ONE = 1_024;

const receive = (connection: Connection, bytes: unknown, binary: boolean): void => {
  if (!mayCome(connection)) return;
  if (binary && bytes instanceof Uint8Array && bytes[0] === OPEN) return onOpen(connection, bytes);
  const frame = binary && bytes instanceof Uint8Array ? readConnectionFrame(bytes) : null;
  // An OPEN has one spelling, and another one is none.
  if (frame === null || frame.type === "open") return close(connection, CLOSE.malformed, "malformed-frame");
  onFrame(connection, frame, bytes as Uint8Array);
};

const onFrame = (
  connection: Connection,
  frame: Exclude<ConnectionFrame, { type: "open" }>,
  bytes: Uint8Array,
): void => {
  if (frame.type === "auth") return void onAuth(connection, frame.jws);
  if (connection.state !== "open") return close(connection, CLOSE.unauthorized, "answer-first");
  switch (frame.type) {
    case "clock":
      return void onClock(connection, frame.reads);
    case "data":
      return onData(connection, frame.channel, frame.frame);
    case "shut":
      return at(connection, frame.channel, forget);
    case "credit":
      if (!counts(connection, bytes)) return;
      for (const { channel, bytes: given } of frame.given) at(connection, channel, (known) => giveCredit(known, given));
  }
};

/** A list counts by its size; false where it is too much. */
const counts = (connection: Connection, { byteLength }: Uint8Array): boolean => {
  const { limits } = connection.site;
  // It was counted as one frame when it came.
  const more = Math.floor(byteLength / COUNTS_AS_ONE);
  if (more === 0 || limits.frame(connection.belt, connection.frames, more)) return true;
  close(connection, CLOSE.tooMuch, "too-many-frames");
  return false;
};

/** What is said to a channel that is gone is ignored: it was under way. To one that never was nothing can be said. */
const at = (connection: Connection, number: number, on: (channel: Channel) => void): void => {
  if (number > connection.last) return close(connection, CLOSE.malformed, "no-such-channel");
  const channel = connection.channels.get(number);
  if (channel !== undefined) on(channel);
};

const onData = (connection: Connection, number: number, bytes: Uint8Array): void => {
  const frame = readClientFrame(bytes);
  if (frame === null) return close(connection, CLOSE.malformed, "malformed-frame");
  at(connection, number, (channel) => {
    if (channel.state !== "open") return shut(channel, CLOSE.unauthorized, "channel-not-open");
    if (isSpeech(frame)) onSpeech(channel, frame);
    else shut(channel, CLOSE.malformed, "not-in-a-channel");
  });
};

/** It is read when it is known who asks: as yet it may be a stranger's. */
const onOpen = (connection: Connection, bytes: Uint8Array): void => {
  const { state, greeting, leaves } = connection;
  if (state === "leaving" && leaves !== undefined) return sayEnd(connection, leaves, bytes);
  if (state === "open") return counts(connection, bytes) ? void openChannels(connection, bytes) : undefined;
  if (state !== "judging" || greeting === undefined) return close(connection, CLOSE.unauthorized, "answer-first");
  if (greeting.held !== undefined) return close(connection, CLOSE.tooMuch, "one-question-before-the-answer");
  greeting.held = bytes;
};

const onAuth = async (connection: Connection, jws: string): Promise<void> => {
  const { site, wid, greeting } = connection;
  if (connection.state !== "hello" || greeting === undefined)
    return close(connection, CLOSE.malformed, "already-answered");
  judging(connection);
  const signed = readAuth2(site.crypto, jws, { wid, nonce: greeting.nonce, range: WIRE_RANGE }, site.origins.accepts);
  if ("code" in signed) return refuseAnswer(connection, signed);
  let closed: Shut | undefined;
  try {
    await site.sequencer(wid).ask([LOG], (workspace) => {
      const verdict = judgeDevice(workspace, signed.kid, LOG, timeOf(site.sequencer(wid).dated()));
      if (isClosed(connection)) return;
      if (verdict.ok) welcome(connection, verdict.admission);
      else closed = verdict;
    });
  } catch (error) {
    return close(connection, ...unreadableClose(error));
  }
  if (closed !== undefined) leave(connection, { device: signed.kid, shut: closed });
  else if (greeting.held !== undefined) onHeld(connection, greeting.held);
};

const onHeld = (connection: Connection, held: Uint8Array): void => {
  if (connection.state === "open") onOpen(connection, held);
};

const welcome = (connection: Connection, admission: Admission): void => {
  const { site } = connection;
  if (!letIn(connection, admission)) return;
  site.devices.came(deviceOf(connection), connection);
  sendOn(connection, writeText(WELCOME, "{}"));
};

/** A device that was closed: it is told the end of the log where it asks for it, and it asks at once or not at all. */
const leave = (connection: Connection, leaves: NonNullable<Connection["leaves"]>): void => {
  const { site, greeting } = connection;
  const { code, reason, until } = leaves.shut;
  if (isClosed(connection)) return;
  if (until === undefined) return close(connection, code, reason);
  connection.state = "leaving";
  connection.leaves = leaves;
  if (greeting?.held === undefined) closeAfter(connection, site.limits.numbers.leaveWithinMs, reason, code);
  else sayEnd(connection, leaves, greeting.held);
};
const sayEnd = (
  connection: Connection,
  { device, shut: why }: NonNullable<Connection["leaves"]>,
  open: Uint8Array,
): void => {
  const asked = readOpen(open);
  if (asked === undefined) return close(connection, CLOSE.malformed, "malformed-frame");
  noDeadline(connection);
  connection.leaves = undefined;
  const log = asked.find(({ doc }) => doc === LOG);
  void sendEnd(connection, device, why, {
    length: log?.had?.length ?? null,
    wrap: (frame) => writeData(log?.channel ?? 0, frame),
  });
};
