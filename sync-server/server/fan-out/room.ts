/**
 * One open document and who is reading it. Each reader has a cursor and takes pages of entries at its own pace: the next
 * page is written only when the operating system took the one before. A reader that stops reading therefore holds one
 * page and never delays another; one that makes no progress at all is cut off.
 */
import { setTimeout as pause } from "node:timers/promises";
import { docBase } from "#core/protocol/ids.ts";
import type { DocName, Hash, WorkspaceId } from "#core/protocol/ids.ts";
import { HEAD_TYP } from "#core/protocol/command.ts";
import { HEAD, WIRE_VERSION, writeText } from "#core/protocol/wire.ts";
import { asStep2 } from "./array-update.ts";
import type { ServerKey } from "../system/server-key.ts";
import { createPages, fitsBatch } from "./pages.ts";
import type { Page, Pages } from "./pages.ts";
import type { ChainStore } from "../store/store.ts";
import type { Dated } from "../order/timeline.ts";

/** What the shortest answer to a SyncStep1 counts for: an empty page, and a head. */
const ANSWER_BYTES = 2_048;
/** In place of a time: the reader has drawn more than its share and waits, which is no stall of its own. */
export const WAITS = Number.POSITIVE_INFINITY;

/**
 * One reader's place. It is part of a document socket's own record, or is a channel's, and what to do with it are functions
 * shared by all: thousands of idle connections are the usual case, so none gets closures of its own.
 */
export interface Seat {
  room: Room | undefined;
  /** Entries sent so far, or null before the first SyncStep1. */
  cursor: number | null;
  wantsStep2: boolean;
  /** A head was due while a page was on its way. */
  wantsHead: boolean;
  /** Bytes that its next page has drawn already. */
  drawn: number;
  /** Since when a page is on its way, ms; 0 for none, `WAITS` where it waits for its turn. */
  sendingSince: number;
}

export interface Readers<S> {
  /** Calls `taken` when the operating system took the frame, or the socket is gone. */
  write(seat: S, frame: Uint8Array, taken: () => void): void;
  /** Sends it where it takes turns and it is its turn now; false where it has to wait. */
  writeInTurn(seat: S, frame: Uint8Array): boolean;
  /** Whether it takes turns with others on its connection, which asks for its pages and heads (`Rooms.page`, `head`). */
  takesTurns(seat: S): boolean;
  /** It has something to send, and takes turns. */
  due(seat: S): void;
  /** Whether it gets a head at every beat, new or not. */
  hearsBeat(seat: S): boolean;
  closed(seat: S): boolean;
  /** Counts bytes that a question draws, or gives some back; how long to wait for them, ms. */
  draw(seat: S, bytes: number): number;
  /** The store cannot be read, or a fault of ours. */
  fail(seat: S, error: unknown): void;
  cut(seat: S): void;
}

/** A document as committed: its length and newest hash. */
export interface Tip {
  readonly doc: DocName;
  readonly seq: number;
  readonly head: Hash | "";
}

export interface RoomsDeps<S extends Seat> {
  readonly store: ChainStore;
  readonly key: ServerKey;
  /** Time that only passes, ms. */
  readonly now: () => number;
  /** What a head of the workspace is dated with now. */
  readonly dated: (wid: WorkspaceId) => Dated;
  /** A reader that takes nothing for this long is cut off, ms. */
  readonly stallMs: number;
  readonly readers: Readers<S>;
}

/** What a connection keeps of its room. */
export interface Room {
  readonly wid: WorkspaceId;
  readonly doc: DocName;
  /** The document without its epoch, on which rights depend. */
  readonly base: DocName;
}

/** A room is a flat record too, and its functions are shared: a device that comes back alone opens hundreds. */
export interface OpenRoom<S extends Seat> extends Room {
  readonly deps: RoomsDeps<S>;
  readonly seats: Set<S>;
  length: number;
  head: Hash | "";
  /**
   * When this was last known to be the newest, which is what a head is dated with: a node that lost its database must not
   * go on to say that there is nothing newer.
   */
  knownAt: Dated;
  newest: SignedHead | undefined;
  headDue: NodeJS.Timeout | undefined;
  /** Most documents that are open are not read from. */
  pages: Pages | undefined;
}
interface SignedHead {
  readonly length: number;
  readonly at: Dated;
  readonly jws: string;
  readonly frame: Uint8Array;
}

