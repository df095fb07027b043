/**
 * What many documents cost a device that comes back, over one connection and over a socket for each: of 500 documents nothing
 * has changed. And whether one that is 64 MB behind holds up the log.
 */
import { hashOf } from "#core/protocol/crypto.ts";
import type { Had } from "#core/protocol/channels.ts";
import { ADMIN, docBase, epochDoc, LOG } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import { crypto } from "../../helpers/node-crypto.ts";
import { lane, QUEUE, requestBody, signCommand } from "../../helpers/people.ts";
import type { Person } from "../../helpers/people.ts";
import { aimed, measured, percentile, timings } from "../measure.ts";
import type { Measured } from "../measure.ts";
import { overConnection, overSockets } from "./channels.ts";
import type { Copies, Reached, Site } from "./channels.ts";
import { commandFrame, joinBulkhead } from "./clients.ts";
import type { Client } from "./clients.ts";
import { tempFolder } from "./folder.ts";
import { startPeer } from "./peer.ts";
import type { Peer } from "./peer.ts";
import { foundTeam, sent } from "./team.ts";
import type { BenchTeam } from "./team.ts";

const DOCUMENTS = 500;
const ROUNDS = 15;

interface World extends Site {
  readonly peer: Peer;
  readonly team: BenchTeam;
  /** Ada's log, and each person's lane. */
  readonly log: Client;
  readonly lanes: readonly Client[];
}

const commandOf = (world: World, by: Person, doc: DocName, k: string, b: unknown): string =>
  signCommand(by, { w: world.wid, d: doc, k, b, seen: [0, ""], exp: Date.now() + 600_000 });

const openWorld = async (at: string, people: number): Promise<World> => {
  const peer = await startPeer("bulkhead", [at]);
  const team = await foundTeam(peer.url, people);
  return {
    url: peer.url,
    wid: team.wid,
    peer,
    team,
    log: await joinBulkhead(peer.url, team.wid, team.ada),
    lanes: await Promise.all(team.people.map((who) => joinBulkhead(peer.url, team.wid, who, "device", lane(who)))),
  };
};

/** Asks for something in the queue and takes it back, so that nothing waits. */
const ask = async (world: World, index: number, queue: DocName, jwe: string): Promise<void> => {
  const by = world.team.people[index % world.team.people.length] as Person;
  const over = world.lanes[index % world.lanes.length] as Client;
  const request = commandOf(world, by, queue, "approval.request", requestBody({ jwe }));
  await sent(over, request);
  await sent(over, commandOf(world, by, queue, "approval.cancel", { request: hashOf(crypto, request) }));
};

/** The log, the invites and epochs of a queue, each with something in it. */
const openEpochs = async (world: World): Promise<DocName[]> => {
  const docs: DocName[] = [LOG, ADMIN];
  for (let n = 1; docs.length < DOCUMENTS; n += 1) {
    const doc = epochDoc(QUEUE, n);
    if (n > 1) await sent(world.log, commandOf(world, world.team.ada, LOG, "epoch.open", { doc: docBase(QUEUE), n }));
    await ask(world, n, doc, "sealed");
    docs.push(doc);
  }
  return docs;
};

const copiesOf = async (world: World, docs: readonly DocName[]): Promise<Map<DocName, Had>> => {
  const heads = new Map<DocName, Had>();
  const nothing: Copies = new Map(docs.map((doc) => [doc, { length: 0, head: "" }]));
  const reached = await overConnection(world, world.team.ada, nothing, { onHead: (doc, had) => heads.set(doc, had) });
  reached.ws.terminate();
  return new Map(docs.map((doc) => [doc, heads.get(doc) ?? { length: 0, head: "" }]));
};
const some = (copies: Copies, count: number): Copies => new Map([...copies].slice(0, count));
const end = (all: readonly Reached[]): void => {
  for (const { ws } of all) {
    ws.removeAllListeners("close");
    ws.terminate();
  }
};

const median = async (
  rounds: number,
  work: () => Promise<readonly Reached[]>,
): Promise<{ ms: number; bytes: number }> => {
  let bytes = 0;
  const samples: number[] = [];
  for (let round = -1; round < rounds; round += 1) {
    const start = performance.now();
    const all = await work();
    if (round >= 0) samples.push(performance.now() - start);
    bytes = all.reduce((sum, each) => sum + each.bytes, 0);
    end(all);
  }
  return { ms: percentile(samples, 0.5), bytes };
};

const reconnects = async (world: World, copies: Copies): Promise<Measured[]> => {
  const { ada } = world.team;
  const one = (count: number) => median(ROUNDS, async () => [await overConnection(world, ada, some(copies, count))]);
  const sockets = await median(3, () => overSockets(world, ada, copies));
  const [ten, hundred, all] = [await one(10), await one(100), await one(DOCUMENTS)];
  const each = { name: `${DOCUMENTS} sockets`, value: sockets.ms };
  const few = { name: "10 documents", value: ten.ms };
  return [
    measured(`in sync again, ${DOCUMENTS} documents, one connection`, all.ms, "ms", ROUNDS, each),
    measured(`bytes of that, both ways`, all.bytes / 1_024, "kB", 1, { name: each.name, value: sockets.bytes / 1_024 }),
    measured("in sync again, 10 unchanged documents", ten.ms, "ms", ROUNDS),
    measured("in sync again, 100 unchanged documents", hundred.ms, "ms", ROUNDS, few),
    measured(`in sync again, ${DOCUMENTS} unchanged documents`, all.ms, "ms", ROUNDS, few),
  ];
};

