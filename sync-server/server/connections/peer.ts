/**
 * Records of sockets, and the least that can be done with them. A server mostly holds connections that only wait, so each
 * is one flat record, its functions are shared by all, and what only the greeting needs is dropped after it. A channel of a
 * connection is a flat record too.
 */
import { WebSocket } from "ws";
import { writeData, writeShut } from "#core/protocol/channels.ts";
import type { CryptoDep } from "#core/protocol/crypto.ts";
import type { DeviceId, DocName, InviteId, WorkspaceId } from "#core/protocol/ids.ts";
import { CLOSE } from "#core/protocol/wire.ts";
import type { Admission, Shut } from "../admission/auth.ts";
import type { Foundings } from "../admission/foundings.ts";
import type { Belt, Limits } from "../admission/limits.ts";
import type { Log } from "../system/log.ts";
import type { Origins } from "../admission/origins.ts";
import type { Level } from "../admission/rates.ts";
import type { Devices } from "./devices.ts";
import type { KnownOpens } from "./known-opens.ts";
import type { Recovery } from "./recovery.ts";
import type { Rendezvous } from "./rendezvous.ts";
import type { Seat } from "../fan-out/room.ts";
import type { Rooms } from "../fan-out/rooms.ts";
import type { Sequencer } from "../order/sequencer.ts";
import type { States } from "../order/states.ts";
import type { ChainStore } from "../store/store.ts";
import type { Why } from "../admission/strangers.ts";
import type { CloseReason } from "#core/facts/close-reason.ts";

export interface Site {
  readonly crypto: CryptoDep;
  /** Time that only passes, ms. */
  readonly now: () => number;
  /** Wall clock, ms. */
  readonly date: () => number;
  readonly limits: Limits;
  readonly rooms: Rooms<Voice>;
  readonly devices: Devices;
  readonly pairings: Rendezvous;
  readonly recovery: Recovery;
  readonly origins: Origins;
  readonly log: Log;
  readonly foundings: Foundings;
  /** Public key that signs heads. */
  readonly key: string;
  readonly states: States;
  readonly opens: KnownOpens;
  /** Entries of a document as they are stored. */
  readonly entries: ChainStore["read"];
  /** Somebody dialled a name that this server does not go by. */
  originUnknown(code: number): void;
  /** A socket is gone. */
  onGone(peer: Peer): void;
  sequencer(wid: WorkspaceId): Sequencer;
}

/** What the server accepts. Its record hangs on it, so that listeners are shared by all and none of them gets its own. */
export class PeerSocket extends WebSocket {
  peer: Peer | undefined = undefined;
}

/** What lives between HELLO and WELCOME. */
export interface Greeting {
  readonly nonce: string;
  /** The one question that is held back: a SyncStep1's state vector, on a connection an OPEN as it came. */
  held: Uint8Array | undefined;
}

interface Socket {
  readonly site: Site;
  readonly ws: PeerSocket;
  wid: WorkspaceId;
  readonly belt: Belt;
  /** `giving`: it holds a head of what the server lost, and is nobody else. `leaving`: a connection of a closed device. */
  state: "hello" | "judging" | "open" | "giving" | "leaving" | "closing";
  greeting: Greeting | undefined;
  admission: Admission | undefined;
  /** Frames it may send now. */
  frames: Level;
  /** When it was asked for a sign of life that it has not given yet, ms; 0 for none. */
  pingedAt: number;
  /** How far its clock is ahead of `now`, ms; undefined until it told it. */
  ahead: number | undefined;
  deadline: NodeJS.Timeout | undefined;
}

/** A socket of one document. */
export interface DocumentSocket extends Socket, Seat {
  readonly kind: "document";
  doc: DocName;
  /** A state is on its way to it. */
  fetching: boolean;
}

/** A socket of one device, whose documents are channels on it. */
export interface Connection extends Socket {
  readonly kind: "connection";
  readonly channels: Map<number, Channel>;
  /** The highest channel number that was used. */
  last: number;
  /** Channels that have something to send, in the order in which they had their turns. */
  readonly due: Set<Channel>;
  /** Since when a page or heads are on their way, ms; 0 for none. */
  sendingSince: number;
  /** Turns begin at the end of this turn of the event loop. */
  waking: boolean;
  /** While it is `leaving`: the closed device, and why. */
  leaves: { readonly device: DeviceId; readonly shut: Shut } | undefined;
}

export interface Channel extends Seat {
  readonly kind: "channel";
  readonly connection: Connection;
  readonly number: number;
  doc: DocName;
  /** `shutting`: nothing is sent any more but the acknowledgements of this turn. */
  state: "opening" | "open" | "shutting" | "shut";
  /** Bytes of entries that it may be sent. */
  credit: number;
  fetching: boolean;
}

export type Peer = DocumentSocket | Connection;
/** Where one document is spoken of. */
export type Voice = DocumentSocket | Channel;
export const peerOf = (voice: Voice): Peer => (voice.kind === "document" ? voice : voice.connection);

const LINGER_MS = 2_000;

export const isClosed = (peer: Peer): boolean => peer.state === "closing" || peer.ws.readyState !== peer.ws.OPEN;
export const isMute = (voice: Voice): boolean =>
  voice.kind === "document" ? isClosed(voice) : voice.state !== "open" || isClosed(voice.connection);