/** Heads that late readers get are at most so old. */
const HEAD_KEPT_MS = 1_000;
/**
 * How long after an append its head is sent: one for all that is appended meanwhile. A client counts a head as fresh for a
 * minute and gets one every 15 s anyway, while a head after each append would double what goes out and delay the next one.
 */
const HEAD_AFTER_MS = 250;

export const createRoom = <S extends Seat>(
  deps: RoomsDeps<S>,
  wid: WorkspaceId,
  { doc, seq, head }: Tip,
  at: Dated,
): OpenRoom<S> => ({
  wid,
  doc,
  base: docBase(doc),
  deps,
  seats: new Set(),
  length: seq,
  head,
  knownAt: at,
  newest: undefined,
  headDue: undefined,
  pages: undefined,
});

const pagesOf = <S extends Seat>(room: OpenRoom<S>): Pages =>
  (room.pages ??= createPages(room.deps.store, room.wid, room.doc));

const newestHead = <S extends Seat>(room: OpenRoom<S>): SignedHead => {
  const { newest, length, head, knownAt: at, wid, doc, deps } = room;
  // A clock that was set back must not keep an old one either.
  if (
    newest !== undefined &&
    newest.length === length &&
    newest.at.a === at.a &&
    Math.abs(at.t - newest.at.t) <= HEAD_KEPT_MS
  )
    return newest;
  const said = { v: WIRE_VERSION, w: wid, d: doc, s: length, h: head, t: at.t };
  const jws = deps.key.signJws(HEAD_TYP, at.a === 0 ? said : { ...said, a: at.a });
  return (room.newest = { length, at, jws, frame: writeText(HEAD, jws) });
};

const send = <S extends Seat>({ deps: { readers } }: OpenRoom<S>, seat: S, frame: Uint8Array): Promise<void> =>
  new Promise((resolve) => readers.write(seat, frame, resolve));

const wantsPage = <S extends Seat>({ length }: OpenRoom<S>, { cursor, wantsStep2 }: S): boolean =>
  cursor !== null && (cursor < length || wantsStep2);

/** How long it has to wait for its share before its next page, ms. */
export const waitIn = <S extends Seat>(room: OpenRoom<S>, seat: S): number => {
  // Only what was asked for is drawn. Of what is new every reader gets each entry once.
  if (seat.cursor === null || !seat.wantsStep2 || seat.drawn !== 0) return 0;
  seat.drawn = ANSWER_BYTES + pagesOf(room).most(seat.cursor, room.length);
  return room.deps.readers.draw(seat, seat.drawn);
};
const settle = <S extends Seat>({ deps: { readers } }: OpenRoom<S>, seat: S, bytes: number): void => {
  if (seat.drawn !== 0) readers.draw(seat, bytes - seat.drawn);
  seat.drawn = 0;
};

/** Sends its next page, where there is one; resolves when that was taken. Rejects where the store cannot be read. */
export const pageIn = async <S extends Seat>(room: OpenRoom<S>, seat: S): Promise<void> => {
  const { readers } = room.deps;
  const from = seat.cursor;
  if (from === null || !wantsPage(room, seat) || readers.closed(seat)) return;
  // A page kept from before may end early; what follows is the next page.
  const { to, frame } = await pagesOf(room).from(from, room.length);
  settle(room, seat, ANSWER_BYTES + frame.byteLength);
  // While the page was read a new SyncStep1 may have moved the cursor, and the right may have gone.
  if (seat.cursor !== from || readers.closed(seat)) return;
  const completes = seat.wantsStep2 && to >= room.length;
  seat.cursor = to;
  // At once, not at the next beat: a client acts on an approval only while it knows the newest head.
  if (completes) [seat.wantsStep2, seat.wantsHead] = [false, true];
  await send(room, seat, completes ? asStep2(frame) : frame);
};

