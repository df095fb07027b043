/**
 * One socket's record, and the least that can be done with it. A server mostly holds connections that only wait, so a
 * connection is one flat record, its functions are shared by all, and what only the greeting needs is dropped after it.
 */
import type { WebSocket } from "ws";
import type { CryptoDep } from "#core/protocol/crypto.ts";
import type { DocName, InviteId, WorkspaceId } from "#core/protocol/ids.ts";
import type { ReadLog } from "#core/rules/read.ts";
import { timeOf } from "#core/rules/time.ts";
import { CLOSE } from "#core/protocol/wire.ts";
import { refusedDevice } from "../admission/auth.ts";
import type { Admission } from "../admission/auth.ts";
import type { Foundings } from "../admission/foundings.ts";
import type { Belt, Limits } from "../admission/limits.ts";
import type { Log } from "../system/log.ts";
import type { Origins } from "../admission/origins.ts";
import type { Level } from "../admission/rates.ts";
import type { Recovery } from "./recovery.ts";
import type { Rendezvous } from "./rendezvous.ts";
import type { Readers, Seat } from "../fan-out/room.ts";
import type { Rooms } from "../fan-out/rooms.ts";
import type { Sequencer } from "../order/sequencer.ts";
import type { States } from "../order/states.ts";
import type { ChainStore } from "../store/store.ts";
import type { Why } from "../admission/strangers.ts";

export interface Site {
  readonly crypto: CryptoDep;
  /** Time that only passes, ms. */
  readonly now: () => number;
  /** Wall clock, ms. */
  readonly date: () => number;
  readonly limits: Limits;
  readonly rooms: Rooms<Peer>;
  readonly pairings: Rendezvous;
  readonly recovery: Recovery;
  readonly origins: Origins;
  readonly log: Log;
  readonly foundings: Foundings;
  /** Public key that signs heads. */
  readonly key: string;
  readonly states: States;
  /** Entries of a document as they are stored. */
  readonly entries: ChainStore["read"];
  /** Somebody dialled a name that this server does not go by. */
  originUnknown(code: number): void;
  sequencer(wid: WorkspaceId): Sequencer;
}

/** What lives between HELLO and WELCOME. */
export interface Greeting {
  readonly nonce: string;
  /** The one SyncStep1 that is held back. */
  held: Uint8Array | undefined;
}

export interface Peer extends Seat {
  readonly site: Site;
  readonly ws: WebSocket;
  wid: WorkspaceId;
  doc: DocName;
  readonly belt: Belt;
  /** `giving`: it holds a head of what the server lost, and is nobody else. */
  state: "hello" | "judging" | "open" | "giving" | "closing";
  greeting: Greeting | undefined;
  admission: Admission | undefined;
  /** Frames it may send now. */
  frames: Level;
  /** When it was asked for a sign of life that it has not given yet, ms; 0 for none. */
  pingedAt: number;
  /** How far its clock is ahead of `now`, ms; undefined until it told it. */
  ahead: number | undefined;
  /** A state is on its way to it. */
  fetching: boolean;
  deadline: NodeJS.Timeout | undefined;
}

const LINGER_MS = 2_000;

export const isClosed = (peer: Peer): boolean => peer.state === "closing" || peer.ws.readyState !== peer.ws.OPEN;

/** A close frame would wait behind what a slow peer does not take. */
export const cut = (peer: Peer): void => {
  peer.state = "closing";
  peer.ws.terminate();
};

export const close = (peer: Peer, code: number, reason: string): void => {
  if (peer.state === "closing") return;
  peer.state = "closing";
  const { site, ws } = peer;
  site.rooms.leave(peer);
  site.pairings.left(peer);
  if (site.limits.closing(peer.belt)) site.log({ event: "closed", workspace: peer.wid, document: peer.doc, code });
  // Acknowledgements of this turn go first; a peer that does not take the close frame is cut off.
  setImmediate(() => {
    ws.close(code, reason.slice(0, 120));
    setTimeout(() => ws.terminate(), LINGER_MS).unref();
  });
};

/** Somebody else gets its place now: nobody waits until it has taken the reason. */
export const giveUp = (peer: Peer, why: Why): void => {
  const { site, ws } = peer;
  if (peer.state === "closing") return ws.terminate();
  peer.state = "closing";
  site.rooms.leave(peer);
  site.pairings.left(peer);
  if (why === "late") ws.close(CLOSE.authTooLate, "no answer in time");
  else ws.close(CLOSE.tooMuch, "too many connections");
  setImmediate(() => ws.terminate());
};

export const closeAfter = (peer: Peer, ms: number, reason: string): void => {
  clearTimeout(peer.deadline);
  const deadline = setTimeout(() => {
    // After a pause of our own, what was said in time may still be unread: that comes first.
    setImmediate(() => {
      if (peer.deadline === deadline) close(peer, CLOSE.authTooLate, reason);
    });
  }, ms);
  peer.deadline = deadline;
};

/** Calls `taken` when the operating system took the frame, or the socket is gone. */
const write = (peer: Peer, frame: Uint8Array, taken: () => void): void => {
  const { ws, site } = peer;
  if (ws.readyState === ws.OPEN && ws.bufferedAmount <= site.limits.numbers.backlogBytes) return ws.send(frame, taken);
  if (ws.readyState === ws.OPEN) cut(peer);
  taken();
};

/** As `send`; resolves when the operating system took the frame, or the socket is gone. */
export const sent = (peer: Peer, frame: Uint8Array): Promise<void> =>
  new Promise((resolve) => write(peer, frame, resolve));
export const send = (peer: Peer, frame: Uint8Array): void => write(peer, frame, IGNORE);
const IGNORE = (): void => undefined;

/** Counts what a question of theirs draws, and answers how long it has to wait, ms. */
export const draw = ({ site, wid, admission }: Peer, bytes: number): number =>
  admission?.as === "device" ? site.limits.draw(`${wid} ${admission.member}`, bytes) : 0;

export const readers: Readers<Peer> = {
  write,
  draw,
  closed: isClosed,
  cut,
  fail: (peer) => close(peer, CLOSE.storage, "the document cannot be read now"),
};

/** Closes the socket when its device lost the right to read; see access.ts. */
export const rejudge = (peer: Peer, log: ReadLog): void => {
  if (peer.state !== "open" || peer.admission?.as !== "device") return;
  const refused = refusedDevice(log, peer.admission.device, peer.doc, timeOf(peer.site.sequencer(peer.wid).dated()));
  if (refused !== undefined) close(peer, refused.code, refused.reason);
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
