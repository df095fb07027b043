/**
 * The sync server beside its peers, in one run: y-websocket's own server and Hocuspocus, neither of which checks
 * anything here. Ours verifies a signature, applies the rules and stores each command durably before it acknowledges, on SQLite
 * and on PostgreSQL.
 * Rounds of the peers alternate, so that a machine that slows down slows all of them.
 */
import { aimed, measured, percentile } from "../measure.ts";
import type { Goal, Measured } from "../measure.ts";
import { openArena } from "./arena.ts";
import type { Arena } from "./arena.ts";
import type { Client } from "./clients.ts";
import { foldCosts } from "./fold.ts";
import type { PeerKind } from "./peer.ts";
import { stalledReader } from "./stalled.ts";

const KINDS: readonly PeerKind[] = ["yws", "hocuspocus", "bulkhead", "postgres"];
const NAMES: Readonly<Record<PeerKind, string>> = { yws: "y-websocket", hocuspocus: "Hocuspocus", bulkhead: "Bulkhead", postgres: "Bulkhead on PostgreSQL" };

const withArena = async <T>(kind: PeerKind, work: (arena: Arena) => Promise<T>): Promise<T> => {
  const arena = await openArena(kind);
  try {
    return await work(arena);
  } finally {
    await arena.close();
  }
};

const joinMany = async (arena: Arena, count: number): Promise<Client[]> => {
  const clients: Client[] = [];
  while (clients.length < count) clients.push(...(await Promise.all(Array.from({ length: Math.min(50, count - clients.length) }, (_, i) => arena.join(clients.length + i)))));
  return clients;
};

const IDLE = 1_000;
/** Bytes of heap for each of 1,000 connections that only listen. */
const idleHeap = (arena: Arena): Promise<number> =>
  (async () => {
    const warm = await joinMany(arena, 20);
    const before = await arena.memory();
    await joinMany(arena, IDLE);
    const after = await arena.memory();
    for (const client of warm) client.ws.terminate();
    return (after.heap - before.heap) / IDLE;
  })();

const READERS = 100;
const FAN_OUTS = 200;
/** Milliseconds from one write to each of 100 readers. */
const fanOut = async (arena: Arena): Promise<number[]> => {
  const readers = await joinMany(arena, READERS);
  const writer = await arena.join(0);
  const samples: number[] = [];
  for (const frame of arena.frames(0, FAN_OUTS)) {
    const start = performance.now();
    const heard = readers.map(
      (reader) =>
        new Promise<void>((resolve) => {
          reader.onItems = () => {
            samples.push(performance.now() - start);
            resolve();
          };
        }),
    );
    writer.ws.send(frame);
    await Promise.all(heard);
  }
  return samples;
};

const WRITERS = 10;
const WRITES = 500;
const WINDOW = 50;
/** Writes a second of 10 writers, counted when an eleventh connection has heard the last one. */
const writes = async (arena: Arena): Promise<number> => {
  const observer = await arena.join(0);
  const writers = await joinMany(arena, WRITERS);
  const frames = writers.map((_, index) => arena.frames(index, WRITES));
  const total = WRITERS * WRITES;
  let heard = 0;
  let sent = 0;
  const start = performance.now();
  await new Promise<void>((resolve) => {
    // At most WINDOW writes of each writer are under way, which is what a client with an outbox does.
    const push = (): void => {
      while (sent < total && sent - heard < WINDOW * WRITERS) {
        writers[sent % WRITERS]?.ws.send(frames[sent % WRITERS]?.[Math.floor(sent / WRITERS)] as Uint8Array);
        sent += 1;
      }
    };
    observer.onItems = (count) => {
      heard += count;
      if (heard >= total) resolve();
      else push();
    };
    push();
  });
  return total / ((performance.now() - start) / 1_000);
};

const ROUNDS = 3;
const everyKind = async <T>(work: (arena: Arena) => Promise<T>): Promise<Record<PeerKind, T[]>> => {
  const results: Record<PeerKind, T[]> = { yws: [], hocuspocus: [], bulkhead: [], postgres: [] };
  for (let round = 0; round < ROUNDS; round += 1) for (const kind of KINDS) results[kind].push(await withArena(kind, work));
  return results;
};

const median = (values: readonly number[]): number => percentile(values, 0.5);

type Goals = Partial<Record<PeerKind, Goal>>;
const atMost = (than: number): Goals => ({ bulkhead: { at: "most", than, of: "ratio" }, postgres: { at: "most", than, of: "ratio" } });
const atLeast = (bulkhead: number, postgres: number): Goals => ({ bulkhead: { at: "least", than: bulkhead, of: "ratio" }, postgres: { at: "least", than: postgres, of: "ratio" } });

const compared = (name: string, unit: Measured["unit"], n: number, values: Record<PeerKind, number>, goals: Goals = {}): Measured[] =>
  KINDS.filter((kind) => kind !== "yws").map((kind) => {
    const row = measured(`${name}, ${NAMES[kind]}`, values[kind], unit, n, { name: NAMES.yws, value: values.yws });
    const goal = goals[kind];
    return goal === undefined ? row : aimed(row, goal);
  });

const mapped = <T>(results: Record<PeerKind, T>, of: (result: T) => number): Record<PeerKind, number> => ({ yws: of(results.yws), hocuspocus: of(results.hocuspocus), bulkhead: of(results.bulkhead), postgres: of(results.postgres) });
const each = (results: Record<PeerKind, number[]>): Record<PeerKind, number> => mapped(results, median);
const flat = (results: Record<PeerKind, number[][]>, p: number): Record<PeerKind, number> => mapped(results, (rounds) => percentile(rounds.flat(), p));

export const sync = async (): Promise<Measured[]> => {
  const heap = each(await everyKind(idleHeap));
  const latency = await everyKind(fanOut);
  const rate = each(await everyKind(writes));
  return [
    ...compared(`heap of an idle connection at ${IDLE}`, "kB", ROUNDS, mapped(heap, (bytes) => bytes / 1_024), atMost(1.1)),
    ...compared(`fan-out to ${READERS}, p50`, "ms", ROUNDS * FAN_OUTS * READERS, flat(latency, 0.5), atMost(1.2)),
    ...compared(`fan-out to ${READERS}, p99`, "ms", ROUNDS * FAN_OUTS * READERS, flat(latency, 0.99)),
    ...compared("writes a second, 10 writers", "/s", ROUNDS * WRITERS * WRITES, rate, atLeast(0.5, 0.25)),
    ...(await stalledReader()),
    ...(await foldCosts()),
  ];
};

