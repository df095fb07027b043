/**
 * Open documents and who is reading them. Each reader has a cursor and takes pages of entries at its own pace: the next
 * page is written only when the operating system took the one before. A reader that stops reading therefore holds one
 * page and never delays another; one that makes no progress at all is cut off.
 */
import type { DocName, Hash, WorkspaceId } from "#core/ids.ts";
import { HEAD_TYP } from "#core/command.ts";
import { HEAD, WIRE_VERSION, writeText } from "#core/wire.ts";
import { arrayUpdate, syncFrame } from "./array-update.ts";
import type { ServerKey } from "./node-crypto.ts";
import type { ChainStore } from "./store/store.ts";

const PAGE = { entries: 2_000, characters: 262_144 };
const PAGES_KEPT = 4;

export interface Reader {
  /** Resolves when the operating system took the frame, or the socket is gone. */
  send(frame: Uint8Array): Promise<void>;
  /** Bytes written and not yet taken. */
  readonly backlog: number;
  readonly closed: boolean;
  /** The store cannot be read. */
  fail(): void;
  cut(): void;
}

/** A document as committed: its length and newest hash. */
export interface Tip {
  readonly doc: DocName;
  readonly seq: number;
  readonly head: Hash | "";
}

export interface Subscription {
  /** Answers SyncStep1 of a client that has `length` entries, and follows from there on. */
  follow(length: number): void;
  leave(): void;
}

interface Page {
  readonly to: number;
  readonly update: Uint8Array;
  readonly frame: Uint8Array;
}

interface Seat {
  readonly reader: Reader;
  /** Entries sent so far, or null before the first SyncStep1. */
  cursor: number | null;
  wantsStep2: boolean;
  sendingSince: number | null;
}

export interface RoomsDeps {
  readonly store: ChainStore;
  readonly key: ServerKey;
  readonly now: () => number;
  /** A reader that takes nothing for this long is cut off, ms. */
  readonly stallMs: number;
}

export interface Rooms {
  /** Call inside the workspace's line: `tip` is what is committed. */
  enter(wid: WorkspaceId, tip: Tip, reader: Reader): Subscription;
  publish(wid: WorkspaceId, tip: Tip, entries: readonly string[]): void;
  /** Every 15 s: heads to everybody, and readers that stall are cut off. */
  beat(): void;
  /** Documents of the workspace that somebody reads. */
  docs(wid: WorkspaceId): DocName[];
}

export const createRooms = (deps: RoomsDeps): Rooms => {
  const rooms = new Map<string, Room>();
  const nameOf = (wid: WorkspaceId, doc: DocName): string => `${wid}/${doc}`;
  return {
    enter: (wid, tip, reader) => {
      const name = nameOf(wid, tip.doc);
      const room = rooms.get(name) ?? createRoom(deps, wid, tip, () => rooms.delete(name));
      rooms.set(name, room);
      return room.enter(reader);
    },
    publish: (wid, tip, entries) => rooms.get(nameOf(wid, tip.doc))?.publish(tip, entries),
    beat: () => {
      for (const room of rooms.values()) room.beat();
    },
    docs: (wid) => [...rooms.keys()].filter((name) => name.startsWith(`${wid}/`)).map((name) => name.slice(wid.length + 1) as DocName),
  };
};

interface Room {
  enter(reader: Reader): Subscription;
  publish(tip: Tip, entries: readonly string[]): void;
  beat(): void;
}

const createRoom = ({ store, key, now, stallMs }: RoomsDeps, wid: WorkspaceId, start: Tip, onEmpty: () => void): Room => {
  const { doc } = start;
  const seats = new Set<Seat>();
  const pages = new Map<number, Page>();
  let length = start.seq;
  let head: Hash | "" = start.head;

  const keep = (from: number, entries: readonly string[]): Page => {
    const update = arrayUpdate(from, entries);
    const page = { to: from + entries.length, update, frame: syncFrame("update", update) };
    const oldest = pages.keys().next();
    if (pages.size >= PAGES_KEPT && oldest.done === false) pages.delete(oldest.value);
    pages.set(from, page);
    return page;
  };
  const pageFrom = async (from: number): Promise<Page> => keep(from, from >= length ? [] : await store.read(wid, doc, from + 1, { ...PAGE, entries: Math.min(PAGE.entries, length - from) }));

  const pump = async (seat: Seat): Promise<void> => {
    const { reader } = seat;
    if (seat.sendingSince !== null) return;
    try {
      while (!reader.closed && seat.cursor !== null && (seat.cursor < length || seat.wantsStep2)) {
        const from: number = seat.cursor;
        // A page kept from before may end early; what follows is the next page.
        const kept = from < length ? pages.get(from) : undefined;
        seat.sendingSince = now();
        const page = kept ?? (from >= length ? { to: from, update: arrayUpdate(from, []), frame: new Uint8Array() } : await pageFrom(from));
        const completes = seat.wantsStep2 && page.to >= length;
        // A new SyncStep1 may have moved the cursor while the page was read.
        if (seat.cursor !== from) continue;
        seat.cursor = page.to;
        if (completes) seat.wantsStep2 = false;
        await reader.send(completes ? syncFrame("step2", page.update) : page.frame);
        // At once, not at the next beat: a client acts on an approval only while it knows the newest head.
        if (completes) await reader.send(headFrame());
      }
    } catch {
      reader.fail();
    }
    seat.sendingSince = null;
  };

  const headFrame = (): Uint8Array => writeText(HEAD, key.signJws(HEAD_TYP, { v: WIRE_VERSION, w: wid, d: doc, s: length, h: head, t: now() }));
  const sendHeads = (): void => {
    if (seats.size === 0) return;
    const frame = headFrame();
    for (const { reader, cursor } of seats) if (!reader.closed && cursor !== null && reader.backlog < PAGE.characters) void reader.send(frame);
  };

  return {
    enter: (reader) => {
      const seat: Seat = { reader, cursor: null, wantsStep2: false, sendingSince: null };
      seats.add(seat);
      return {
        follow: (from) => {
          seat.cursor = from;
          seat.wantsStep2 = true;
          void pump(seat);
        },
        leave: () => {
          seats.delete(seat);
          if (seats.size === 0) onEmpty();
        },
      };
    },
    publish: (tip, entries) => {
      if (tip.seq <= length) return;
      const from = length;
      length = tip.seq;
      head = tip.head;
      if (from + entries.length === length && entries.length > 0) keep(from, entries);
      for (const seat of seats) void pump(seat);
      sendHeads();
    },
    beat: () => {
      for (const { reader, sendingSince } of seats) if (sendingSince !== null && now() - sendingSince > stallMs) reader.cut();
      sendHeads();
    },
  };
};

