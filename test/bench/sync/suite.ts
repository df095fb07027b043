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
import { commits } from "./commits.ts";
import { documents } from "./documents.ts";
import { foldCosts } from "./fold.ts";
import type { PeerKind } from "./peer.ts";
import { stalledReader } from "./stalled.ts";
import { strangers } from "./strangers.ts";

const KINDS: readonly PeerKind[] = ["yws", "hocuspocus", "bulkhead", "postgres"];
const NAMES: Readonly<Record<PeerKind, string>> = {
  yws: "y-websocket",
  hocuspocus: "Hocuspocus",
  bulkhead: "Bulkhead",
  postgres: "Bulkhead on PostgreSQL",
};

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
  while (clients.length < count)
    clients.push(
      ...(await Promise.all(
        Array.from({ length: Math.min(50, count - clients.length) }, (_, i) => arena.join(clients.length + i)),
      )),
    );
  return clients;
};

const IDLE = 1_000;
interface IdleHeap {
  readonly first: number;
  readonly further: number;
}
/**
 * Bytes of heap for each of 1,000 connections that only listen, and for each of the next 1,000: among the first is what a
 * server makes once, whoever comes.
 */
const idleHeap = async (arena: Arena): Promise<IdleHeap> => {
  await joinMany(arena, 20);
  const heaps = [await arena.memory()];
  for (let thousand = 0; thousand < 2; thousand += 1) {
    await joinMany(arena, IDLE);
    heaps.push(await arena.memory());
  }
  const [before = 0, one = 0, two = 0] = heaps.map(({ heap }) => heap);
  return { first: (one - before) / IDLE, further: (two - one) / IDLE };
};

const READERS = 100;
const FAN_OUTS = 600;
/** Writes to one server before the next has its turn, and those of the first turns, which do not count. */
const TURN = 5;
const WARM = 20;

/** 100 readers of one server; answers the milliseconds from a write to each of them. */
const openFanOut = async (arena: Arena): Promise<(index: number) => Promise<number[]>> => {
  const readers = await joinMany(arena, READERS);
  const writer = await arena.join(0);
  const frames = arena.frames(0, WARM + FAN_OUTS);
  return async (index) => {
    const start = performance.now();
    const heard = readers.map(
      (reader) =>
        new Promise<number>((resolve) => {
          reader.onItems = () => resolve(performance.now() - start);
        }),
    );
    writer.ws.send(frames[index] as Uint8Array);
    return Promise.all(heard);
  };
};

/**
 * All servers are up at once and take turns of a few writes: what else the machine does within seconds would otherwise
 * decide more than the servers do.
 */
const fanOuts = async (): Promise<Record<PeerKind | "memory", number[]>> => {
  const samples: Record<PeerKind | "memory", number[]> = {
    yws: [],
    hocuspocus: [],
    memory: [],
    bulkhead: [],
    postgres: [],
  };
  const arenas: Arena[] = [];
  try {
    for (const kind of [...KINDS, "memory"] as const) arenas.push(await openArena(kind));
    const open = await Promise.all(arenas.map(async (arena) => ({ kind: arena.kind, write: await openFanOut(arena) })));
    for (let from = 0; from < WARM + FAN_OUTS; from += TURN) {
      for (const { kind, write } of open) {
        for (let index = from; index < from + TURN; index += 1) {
          const heard = await write(index);
          if (from >= WARM) samples[kind].push(...heard);
        }
      }
    }
  } finally {
    for (const arena of arenas) await arena.close();
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
  for (let round = 0; round < ROUNDS; round += 1)
    for (const kind of KINDS) results[kind].push(await withArena(kind, work));
  return results;
};

type Goals = Partial<Record<PeerKind, Goal>>;
const atMost = (than: number): Goals => ({
  bulkhead: { at: "most", than, of: "ratio" },
  postgres: { at: "most", than, of: "ratio" },
});
const atLeast = (bulkhead: number, postgres: number): Goals => ({
  bulkhead: { at: "least", than: bulkhead, of: "ratio" },
  postgres: { at: "least", than: postgres, of: "ratio" },
});

const compared = (
  name: string,
  unit: Measured["unit"],
  n: number,
  values: Record<PeerKind, number>,
  goals: Goals = {},
): Measured[] =>
  KINDS.filter((kind) => kind !== "yws").map((kind) => {
    const row = measured(`${name}, ${NAMES[kind]}`, values[kind], unit, n, { name: NAMES.yws, value: values.yws });
    const goal = goals[kind];
    return goal === undefined ? row : aimed(row, goal);
  });

const mapped = <T>(results: Record<PeerKind, T>, of: (result: T) => number): Record<PeerKind, number> => ({
  yws: of(results.yws),
  hocuspocus: of(results.hocuspocus),
  bulkhead: of(results.bulkhead),
  postgres: of(results.postgres),
});
const at = (results: Record<PeerKind, number[]>, p: number): Record<PeerKind, number> =>
  mapped(results, (values) => percentile(values, p));
const each = (results: Record<PeerKind, number[]>): Record<PeerKind, number> => at(results, 0.5);

export const sync = async (): Promise<Measured[]> => {
  const heap = await everyKind(idleHeap);
  const heapOf = (which: keyof IdleHeap) =>
    mapped(heap, (rounds) =>
      percentile(
        rounds.map((round) => round[which] / 1_024),
        0.5,
      ),
    );
  const latency = await fanOuts();
  const rate = each(await everyKind(writes));
  return [
    ...compared(`heap of an idle connection at ${IDLE}`, "kB", ROUNDS, heapOf("first"), atMost(1.1)),
    ...compared(`heap of a further idle connection after ${IDLE}`, "kB", ROUNDS, heapOf("further"), atMost(1.1)),
    ...compared(`fan-out to ${READERS}, p50`, "ms", FAN_OUTS * READERS, at(latency, 0.5), atMost(1.2)),
    measured(
      `fan-out to ${READERS}, p50, Bulkhead over a store in memory`,
      percentile(latency.memory, 0.5),
      "ms",
      FAN_OUTS * READERS,
      { name: NAMES.yws, value: percentile(latency.yws, 0.5) },
    ),
    ...(await commits()),
    ...compared(`fan-out to ${READERS}, p99`, "ms", FAN_OUTS * READERS, at(latency, 0.99)),
    ...compared("writes a second, 10 writers", "/s", ROUNDS * WRITERS * WRITES, rate, atLeast(0.5, 0.25)),
    ...(await stalledReader()),
    ...(await documents()),
    ...(await strangers()),
    ...(await foldCosts()),
  ];
};
