/** Open documents, each a room of its own. */
import type { DocName, WorkspaceId } from "#core/protocol/ids.ts";
import {
  beatIn,
  comparedIn,
  createRoom,
  enterRoom,
  headIn,
  leaveRoom,
  nudgeIn,
  pageIn,
  publishIn,
  waitIn,
} from "./room.ts";
import type { Dated } from "../order/timeline.ts";
import type { OpenRoom, RoomsDeps, Seat, Tip } from "./room.ts";

export interface Rooms<S extends Seat> {
  /** Call inside the workspace's line: `tip` is what is committed, and `at` the date of it. */
  enter(wid: WorkspaceId, tip: Tip, seat: S, at: Dated): void;
  /** Answers SyncStep1 of a client that has `length` entries, and follows from there on. */
  follow(seat: S, length: number): void;
  /** Sends what there is for it, or says that its turn is due. */
  nudge(seat: S): void;
  /** A head is due, new or not. */
  tell(seat: S): void;
  /** Of a seat that takes turns; see room.ts. */
  wait(seat: S): number;
  page(seat: S): Promise<void>;
  head(seat: S): string | undefined;
  leave(seat: S): void;
  /** As `enter`. */
  publish(wid: WorkspaceId, tip: Tip, entries: readonly string[]): void;
  /** Every 15 s: readers that stall are cut off. */
  beat(): void;
  /** What is shown of the workspace was just compared with the store: heads to everybody. */
  compared(wid: WorkspaceId): void;
  /** Documents of the workspace that somebody reads. */
  docs(wid: WorkspaceId): DocName[];
}

export const createRooms = <S extends Seat>(deps: RoomsDeps<S>): Rooms<S> => {
  const rooms = new Map<WorkspaceId, Map<DocName, OpenRoom<S>>>();
  const of = ({ room }: S): OpenRoom<S> | undefined =>
    room === undefined ? undefined : rooms.get(room.wid)?.get(room.doc);
  const close = ({ wid, doc }: OpenRoom<S>): void => {
    const open = rooms.get(wid);
    open?.delete(doc);
    if (open?.size === 0) rooms.delete(wid);
  };
  const make = (wid: WorkspaceId, tip: Tip, at: Dated): OpenRoom<S> => {
    const open = rooms.get(wid) ?? new Map<DocName, OpenRoom<S>>();
    const room = createRoom(deps, wid, tip, at);
    rooms.set(wid, open.set(tip.doc, room));
    return room;
  };
  const nudge = (seat: S): void => {
    const room = of(seat);
    if (room !== undefined) nudgeIn(room, seat);
  };
  return {
    enter: (wid, tip, seat, at) => {
      const room = rooms.get(wid)?.get(tip.doc) ?? make(wid, tip, at);
      seat.room = room;
      enterRoom(room, seat, at);
    },
    follow: (seat, length) => {
      seat.cursor = length;
      seat.wantsStep2 = true;
      nudge(seat);
    },
    nudge,
    tell: (seat) => {
      seat.wantsHead = true;
      nudge(seat);
    },
    wait: (seat) => {
      const room = of(seat);
      return room === undefined ? 0 : waitIn(room, seat);
    },
    page: (seat) => {
      const room = of(seat);
      return room === undefined ? Promise.resolve() : pageIn(room, seat);
    },
    head: (seat) => {
      const room = of(seat);
      return room === undefined ? undefined : headIn(room, seat);
    },
    leave: (seat) => {
      const room = of(seat);
      if (room !== undefined && leaveRoom(room, seat)) close(room);
      seat.room = undefined;
    },
    publish: (wid, tip, entries) => {
      const room = rooms.get(wid)?.get(tip.doc);
      if (room !== undefined) publishIn(room, tip, entries);
    },
    beat: () => {
      for (const open of rooms.values()) for (const room of open.values()) beatIn(room);
    },
    compared: (wid) => {
      for (const room of rooms.get(wid)?.values() ?? []) comparedIn(room);
    },
    docs: (wid) => [...(rooms.get(wid)?.keys() ?? [])],
  };
};
