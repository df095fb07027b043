/** Who sends next on a connection: real rooms and turns, over a socket that takes a frame when the test says so. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { WebSocket } from "ws";
import { CREDIT_BYTES, DATA_MAX, readServerFrame } from "#core/protocol/channels.ts";
import { ADMIN, LOG } from "#core/protocol/ids.ts";
import type { DocName, Hash, WorkspaceId } from "#core/protocol/ids.ts";
import { CLOSE } from "#core/protocol/wire.ts";
import { LIMITS } from "../../../sync-server/server/admission/limits.ts";
import { createAccess } from "../../../sync-server/server/connections/access.ts";
import { shut } from "../../../sync-server/server/connections/peer.ts";
import type { Channel, Connection, Site, Voice } from "../../../sync-server/server/connections/peer.ts";
import { giveCredit, readers, stalls } from "../../../sync-server/server/connections/turns.ts";
import { createRooms } from "../../../sync-server/server/fan-out/rooms.ts";
import { generateServerKey, readServerKey } from "../../../sync-server/server/system/server-key.ts";
import type { ChainStore } from "../../../sync-server/server/store/store.ts";
import { crypto } from "../../helpers/node-crypto.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const wid = "W".repeat(22) as WorkspaceId;
const LANE = `lane:${"m".repeat(22)}` as DocName;
const [ONE, TWO] = ["queue:one", "queue:two"] as DocName[] as [DocName, DocName];
/** An entry that fills a page by itself. */
const LARGE = "x".repeat(60_000);

const openWorld = (draw = (_bytes: number): number => 0) => {
  /** What was written: a channel's number where it was data, else what it was, and for heads whose. */
  const written: (number | string)[] = [];
  const unread: (() => void)[] = [];
  let reading: Promise<unknown> = Promise.resolve();
  let failing = false;
  const read: ChainStore["read"] = async (_wid, _doc, from, { entries }) => {
    await reading;
    if (failing) throw new Error("the disk is gone");
    return Array.from({ length: Math.min(2, entries) }, (_, i) => `${from + i}`.padEnd(60_000, "x"));
  };
  const rooms = createRooms<Voice>({
    store: { read } as unknown as ChainStore,
    key: readServerKey(crypto, generateServerKey()),
    now: Date.now,
    dated: () => ({ t: Date.now(), a: 0 }),
    stallMs: 30_000,
    readers,
  });
  const limits = { numbers: LIMITS, draw: (_name: string, bytes: number) => draw(bytes), closing: () => false };
  const log = (): void => undefined;
  const site = { rooms, limits, log, now: Date.now, pairings: { left: () => undefined } } as unknown as Site;
  const terminate = vi.fn(() => undefined);
  const ws = {
    OPEN: 1,
    readyState: 1,
    bufferedAmount: 0,
    send: (bytes: Uint8Array, taken: () => void) => {
      const frame = readServerFrame(bytes);
      if (frame?.type === "data") written.push(frame.channel);
      else if (frame?.type === "heads") written.push(`heads of ${frame.heads.map(({ channel }) => channel).join(" ")}`);
      else if (frame?.type === "shut") written.push(`shut ${frame.channel} ${frame.code}`);
      unread.push(taken);
    },
    terminate,
    ping: () => undefined,
  };
  const connection = {
    kind: "connection",
    site,
    ws: ws as unknown as WebSocket,
    wid,
    state: "open",
    admission: { as: "device", device: "d", member: "m" },
    channels: new Map(),
    last: 0,
    due: new Set(),
    sendingSince: 0,
    waking: false,
    pingedAt: 0,
  } as unknown as Connection;
  const open = (number: number, doc: DocName, length: number, have: number | null = 0): Channel => {
    const channel: Channel = {
      kind: "channel",
      connection,
      number,
      doc,
      state: "open",
      credit: CREDIT_BYTES,
      fetching: false,
      room: undefined,
      cursor: null,
      wantsStep2: false,
      wantsHead: false,
      drawn: 0,
      sendingSince: 0,
    };
    connection.channels.set(number, channel);
    rooms.enter(wid, { doc, seq: length, head: "h" as Hash }, channel, { t: Date.now(), a: 0 });
    if (have !== null) rooms.follow(channel, have);
    return channel;
  };
  const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(1);
  return {
    rooms,
    connection,
    ws,
    terminate,
    written,
    open,
    settle,
    /** The operating system takes what was written, and what follows from that. */
    takeAll: async (): Promise<void> => {
      await settle();
      while (unread.length > 0) {
        unread.shift()?.();
        await settle();
      }
    },
    readsWhen: (when: Promise<unknown>): void => void (reading = when),
    fails: (): void => void (failing = true),
    append: (doc: DocName, length: number, entries: readonly string[]): void =>
      rooms.publish(wid, { doc, seq: length, head: "h" as Hash }, entries),
  };
};