const sendAll = async <S extends Seat>(room: OpenRoom<S>, seat: S): Promise<void> => {
  const { readers, now } = room.deps;
  while (wantsPage(room, seat) && !readers.closed(seat)) {
    seat.sendingSince = now();
    const ms = waitIn(room, seat);
    if (ms > 0) {
      seat.sendingSince = WAITS;
      await pause(ms);
    } else await pageIn(room, seat);
  }
  if (!seat.wantsHead || seat.cursor === null || readers.closed(seat)) return;
  seat.wantsHead = false;
  await send(room, seat, newestHead(room).frame);
};
const pump = async <S extends Seat>(room: OpenRoom<S>, seat: S): Promise<void> => {
  const { readers, now } = room.deps;
  seat.sendingSince = now();
  try {
    await sendAll(room, seat);
  } catch (error) {
    readers.fail(seat, error);
  }
  taken(room, seat);
};
const taken = <S extends Seat>(room: OpenRoom<S>, seat: S): void => {
  seat.sendingSince = 0;
  nudgeIn(room, seat);
};
/** Sends what there is for it, or says that its turn is due. */
export const nudgeIn = <S extends Seat>(room: OpenRoom<S>, seat: S): void => {
  const { readers } = room.deps;
  if (seat.sendingSince !== 0 || seat.cursor === null || readers.closed(seat)) return;
  if (!wantsPage(room, seat) && !seat.wantsHead) return;
  if (readers.takesTurns(seat)) readers.due(seat);
  else void pump(room, seat);
};
/** The usual case, a reader that waits for exactly this page, without a promise for each of many readers. */
const sendNewest = <S extends Seat>(room: OpenRoom<S>, seat: S, from: number, { to, frame }: Page): void => {
  const { readers, now } = room.deps;
  if (seat.sendingSince !== 0 || seat.cursor !== from || seat.wantsStep2 || readers.closed(seat))
    return nudgeIn(room, seat);
  if (readers.takesTurns(seat)) {
    if (readers.writeInTurn(seat, frame)) seat.cursor = to;
    return nudgeIn(room, seat);
  }
  seat.sendingSince = now();
  seat.cursor = to;
  readers.write(seat, frame, () => taken(room, seat));
};

const EVERYBODY = (): boolean => true;
const sendHeads = <S extends Seat>(room: OpenRoom<S>, to: (seat: S) => boolean): void => {
  clearTimeout(room.headDue);
  room.headDue = undefined;
  for (const seat of room.seats) {
    if (seat.cursor === null || room.deps.readers.closed(seat) || !to(seat)) continue;
    // Behind the page that is on its way, or never: heads must not pile up for a reader that takes nothing.
    seat.wantsHead = true;
    nudgeIn(room, seat);
  }
};

/** The head that is due, where the entries before it are sent; then none is due any more. */
export const headIn = <S extends Seat>(room: OpenRoom<S>, seat: S): string | undefined => {
  if (!seat.wantsHead || wantsPage(room, seat)) return undefined;
  seat.wantsHead = false;
  return newestHead(room).jws;
};

export const enterRoom = <S extends Seat>(room: OpenRoom<S>, seat: S, at: Dated): void => {
  room.seats.add(seat);
  room.knownAt = at;
};
/** Whether nobody is left. */
export const leaveRoom = <S extends Seat>(room: OpenRoom<S>, seat: S): boolean => {
  room.seats.delete(seat);
  settle(room, seat, 0);
  if (room.seats.size > 0) return false;
  clearTimeout(room.headDue);
  return true;
};

export const publishIn = <S extends Seat>(room: OpenRoom<S>, tip: Tip, entries: readonly string[]): void => {
  const { dated } = room.deps;
  room.knownAt = dated(room.wid);
  if (tip.seq <= room.length) return;
  const from = room.length;
  room.length = tip.seq;
  room.head = tip.head;
  room.headDue ??= setTimeout(() => sendHeads(room, EVERYBODY), HEAD_AFTER_MS);
  const first =
    from + entries.length === room.length && fitsBatch(entries) ? pagesOf(room).keep(from, entries) : undefined;
  for (const seat of room.seats) {
    if (first !== undefined) sendNewest(room, seat, from, first);
    else nudgeIn(room, seat);
  }
};

/** Every 15 s: readers that stall are cut off. */
export const beatIn = <S extends Seat>({ seats, deps: { readers, now, stallMs } }: OpenRoom<S>): void => {
  for (const seat of seats) if (seat.sendingSince !== 0 && now() - seat.sendingSince > stallMs) readers.cut(seat);
};
export const comparedIn = <S extends Seat>(room: OpenRoom<S>): void => {
  const { dated, readers } = room.deps;
  room.knownAt = dated(room.wid);
  // What was due anyway goes with it.
  sendHeads(room, room.headDue === undefined ? readers.hearsBeat : EVERYBODY);
};