const PEOPLE = 50;
const THEIRS = 100;
/** 50 people come back at once, each with 100 documents, beside 50 who only sign in and read the log's head. */
const storm = async (world: World, copies: Copies): Promise<Measured> => {
  const { people } = world.team;
  const who = (index: number): Person => people[index % people.length] as Person;
  const all = (count: number) => () =>
    Promise.all(Array.from({ length: PEOPLE }, (_, i) => overConnection(world, who(i), some(copies, count))));
  const signIns = () =>
    Promise.all(Array.from({ length: PEOPLE }, (_, i) => overSockets(world, who(i), some(copies, 1)))).then((list) =>
      list.flat(),
    );
  const sockets = await median(5, signIns);
  const connections = await median(5, all(THEIRS));
  return aimed(
    measured(`${PEOPLE} people in sync again, ${THEIRS} documents each`, connections.ms, "ms", 5, {
      name: `${PEOPLE} sign-ins`,
      value: sockets.ms,
    }),
    { at: "most", than: 1, of: "ratio" },
  );
};

/** What the server holds for a channel that only waits, and what a log entry costs where everybody has many. */
const waiting = async (world: World, copies: Copies): Promise<Measured[]> => {
  const { people, ada } = world.team;
  const connect = (count: number) => Promise.all(people.map((who) => overConnection(world, who, some(copies, count))));
  const entry = async (readers: readonly Reached[]): Promise<number> => {
    const samples = await timings(40, async () => {
      const heard = readers.map(
        (reader) => new Promise<void>((resolve) => (reader.onEntries = (doc) => void (doc === LOG && resolve()))),
      );
      world.log.ws.send(revoke(world, ada));
      await Promise.all(heard);
    });
    return percentile(samples, 0.5);
  };
  const few = await connect(1);
  const before = await world.peer.memory();
  const alone = await entry(few);
  end(few);
  const many = await connect(DOCUMENTS);
  const after = await world.peer.memory();
  const beside = await entry(many);
  end(many);
  const channels = people.length * (DOCUMENTS - 1);
  return [
    aimed(measured("heap of an idle channel", (after.heap - before.heap) / channels / 1_024, "kB", channels), {
      at: "most",
      than: 1,
      of: "value",
    }),
    measured(`a log entry to ${people.length} connections of ${DOCUMENTS} channels`, beside, "ms", 40, {
      name: "one channel each",
      value: alone,
    }),
  ];
};
const revoke = (world: World, by: Person): Uint8Array =>
  commandFrame(
    1,
    commandOf(world, by, LOG, "invite.revoke", { id: crypto.sha256(String(Math.random())).slice(0, 22) }),
  );

const BEHIND = 64;
const LARGE = 40_000;
/** How long a log entry is on its way beside a channel that has 64 MB to catch up with. */
const behind = async (at: string): Promise<Measured> => {
  const world = await openWorld(at, 24);
  try {
    const bytes = Math.ceil((LARGE * 4) / 3);
    const count = Math.ceil((BEHIND * 1_048_576) / bytes);
    for (let i = 0; i < count; i += 1) await ask(world, i, QUEUE, "x".repeat(LARGE));
    const nothing: Copies = new Map([LOG, QUEUE].map((doc) => [doc, { length: 0, head: "" }]));
    const samples: number[] = [];
    // One that takes 64 MB as fast as it can, and one whose credit is used up.
    for (const generous of [true, false]) {
      const reader = await overConnection(world, world.team.ada, nothing, { generous, atOnce: true });
      for (let i = 0; i < 20; i += 1) samples.push(await reaches(world, reader));
      end([reader]);
    }
    return aimed(
      measured(
        `a log entry beside a channel that is ${BEHIND} MB behind, p95`,
        percentile(samples, 0.95),
        "ms",
        samples.length,
      ),
      { at: "most", than: 50, of: "value" },
    );
  } finally {
    await world.peer.close();
  }
};

const reaches = async (world: World, reader: Reached): Promise<number> => {
  const start = performance.now();
  const heard = new Promise<void>((resolve) => (reader.onEntries = (doc) => void (doc === LOG && resolve())));
  world.log.ws.send(revoke(world, world.team.ada));
  await heard;
  return performance.now() - start;
};

export const documents = async (): Promise<Measured[]> => {
  const [first, second] = [tempFolder(), tempFolder()];
  try {
    const world = await openWorld(first.path, 10);
    const docs = await openEpochs(world);
    const copies = await copiesOf(world, docs);
    const rows = [...(await reconnects(world, copies)), await storm(world, copies), ...(await waiting(world, copies))];
    await world.peer.close();
    return [...rows, await behind(second.path)];
  } finally {
    first.remove();
    second.remove();
  }
};
