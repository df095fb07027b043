/**
 * One open document and who is reading it. Each reader has a cursor and takes pages of entries at its own pace: the next
 * page is written only when the operating system took the one before. A reader that stops reading therefore holds one
 * page and never delays another; one that makes no progress at all is cut off.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { DocName, Hash, WorkspaceId } from "#core/protocol/ids.ts";
import { HEAD_TYP } from "#core/protocol/command.ts";
import { HEAD, WIRE_VERSION, writeText } from "#core/protocol/wire.ts";
import { asStep2 } from "./array-update.ts";
import type { ServerKey } from "../system/server-key.ts";
import { createPages, fitsPage } from "./pages.ts";
import type { Page } from "./pages.ts";
import type { ChainStore } from "../store/store.ts";
import type { Dated } from "../order/timeline.ts";

/** What the shortest answer to a SyncStep1 counts for: an empty page, and a head. */
const ANSWER_BYTES = 2_048;
/** In place of a time: the reader has drawn more than its share and waits, which is no stall of its own. */
const WAITS = Number.POSITIVE_INFINITY;

/**
 * One reader's place. It is part of the connection's own record, and what to do with it are functions shared by all:
 * thousands of idle connections are the usual case, so none gets closures of its own.
 */
export interface Seat {
  room: Room | undefined;
  /** Entries sent so far, or null before the first SyncStep1. */
  cursor: number | null;
  wantsStep2: boolean;
  /** A head was due while a page was on its way. */
  wantsHead: boolean;
  /** Since when a page is on its way, ms; 0 for none, `WAITS` where it waits for its turn. */
  sendingSince: number;
}

export interface Readers<S> {
  /** Calls `taken` when the operating system took the frame, or the socket is gone. */
  write(seat: S, frame: Uint8Array, taken: () => void): void;
  closed(seat: S): boolean;
  /** Counts bytes that a question draws, or gives some back; how long to wait for them, ms. */
  draw(seat: S, bytes: number): number;
  /** The store cannot be read. */
  fail(seat: S): void;
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
}

export interface OpenRoom<S> extends Room {
  enter(seat: S): void;
  leave(seat: S): void;
  pump(seat: S): Promise<void>;
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
  let knownAt = dated(wid);
  let newest: { readonly length: number; readonly at: Dated; readonly frame: Uint8Array } | undefined;
  let headDue: NodeJS.Timeout | undefined;

  const headFrame = (): Uint8Array => {
    const at = knownAt;
    // A clock that was set back must not keep an old one either.
    if (
      newest === undefined ||
      newest.length !== length ||
      newest.at.a !== at.a ||
      Math.abs(at.t - newest.at.t) > HEAD_KEPT_MS
    )
      newest = {
        length,
        at,
        frame: writeText(
          HEAD,
          key.signJws(HEAD_TYP, {
            v: WIRE_VERSION,
            w: wid,
            d: doc,
            s: length,
            h: head,
            t: at.t,
            ...(at.a === 0 ? {} : { a: at.a }),
          }),
        ),
      };
    return newest.frame;
  };

  const send = (seat: S, frame: Uint8Array): Promise<void> =>
    new Promise((resolve) => readers.write(seat, frame, resolve));

  /** Waits for a share of what the person may draw; false where the question changed or the reader left meanwhile. */
  const turnFor = async (seat: S, from: number, bytes: number): Promise<boolean> => {
    const ms = bytes === 0 ? 0 : readers.draw(seat, bytes);
    if (ms === 0) return true;
    seat.sendingSince = WAITS;
    await pause(ms);
    seat.sendingSince = now();
    if (seat.cursor === from && !readers.closed(seat)) return true;
    readers.draw(seat, -bytes);
    return false;
  };
  const sendPages = async (seat: S): Promise<void> => {
    while (!readers.closed(seat) && seat.cursor !== null && (seat.cursor < length || seat.wantsStep2)) {
      const from: number = seat.cursor;
      seat.sendingSince = now();
      // Only what was asked for is drawn. Of what is new every reader gets each entry once.
      const reserved = seat.wantsStep2 ? ANSWER_BYTES + pages.most(from, length) : 0;
      if (!(await turnFor(seat, from, reserved))) continue;
      // A page kept from before may end early; what follows is the next page.
      const page = await pages.from(from, length);
      if (reserved > 0) readers.draw(seat, ANSWER_BYTES + page.frame.byteLength - reserved);
      const completes = seat.wantsStep2 && page.to >= length;
      // A new SyncStep1 may have moved the cursor while the page was read.
      if (seat.cursor !== from) continue;
      seat.cursor = page.to;
      if (completes) seat.wantsStep2 = false;
      await send(seat, completes ? asStep2(page.frame) : page.frame);
      // At once, not at the next beat: a client acts on an approval only while it knows the newest head.
      if (completes) seat.wantsHead = true;
    }
    if (!seat.wantsHead || seat.cursor === null) return;
    seat.wantsHead = false;
    await send(seat, headFrame());
  };
  const pump = async (seat: S): Promise<void> => {
    if (seat.sendingSince !== 0) return;
    seat.sendingSince = now();
    try {
      await sendPages(seat);
    } catch {
      readers.fail(seat);
    }
    taken(seat);
  };
  const taken = (seat: S): void => {
    seat.sendingSince = 0;
    nudge(seat);
  };
  const nudge = (seat: S): void => {
    if (
      seat.sendingSince === 0 &&
      seat.cursor !== null &&
      (seat.cursor < length || seat.wantsStep2 || seat.wantsHead) &&
      !readers.closed(seat)
    )
      void pump(seat);
  };
  /** The usual case, a reader that waits for exactly this page, without a promise for each of many readers. */
  const sendNewest = (seat: S, from: number, page: Page): void => {
    if (seat.sendingSince !== 0 || seat.cursor !== from || seat.wantsStep2 || readers.closed(seat)) return nudge(seat);
    seat.sendingSince = now();
    seat.cursor = page.to;
    readers.write(seat, page.frame, () => taken(seat));
  };
  const sendHeads = (): void => {
    clearTimeout(headDue);
    headDue = undefined;
    for (const seat of seats) {
      if (seat.cursor === null || readers.closed(seat)) continue;
      // Behind the page that is on its way, or never: heads must not pile up for a reader that takes nothing.
      seat.wantsHead = true;
      void pump(seat);
    }
  };

  return {
    wid,
    doc,
    pump,
    enter: (seat) => {
      seats.add(seat);
      knownAt = dated(wid);
    },
    leave: (seat) => {
      seats.delete(seat);
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
      headDue ??= setTimeout(sendHeads, HEAD_AFTER_MS);
      const page = from + entries.length === length && fitsPage(entries) ? pages.keep(from, entries) : undefined;
      for (const seat of seats) {
        if (page !== undefined) sendNewest(seat, from, page);
        else nudge(seat);
      }
    },
    beat: () => {
      for (const seat of seats) if (seat.sendingSince !== 0 && now() - seat.sendingSince > stallMs) readers.cut(seat);
    },
    compared: () => {
      knownAt = dated(wid);
      sendHeads();
    },
  };
};
