/** Open documents, each a room of its own. */
import type { DocName, WorkspaceId } from "#core/protocol/ids.ts";
import { createRoom } from "./room.ts";
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
  const close = (wid: WorkspaceId, doc: DocName): void => {
    const open = rooms.get(wid);
    open?.delete(doc);
    if (open?.size === 0) rooms.delete(wid);
  };
  const make = (wid: WorkspaceId, tip: Tip, at: Dated): OpenRoom<S> => {
    const open = rooms.get(wid) ?? new Map<DocName, OpenRoom<S>>();
    const room = createRoom(deps, wid, tip, at, () => close(wid, tip.doc));
    rooms.set(wid, open.set(tip.doc, room));
    return room;
  };
  return {
    enter: (wid, tip, seat, at) => {
      const room = rooms.get(wid)?.get(tip.doc) ?? make(wid, tip, at);
      seat.room = room;
      room.enter(seat, at);
    },
    follow: (seat, length) => {
      seat.cursor = length;
      seat.wantsStep2 = true;
      of(seat)?.nudge(seat);
    },
    nudge: (seat) => of(seat)?.nudge(seat),
    tell: (seat) => {
      seat.wantsHead = true;
      of(seat)?.nudge(seat);
    },
    wait: (seat) => of(seat)?.wait(seat) ?? 0,
    page: (seat) => of(seat)?.page(seat) ?? Promise.resolve(),
    head: (seat) => of(seat)?.head(seat),
    leave: (seat) => {
      of(seat)?.leave(seat);
      seat.room = undefined;
    },
    publish: (wid, tip, entries) => rooms.get(wid)?.get(tip.doc)?.publish(tip, entries),
    beat: () => {
      for (const open of rooms.values()) for (const room of open.values()) room.beat();
    },
    compared: (wid) => {
      for (const room of rooms.get(wid)?.values() ?? []) room.compared();
    },
    docs: (wid) => [...(rooms.get(wid)?.keys() ?? [])],
  };
};