/** A close frame would wait behind what a slow peer does not take. */
export const cut = (peer: Peer): void => {
  peer.state = "closing";
  peer.ws.terminate();
};

/** It reads no more, is no end of a pairing any more, and what waited for it is dropped. */
const leave = (voice: Voice): void => {
  const { site } = peerOf(voice);
  site.rooms.leave(voice);
  site.pairings.left(voice);
};
const drop = (channel: Channel, state: "shutting" | "shut"): void => {
  channel.state = state;
  channel.connection.channels.delete(channel.number);
  channel.connection.due.delete(channel);
  leave(channel);
};
export const leaveAll = (peer: Peer): void => {
  if (peer.kind === "document") return leave(peer);
  for (const channel of peer.channels.values()) drop(channel, "shutting");
};

export const close = (peer: Peer, code: number, reason: CloseReason): void => {
  if (peer.state === "closing") return;
  peer.state = "closing";
  const { site, ws, wid } = peer;
  leaveAll(peer);
  const what = peer.kind === "document" ? { document: peer.doc } : {};
  if (site.limits.closing(peer.belt)) site.log({ event: "closed", workspace: wid, ...what, code });
  // Acknowledgements of this turn go first; a peer that does not take the close frame is cut off.
  setImmediate(() => {
    ws.close(code, reason.slice(0, 120));
    setTimeout(() => ws.terminate(), LINGER_MS).unref();
  });
};

/** Ends the speaking of one document: its socket, or its channel and nothing else. */
export const shut = (voice: Voice, code: number, reason: CloseReason): void => {
  if (voice.kind === "document") return close(voice, code, reason);
  if (voice.state !== "open" && voice.state !== "opening") return;
  drop(voice, "shutting");
  setImmediate(() => {
    voice.state = "shut";
    sendOn(voice.connection, writeShut(voice.number, code, reason));
  });
};
/** The client ended it: nothing is answered. */
export const forget = (channel: Channel): void => drop(channel, "shut");

/** Somebody else gets its place now: nobody waits until it has taken the reason. */
export const giveUp = (peer: Peer, why: Why): void => {
  const { ws } = peer;
  if (peer.state === "closing") return ws.terminate();
  peer.state = "closing";
  leaveAll(peer);
  if (why === "late") ws.close(CLOSE.authTooLate, "no-answer-in-time");
  else ws.close(CLOSE.tooMuch, "too-many-connections");
  setImmediate(() => ws.terminate());
};

export const closeAfter = (peer: Peer, ms: number, reason: CloseReason, code: number = CLOSE.authTooLate): void => {
  clearTimeout(peer.deadline);
  const deadline = setTimeout(() => {
    // After a pause of our own, what was said in time may still be unread: that comes first.
    setImmediate(() => {
      if (peer.deadline === deadline) close(peer, code, reason);
    });
  }, ms);
  peer.deadline = deadline;
};
export const noDeadline = (peer: Peer): void => {
  clearTimeout(peer.deadline);
  peer.deadline = undefined;
};

/** Calls `taken` when the operating system took the frame, or the socket is gone. */
const writeOn = (peer: Peer, frame: Uint8Array, taken: () => void): void => {
  const { ws, site } = peer;
  if (ws.readyState === ws.OPEN && ws.bufferedAmount <= site.limits.numbers.backlogBytes) return ws.send(frame, taken);
  if (ws.readyState === ws.OPEN) cut(peer);
  taken();
};
const IGNORE = (): void => undefined;
/** A frame of the socket itself. */
export const sendOn = (peer: Peer, frame: Uint8Array): void => writeOn(peer, frame, IGNORE);
/** As `sendOn`; resolves when the operating system took the frame, or the socket is gone. */
export const sentOn = (peer: Peer, frame: Uint8Array): Promise<void> =>
  new Promise((resolve) => writeOn(peer, frame, resolve));

/** A frame of the document. */
export const write = (voice: Voice, frame: Uint8Array, taken: () => void): void => {
  if (voice.kind === "document") return writeOn(voice, frame, taken);
  if (voice.state === "shut") return taken();
  writeOn(voice.connection, writeData(voice.number, frame), taken);
};
export const sent = (voice: Voice, frame: Uint8Array): Promise<void> =>
  new Promise((resolve) => write(voice, frame, resolve));
export const send = (voice: Voice, frame: Uint8Array): void => write(voice, frame, IGNORE);

/** Counts what a question of theirs draws, and answers how long it has to wait, ms. */
export const draw = (voice: Voice, bytes: number): number => {
  const { admission, site, wid } = peerOf(voice);
  return admission?.as === "device" ? site.limits.draw(`${wid} ${admission.member}`, bytes) : 0;
};

/** Asks for a sign of life; false when the last one was not given in time. */
export const ping = (peer: Peer): boolean => {
  const { site, ws } = peer;
  if (peer.pingedAt !== 0) return site.now() - peer.pingedAt <= site.limits.numbers.silentMs;
  peer.pingedAt = site.now();
  if (ws.readyState === ws.OPEN) ws.ping();
  return true;
};

/** The invite of a socket that was let in by one. */
export const inviteOf = ({ admission }: Peer): InviteId | undefined =>
  admission?.as === "invite" ? admission.id : undefined;