test("CN3 the log goes first, then lanes, queues and others, of each by turns, one page at a time", async () => {
  const world = openWorld();
  world.open(1, ADMIN, 2);
  world.open(2, ONE, 2);
  world.open(3, TWO, 2);
  world.open(4, LANE, 2);
  world.open(5, LOG, 2);
  await world.settle();
  expect(world.written).toEqual([5]);
  await world.takeAll();
  expect(world.written).toEqual([
    5,
    5,
    "heads of 5",
    4,
    4,
    "heads of 4",
    2,
    3,
    2,
    "heads of 2",
    3,
    "heads of 3",
    1,
    1,
    "heads of 1",
  ]);
});

test("CN3 a channel stops where less than a frame of credit is left, and goes on with what is given back", async () => {
  const world = openWorld();
  const queue = world.open(1, ONE, 10);
  await world.takeAll();
  expect(world.written).toEqual([1, 1, 1, 1]);
  expect(queue.credit).toBeLessThan(DATA_MAX);
  expect(queue.credit).toBeGreaterThanOrEqual(0);
  // What comes new elsewhere does not wait for it, and what comes new there does.
  world.open(2, LOG, 0);
  await world.takeAll();
  world.append(LOG, 1, ["a"]);
  world.append(ONE, 11, ["b"]);
  await world.takeAll();
  expect(world.written.slice(4)).toEqual([2, "heads of 2", 2]);
  giveCredit(queue, CREDIT_BYTES - queue.credit);
  await world.takeAll();
  expect(world.written.slice(7)).toEqual([1, 1, 1, 1]);
});

test("CN3 a batch longer than a page is sent in frames of a page", async () => {
  const world = openWorld();
  const log = world.open(1, LOG, 0);
  await world.takeAll();
  world.append(LOG, 3, [LARGE, LARGE, LARGE]);
  await world.takeAll();
  expect(world.written).toEqual([1, "heads of 1", 1, 1, 1]);
  expect(CREDIT_BYTES - log.credit).toBeGreaterThan(3 * LARGE.length);
});

test("CN5 one frame names all documents whose heads are due, and at each beat the log alone", async () => {
  const world = openWorld();
  for (const [number, doc] of [LOG, ONE, TWO].entries()) world.open(number + 1, doc, 0);
  await world.takeAll();
  world.written.length = 0;
  world.append(ONE, 1, ["a"]);
  world.append(TWO, 1, ["b"]);
  await world.takeAll();
  expect(world.written).toEqual([2, 3]);
  await vi.advanceTimersByTimeAsync(250);
  await world.takeAll();
  expect(world.written.slice(2)).toEqual(["heads of 2 3"]);
  world.rooms.compared(wid);
  await world.takeAll();
  expect(world.written.slice(3)).toEqual(["heads of 1"]);
});

test("CN2 what was read for a channel that is shut meanwhile is not written, and the others go on", async () => {
  const world = openWorld();
  const { promise, resolve } = Promise.withResolvers<void>();
  world.readsWhen(promise);
  const queue = world.open(1, ONE, 4);
  await world.settle();
  world.open(2, LOG, 4);
  shut(queue, CLOSE.forbidden, "queue-names-not");
  world.append(ONE, 5, ["a"]);
  resolve();
  await world.takeAll();
  expect(world.written.filter((what) => what !== "shut 1 4403")).toEqual([2, 2, 2, 2, "heads of 2"]);
  giveCredit(queue, 1);
  await world.takeAll();
  expect(world.written).toHaveLength(6);
  // And the server holds nothing of it any more.
  expect(world.rooms.docs(wid)).toEqual([LOG]);
});

test("[LI16] who drew more than their share waits with one channel, and not with what is new in the others", async () => {
  const world = openWorld((bytes) => (bytes > 30_000 ? 5_000 : 0));
  world.open(1, LOG, 2);
  world.open(2, ONE, 0);
  await world.takeAll();
  expect(world.written).toEqual([2, "heads of 2"]);
  world.append(ONE, 1, ["a"]);
  await world.takeAll();
  expect(world.written).toEqual([2, "heads of 2", 2]);
  await vi.advanceTimersByTimeAsync(5_000);
  await world.takeAll();
  expect(world.written.slice(3, 5)).toEqual(["heads of 2", 1]);
});

test("[LI6] a connection that takes nothing stalls, and one with more behind it than it may have is cut off", async () => {
  const world = openWorld();
  world.open(1, LOG, 10);
  await world.settle();
  expect(stalls(world.connection)).toBe(false);
  const access = createAccess();
  access.add(world.connection);
  access.beat();
  await vi.advanceTimersByTimeAsync(30_002);
  expect(stalls(world.connection)).toBe(true);
  expect(world.terminate).not.toHaveBeenCalled();
  access.beat();
  expect(world.terminate).toHaveBeenCalledOnce();
  const other = openWorld();
  other.ws.bufferedAmount = LIMITS.backlogBytes + 1;
  other.open(1, LOG, 10);
  await other.settle();
  expect(other.terminate).toHaveBeenCalledOnce();
  expect(other.written).toEqual([]);
});

test("CN7 a document that cannot be read ends its channel alone", async () => {
  const world = openWorld();
  const log = world.open(1, LOG, 0);
  await world.takeAll();
  world.fails();
  world.open(2, ONE, 5);
  await world.takeAll();
  expect(world.written).toEqual([1, "heads of 1", "shut 2 4503"]);
  expect(log.state).toBe("open");
});
