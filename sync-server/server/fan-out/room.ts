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
import type { Page } from "./pages.ts";
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

export interface OpenRoom<S> extends Room {
  enter(seat: S, at: Dated): void;
  leave(seat: S): void;
  /** Sends what there is for it, or says that its turn is due. */
  nudge(seat: S): void;
  /** How long it has to wait for its share before its next page, ms. */
  wait(seat: S): number;
  /** Sends its next page, where there is one; resolves when that was taken. Rejects where the store cannot be read. */
  page(seat: S): Promise<void>;
  /** The head that is due, where the entries before it are sent; then none is due any more. */
  head(seat: S): string | undefined;
  publish(tip: Tip, entries: readonly string[]): void;
  beat(): void;
  compared(): void;
}

/** Heads that late readers get are at most so old. */
const HEAD_KEPT_MS = 1_000;
/**
 * How long after an append its head is sent: one for all that is appended meanwhile. A client counts a head as fresh for a
 * minute and gets one every 15 s anyway, while a head after each append would double what goes out and delay the next one.
 */
const HEAD_AFTER_MS = 250;

export const createRoom = <S extends Seat>(
  { store, key, now, dated, stallMs, readers }: RoomsDeps<S>,
  wid: WorkspaceId,
  start: Tip,
  at: Dated,
  onEmpty: () => void,
): OpenRoom<S> => {
  const { doc } = start;
  const seats = new Set<S>();
  const pages = createPages(store, wid, doc);
  let length = start.seq;
  let head: Hash | "" = start.head;
  /**
   * When this was last known to be the newest, which is what a head is dated with: a node that lost its database must not
   * go on to say that there is nothing newer.
   */
  let knownAt = at;
  let newest:
    | { readonly length: number; readonly at: Dated; readonly jws: string; readonly frame: Uint8Array }
    | undefined;
  let headDue: NodeJS.Timeout | undefined;

  const newestHead = (): { readonly jws: string; readonly frame: Uint8Array } => {
    const at = knownAt;
    // A clock that was set back must not keep an old one either.
    if (
      newest === undefined ||
      newest.length !== length ||
      newest.at.a !== at.a ||
      Math.abs(at.t - newest.at.t) > HEAD_KEPT_MS
    ) {
      const said = { v: WIRE_VERSION, w: wid, d: doc, s: length, h: head, t: at.t };
      const jws = key.signJws(HEAD_TYP, at.a === 0 ? said : { ...said, a: at.a });
      newest = { length, at, jws, frame: writeText(HEAD, jws) };
    }
    return newest;
  };

  const send = (seat: S, frame: Uint8Array): Promise<void> =>
    new Promise((resolve) => readers.write(seat, frame, resolve));

  const wantsPage = (seat: S): boolean => seat.cursor !== null && (seat.cursor < length || seat.wantsStep2);
  const wait = (seat: S): number => {
    // Only what was asked for is drawn. Of what is new every reader gets each entry once.
    if (seat.cursor === null || !seat.wantsStep2 || seat.drawn !== 0) return 0;
    seat.drawn = ANSWER_BYTES + pages.most(seat.cursor, length);
    return readers.draw(seat, seat.drawn);
  };
  const settle = (seat: S, bytes: number): void => {
    if (seat.drawn !== 0) readers.draw(seat, bytes - seat.drawn);
    seat.drawn = 0;
  };
  const page = async (seat: S): Promise<void> => {
    const from = seat.cursor;
    if (from === null || !wantsPage(seat) || readers.closed(seat)) return;
    // A page kept from before may end early; what follows is the next page.
    const { to, frame } = await pages.from(from, length);
    settle(seat, ANSWER_BYTES + frame.byteLength);
    // While the page was read a new SyncStep1 may have moved the cursor, and the right may have gone.
    if (seat.cursor !== from || readers.closed(seat)) return;
    const completes = seat.wantsStep2 && to >= length;
    seat.cursor = to;
    // At once, not at the next beat: a client acts on an approval only while it knows the newest head.
    if (completes) [seat.wantsStep2, seat.wantsHead] = [false, true];
    await send(seat, completes ? asStep2(frame) : frame);
  };

  const sendAll = async (seat: S): Promise<void> => {
    while (wantsPage(seat) && !readers.closed(seat)) {
      seat.sendingSince = now();
      const ms = wait(seat);
      if (ms > 0) {
        seat.sendingSince = WAITS;
        await pause(ms);
      } else await page(seat);
    }
    if (!seat.wantsHead || seat.cursor === null || readers.closed(seat)) return;
    seat.wantsHead = false;
    await send(seat, newestHead().frame);
  };
  const pump = async (seat: S): Promise<void> => {
    seat.sendingSince = now();
    try {
      await sendAll(seat);
    } catch (error) {
      readers.fail(seat, error);
    }
    taken(seat);
  };
  const taken = (seat: S): void => {
    seat.sendingSince = 0;
    nudge(seat);
  };
  const nudge = (seat: S): void => {
    if (seat.sendingSince !== 0 || seat.cursor === null || readers.closed(seat)) return;
    if (!wantsPage(seat) && !seat.wantsHead) return;
    if (readers.takesTurns(seat)) readers.due(seat);
    else void pump(seat);
  };
  /** The usual case, a reader that waits for exactly this page, without a promise for each of many readers. */
  const sendNewest = (seat: S, from: number, { to, frame }: Page): void => {
    if (seat.sendingSince !== 0 || seat.cursor !== from || seat.wantsStep2 || readers.closed(seat)) return nudge(seat);
    if (readers.takesTurns(seat)) {
      if (readers.writeInTurn(seat, frame)) seat.cursor = to;
      return nudge(seat);
    }
    seat.sendingSince = now();
    seat.cursor = to;
    readers.write(seat, frame, () => taken(seat));
  };
  const sendHeads = (to: (seat: S) => boolean): void => {
    clearTimeout(headDue);
    headDue = undefined;
    for (const seat of seats) {
      if (seat.cursor === null || readers.closed(seat) || !to(seat)) continue;
      // Behind the page that is on its way, or never: heads must not pile up for a reader that takes nothing.
      seat.wantsHead = true;
      nudge(seat);
    }
  };
  const EVERYBODY = (): boolean => true;

  return {
    wid,
    doc,
    base: docBase(doc),
    nudge,
    wait,
    page,
    head: (seat) => {
      if (!seat.wantsHead || wantsPage(seat)) return undefined;
      seat.wantsHead = false;
      return newestHead().jws;
    },
    enter: (seat, now) => {
      seats.add(seat);
      knownAt = now;
    },
    leave: (seat) => {
      seats.delete(seat);
      settle(seat, 0);
      if (seats.size > 0) return;
      clearTimeout(headDue);
      onEmpty();
    },
    publish: (tip, entries) => {
      knownAt = dated(wid);
      if (tip.seq <= length) return;
      const from = length;
      length = tip.seq;
      head = tip.head;
      headDue ??= setTimeout(sendHeads, HEAD_AFTER_MS, EVERYBODY);
      const first = from + entries.length === length && fitsBatch(entries) ? pages.keep(from, entries) : undefined;
      for (const seat of seats) {
        if (first !== undefined) sendNewest(seat, from, first);
        else nudge(seat);
      }
    },
    beat: () => {
      for (const seat of seats) if (seat.sendingSince !== 0 && now() - seat.sendingSince > stallMs) readers.cut(seat);
    },
    compared: () => {
      knownAt = dated(wid);
      // What was due anyway goes with it.
      sendHeads(headDue === undefined ? readers.hearsBeat : EVERYBODY);
    },
  };
};
