/** Pages and heads by the room alone: readers whose sockets take a frame when the test says so, and a clock that it turns. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as decoding from "lib0/decoding";
import type { Hash, WorkspaceId } from "#core/protocol/ids.ts";
import { LOG } from "#core/protocol/ids.ts";
import { HEAD, SYNC } from "#core/protocol/wire.ts";
import { generateServerKey, readServerKey } from "../../../sync-server/server/system/server-key.ts";
import { createRooms } from "../../../sync-server/server/fan-out/rooms.ts";
import type { Seat } from "../../../sync-server/server/fan-out/room.ts";
import { crypto } from "../../helpers/node-crypto.ts";
import { createMemory } from "../../helpers/memory-store.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const wid = "W".repeat(22) as WorkspaceId;
interface Reader extends Seat {
  /** "entries", or the length that a head names. */
  readonly heard: (number | "entries")[];
}

const openRoom = () => {
  const rooms = createRooms<Reader>({
    store: createMemory().connect(),
    key: readServerKey(crypto, generateServerKey()),
    now: Date.now,
    dated: () => ({ t: Date.now(), a: 0 }),
    stallMs: 30_000,
    readers: {
      write: ({ heard }, frame, taken) => (heard.push(read(frame)), taken()),
      writeInTurn: () => false,
      takesTurns: () => false,
      due: () => undefined,
      hearsBeat: () => true,
      closed: () => false,
      draw: () => 0,
      fail: () => undefined,
      cut: () => undefined,
    },
  });
  let length = 0;
  const head = (): Hash | "" => (length === 0 ? "" : (crypto.sha256(String(length)) as Hash));
  return {
    rooms,
    join: async (): Promise<Reader> => {
      const reader: Reader = {
        room: undefined,
        cursor: null,
        wantsStep2: false,
        wantsHead: false,
        drawn: 0,
        sendingSince: 0,
        heard: [],
      };
      rooms.enter(wid, { doc: LOG, seq: length, head: head() }, reader, { t: Date.now(), a: 0 });
      rooms.follow(reader, length);
      await vi.advanceTimersByTimeAsync(0);
      return reader;
    },
    append: (count: number): void => {
      const entries = Array.from({ length: count }, () => "an entry");
      length += count;
      rooms.publish(wid, { doc: LOG, seq: length, head: head() }, entries);
    },
  };
};

const read = (frame: Uint8Array): number | "entries" => {
  const decoder = decoding.createDecoder(frame);
  const type = decoding.readVarUint(decoder);
  if (type === SYNC) return "entries";
  expect(type).toBe(HEAD);
  return (JSON.parse(crypto.decode(decoding.readVarString(decoder).split(".")[1] ?? "") ?? "") as { s: number }).s;
};

test("[SV16] after a burst of batches every reader gets each entry at once and one head, the newest, behind them", async () => {
  const room = openRoom();
  const readers = [await room.join(), await room.join()];
  for (const { heard } of readers) expect(heard).toEqual(["entries", 0]);
  for (let i = 0; i < 5; i += 1) {
    room.append(2);
    await vi.advanceTimersByTimeAsync(10);
  }
  for (const { heard } of readers) expect(heard.slice(2)).toEqual(Array.from({ length: 5 }, () => "entries"));
  await vi.advanceTimersByTimeAsync(250);
  for (const { heard } of readers) expect(heard.slice(7)).toEqual([10]);
  await vi.advanceTimersByTimeAsync(1_000);
  room.append(1);
  await vi.advanceTimersByTimeAsync(250);
  for (const { heard } of readers) expect(heard.slice(8)).toEqual(["entries", 11]);
});

test("[SV16] who comes in between gets the head at once, and an empty room sends none", async () => {
  const room = openRoom();
  const first = await room.join();
  room.append(3);
  const late = await room.join();
  expect(late.heard).toEqual(["entries", 3]);
  room.rooms.leave(first);
  room.rooms.leave(late);
  expect(vi.getTimerCount()).toBe(0);
});
