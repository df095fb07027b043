/** One peer, made ready: how to join it, and how to write one item that everybody else hears. */
import * as encoding from "lib0/encoding";
import * as Y from "yjs";
import { startPostgres } from "../../helpers/postgres.ts";
import { tempFolder } from "./folder.ts";
import { commandFrame, inRoom, joinBulkhead, joinHocuspocus, joinYws, yjsWrite } from "./clients.ts";
import type { Client } from "./clients.ts";
import { startPeer } from "./peer.ts";
import type { Memory, PeerKind } from "./peer.ts";
import { foundTeam, largeCommand, revokeCommand } from "./team.ts";

export interface Arena {
  readonly kind: PeerKind | "memory";
  memory(): Promise<Memory>;
  join(index: number): Promise<Client>;
  /** `count` frames that writer `index` may send in this order, each carrying about `bytes`; made ahead of time. */
  frames(index: number, count: number, bytes?: number): Uint8Array[];
  close(): Promise<void>;
}

const ROOM = "bench";
const RECORD = 150;

/** About 200 bytes a write, as a member record would be; one client id per writer. */
const updates = (index: number, count: number, bytes = RECORD): Uint8Array[] => {
  const doc = new Y.Doc();
  const made: Uint8Array[] = [];
  doc.clientID = 1_000 + index;
  doc.on("update", (update: Uint8Array) => made.push(update));
  const map = doc.getMap(`writer ${index}`);
  for (let i = 0; i < count; i += 1) map.set(bytes === RECORD ? `key ${i}` : "key", { id: i, note: "x".repeat(bytes) });
  return made;
};

const openYws = async (): Promise<Arena> => {
  const peer = await startPeer("yws");
  return {
    kind: "yws",
    memory: peer.memory,
    close: peer.close,
    join: () => joinYws(peer.url, ROOM),
    frames: (index, count, bytes) => updates(index, count, bytes).map(yjsWrite),
  };
};

const openHocuspocus = async (): Promise<Arena> => {
  const peer = await startPeer("hocuspocus");
  const frame = (update: Uint8Array): Uint8Array =>
    inRoom(ROOM, 0, (encoder) => {
      encoding.writeVarUint(encoder, 2);
      encoding.writeVarUint8Array(encoder, update);
    });
  return {
    kind: "hocuspocus",
    memory: peer.memory,
    close: peer.close,
    join: () => joinHocuspocus(peer.url, ROOM),
    frames: (index, count, bytes) => updates(index, count, bytes).map(frame),
  };
};

const WRITERS = 10;

interface Place {
  readonly at: string;
  remove(): Promise<void> | void;
}

const folderPlace = (): Place => {
  const folder = tempFolder();
  return { at: folder.path, remove: folder.remove };
};
const databasePlace = async (): Promise<Place> => {
  const postgres = await startPostgres();
  return { at: await postgres.database(), remove: postgres.remove };
};

const openBulkhead = async (kind: "bulkhead" | "postgres" | "memory", place: Place): Promise<Arena> => {
  const peer = await startPeer(kind, [place.at]);
  const team = await foundTeam(peer.url, WRITERS);
  const person = (index: number) => team.people[index % WRITERS] ?? team.ada;
  return {
    kind,
    memory: peer.memory,
    close: async () => {
      await peer.close();
      await place.remove();
    },
    join: (index) => joinBulkhead(peer.url, team.wid, person(index)),
    frames: (index, count, bytes = RECORD) =>
      Array.from({ length: count }, (_, i) =>
        commandFrame(
          i,
          bytes === RECORD ? revokeCommand(team, person(index)) : largeCommand(team, person(index), bytes),
        ),
      ),
  };
};

export const openArena = async (kind: PeerKind | "memory"): Promise<Arena> => {
  switch (kind) {
    case "yws":
      return openYws();
    case "hocuspocus":
      return openHocuspocus();
    case "bulkhead":
      return openBulkhead(kind, folderPlace());
    case "memory":
      return openBulkhead(kind, { at: "", remove: () => undefined });
    case "postgres":
      return openBulkhead(kind, await databasePlace());
  }
};
