/** Two nodes over one store in memory; test/integration/sync-nodes.test.ts has them over a database. */
import { expect, onTestFinished, test } from "vitest";
import { epochDoc, LOG } from "#core/protocol/ids.ts";
import { startServer } from "../../../sync-server/server/server.ts";
import { StoreProblem } from "../../../sync-server/server/store/store.ts";
import type { ChainStore } from "../../../sync-server/server/store/store.ts";
import { createMemory } from "../../helpers/memory-store.ts";
import { crypto } from "../../helpers/node-crypto.ts";
import { connect } from "../../helpers/channel-client.ts";
import { PAIR_OPEN, writeText } from "#core/protocol/wire.ts";
import { lane, makePairKey, QUEUE, requestBody } from "../../helpers/people.ts";
import { seenBy, startWorld } from "../../helpers/sync-world.ts";
import { until } from "../../helpers/wait.ts";
import { dialInvite, dialPair, open, openPairing, say } from "../../helpers/wire-client.ts";

const two = async () => {
  const memory = createMemory();
  const world = await startWorld({ store: memory.connect() });
  const other = await startServer({
    store: memory.connect(),
    host: "127.0.0.1",
    port: 0,
    origins: [],
    create: "open",
    now: world.now,
    log: () => undefined,
  });
  onTestFinished(() => other.close());
  return { world, other: other.url };
};

const headOf = (jws: string): { s: number; t: number } =>
  JSON.parse(crypto.decode(jws.split(".")[1] ?? "") ?? "") as { s: number; t: number };

test("[SV70] what one node takes reaches the readers of the other, and who is removed at one is closed at both", async () => {
  const { world, other } = await two();
  const ben = await world.member("Ben");
  const mine = await open(other, world.wid, lane(ben), ben);
  const adas = await world.open(world.ada, QUEUE);
  await Promise.all([mine.synced(), adas.synced()]);
  const asked = await world.send(mine, ben, QUEUE, "approval.request", requestBody());
  await adas.until(() => adas.entries().length === 1);
  await world.send(adas, world.ada, QUEUE, "approval.vote", {
    request: asked.ok ? asked.id : "",
    v: "approve",
    note: null,
  });
  await mine.until(() => mine.entries().length === 2);
  await world.send(world.log, world.ada, LOG, "member.remove", { member: ben.member });
  expect(await mine.closed).toMatchObject({ code: 4416 });
});

test("[SV70] CN1 what one node takes reaches the channels at the other, and who loses a right at one loses the channel at both", async () => {
  const { world, other } = await two();
  const [ben, eli] = [await world.member("Ben"), await world.member("Eli", "approver")];
  const line = await connect(other, world.wid, eli);
  const [log, queue] = await line.open([LOG, QUEUE]);
  await line.until(() => log?.steps === 1 && queue?.heads.length === 1);
  const mine = await world.open(ben, lane(ben));
  await world.send(mine, ben, QUEUE, "approval.request", requestBody());
  await line.until(() => queue?.entries().length === 1 && queue.heads.length === 2);
  const given = await world.send(world.log, world.ada, LOG, "member.role", {
    member: eli.member,
    from: "approver",
    to: "member",
  });
  await line.until(() => queue?.shut?.code === 4403);
  await world.send(mine, ben, QUEUE, "approval.request", requestBody());
  await line.until(() => log?.entries().length === (given.ok ? given.s : 0));
  expect([queue?.entries().length, queue?.late]).toEqual([1, 0]);
  // A pairing's new device may be at the first node.
  const key = makePairKey();
  line.data(log?.number ?? 0, writeText(PAIR_OPEN, key.id));
  await line.until(() => log?.news.includes("open") === true);
  const guest = await dialPair(world.url, world.wid, key);
  await guest.welcome;
  say(guest, "hello");
  await line.until(() => log?.said.includes("hello") === true);
  guest.close();
  await line.until(() => log?.news.includes("4407") === true);
  expect(log?.shut).toBeUndefined();
  await world.send(world.log, world.ada, LOG, "member.remove", { member: eli.member });
  expect(await line.closed).toMatchObject({ code: 4416 });
});

test("CN4 a device that opens documents which nobody has read since the start keeps no command waiting for all of them", async () => {
  const memory = createMemory();
  const world = await startWorld({ store: memory.connect() });
  const mine = await world.open(world.ada, lane(world.ada));
  const epochs = [QUEUE, ...Array.from({ length: 5 }, (_, i) => epochDoc(QUEUE, i + 2))];
  for (const [i, doc] of epochs.entries()) {
    if (i > 0) await world.send(world.log, world.ada, LOG, "epoch.open", { doc: QUEUE, n: i + 1 });
    expect(await world.send(mine, world.ada, doc, "approval.request", requestBody())).toMatchObject({ ok: true });
  }
  // Another node, as after a start: a queue is read when the test lets it.
  const store = memory.connect();
  const reads: (() => void)[] = [];
  const fresh = await startServer({
    store: {
      ...store,
      read: async (wid, doc, ...rest) => {
        if (doc.startsWith("queue:")) await new Promise<void>((resolve) => void reads.push(resolve));
        return store.read(wid, doc, ...rest);
      },
    },
    host: "127.0.0.1",
    port: 0,
    origins: [],
    create: "open",
    now: world.now,
    log: () => undefined,
  });
  onTestFinished(() => fresh.close());
  const line = await connect(fresh.url, world.wid, world.ada);
  await line.open([LOG]);
  // They are answered although none of them can be read: nobody folds what is only shown.
  const opened = await line.open(epochs);
  expect(opened.map((each) => [each.opened?.answer, each.steps])).toEqual(epochs.map(() => ["changed", 0]));
  expect(await line.cmd(1, world.sign(world.ada, LOG, "member.rename", { name: "Ada L." }))).toMatchObject({
    ok: true,
  });
  expect(reads.length).toBe(1);
  const rest = setInterval(() => reads.shift()?.(), 1);
  await line.until(() => opened.every((each) => each.steps === 1 && each.entries().length === 1));
  clearInterval(rest);
});

test("[SV70] commands sent to both at once get one order, none lost, none doubled", async () => {
  const { world, other } = await two();
  const ben = await world.member("Ben", "admin");
  const there = await open(other, world.wid, LOG, ben);
  const seen = seenBy(await there.synced());
  const key = (text: string) => ({ x: crypto.sha256(text) });
  const hers = Array.from({ length: 30 }, (_, i) => world.sign(world.ada, LOG, "server.key", key(`a${i}`), { seen }));
  const his = Array.from({ length: 30 }, (_, i) => world.sign(ben, LOG, "server.key", key(`b${i}`), { seen }));
  const send = async (wire: typeof there, commands: string[]) => {
    for (const command of commands) {
      let ack = await wire.cmd(command);
      while (!ack.ok && ack.code === "storage") ack = await wire.cmd(command);
      expect(ack).toMatchObject({ ok: true });
    }
  };
  await Promise.all([send(world.log, hers), send(there, his)]);
  await Promise.all([world.log, there].map((wire) => wire.until(() => wire.entries().length === 63)));
  expect(world.log.entries()).toEqual(there.entries());
  const stored = there.entries().map((entry) => (JSON.parse(entry) as { c: string }).c);
  expect(new Set(stored).size).toBe(63);
  expect(stored.filter((command) => hers.includes(command))).toEqual(hers);
  expect(stored.filter((command) => his.includes(command))).toEqual(his);
});

test("[SV75] a node that hears of nothing still judges by what is stored: who joined, was added or revoked, and what was asked", async () => {
  const memory = createMemory();
  const world = await startWorld({ store: memory.connect() });
  const deaf = await startServer({
    store: { ...memory.connect(), onRemoteAppend: () => () => undefined },
    host: "127.0.0.1",
    port: 0,
    origins: [],
    create: "open",
    now: world.now,
    log: () => undefined,
  });
  onTestFinished(() => deaf.close());
  const there = await open(deaf.url, world.wid, QUEUE, world.ada);
  await there.synced();
  const ben = await world.member("Ben");
  (await open(deaf.url, world.wid, LOG, ben)).close();
  const invite = await world.invite();
  const joining = await dialInvite(deaf.url, world.wid, invite);
  expect(await joining.welcome).toMatchObject({ problem: null });
  const mine = await world.open(ben, lane(ben));
  const asked = await world.send(mine, ben, QUEUE, "approval.request", requestBody());
  expect(
    await world.send(there, world.ada, QUEUE, "approval.vote", {
      request: asked.ok ? asked.id : "",
      v: "approve",
      note: null,
    }),
  ).toMatchObject({ ok: true });
  await world.send(world.log, world.ada, LOG, "member.remove", { member: ben.member });
  await expect(open(deaf.url, world.wid, LOG, ben)).rejects.toThrow("4416");
});

test("[SV76] [SV27] a node that hears of nothing closes who lost a right elsewhere before it sends what it stored next", async () => {
  const memory = createMemory();
  const world = await startWorld({ store: memory.connect() });
  const deaf = await startServer({
    store: { ...memory.connect(), onRemoteAppend: () => () => undefined },
    host: "127.0.0.1",
    port: 0,
    origins: [],
    create: "open",
    now: world.now,
    log: () => undefined,
  });
  onTestFinished(() => deaf.close());
  const [ben, cleo, dora] = [
    await world.member("Ben"),
    await world.member("Cleo", "approver"),
    await world.member("Dora", "approver"),
  ];
  const [mine, cleos, doras] = [
    await open(deaf.url, world.wid, lane(ben), ben),
    await open(deaf.url, world.wid, QUEUE, cleo),
    await open(deaf.url, world.wid, QUEUE, dora),
  ];
  await Promise.all([mine, cleos, doras].map((wire) => wire.synced()));
  const ask = () => world.send(mine, ben, QUEUE, "approval.request", requestBody());
  expect(await ask()).toMatchObject({ ok: true, s: 1 });
  await Promise.all([cleos, doras].map((wire) => wire.until(() => wire.entries().length === 1)));
  // The first removal is found by a conflict, the second while the workspace is held.
  for (const [i, [gone, wire]] of [[cleo, cleos] as const, [dora, doras] as const].entries()) {
    await world.send(world.log, world.ada, LOG, "member.remove", { member: gone.member });
    expect(await ask()).toMatchObject({ ok: true, s: i + 2 });
    expect(await wire.closed).toMatchObject({ code: 4416 });
    expect(wire.entries()).toHaveLength(i + 1);
  }
});

test("[SV94] a node that cannot ask the database signs no head: it cannot know that what it shows is the newest", async () => {
  const memory = createMemory();
  const world = await startWorld({ store: memory.connect() });
  const ben = await world.member("Ben");
  const store = memory.connect();
  const database = { away: false, asked: 0 };
  const whereThere = <T>(read: () => Promise<T>): Promise<T> => {
    if (!database.away) return read();
    database.asked += 1;
    return Promise.reject(new StoreProblem("failed", "away"));
  };
  const cutOff = await startServer({
    store: {
      ...store,
      append: (...what) => whereThere(() => store.append(...what)),
      read: (...which) => whereThere(() => store.read(...which)),
      lengths: (...which) => whereThere(() => store.lengths(...which)),
      onRemoteAppend: () => () => undefined,
    },
    host: "127.0.0.1",
    port: 0,
    origins: [],
    create: "open",
    now: world.now,
    log: () => undefined,
    headEveryMs: 30,
  });
  onTestFinished(() => cutOff.close());
  const wire = await open(cutOff.url, world.wid, LOG, ben);
  await wire.synced();
  await wire.until(() => wire.heads.length >= 3);
  database.away = true;
  await until(() => database.asked >= 2, "the node to ask in vain");
  const before = wire.heads.length;
  // The whole team goes on at another node, and this one cannot know.
  await world.send(world.log, world.ada, LOG, "member.role", { member: ben.member, from: "member", to: "guest" });
  const asked = database.asked;
  world.pass(5_000);
  await until(() => database.asked >= asked + 5, "the node to ask in vain again and again");
  // Asking for everything once more makes no old state new either.
  await wire.synced(0);
  await until(() => database.asked >= asked + 10, "the node to ask in vain again and again");
  const last = headOf(wire.heads[before - 1] ?? "");
  for (const { s, t } of wire.heads.slice(before).map(headOf)) expect([s, t <= last.t]).toEqual([2, true]);
  database.away = false;
  await wire.until(() => headOf(wire.heads.at(-1) ?? "").s === 3);
});

test.each(["a command", "somebody who comes in"])(
  "[SV76] [SV43] what was stored although its answer got lost, and could not be read at once, is told before %s",
  async (next) => {
    const store = createMemory().connect();
    const database = { loses: false, away: false };
    const whereThere = <T>(read: () => Promise<T>): Promise<T> =>
      database.away ? Promise.reject(new StoreProblem("failed", "away")) : read();
    const world = await startWorld({
      store: {
        ...store,
        append: async (...what) => {
          const done = await store.append(...what);
          if (!database.loses) return done;
          database.away = true;
          throw new StoreProblem("failed", "The connection broke after the commit.");
        },
        read: (...which) => whereThere(() => store.read(...which)),
        lengths: (...which) => whereThere(() => store.lengths(...which)),
      },
    });
    const [ben, cleo] = [await world.member("Ben"), await world.member("Cleo", "approver")];
    const [mine, cleos] = [await world.open(ben, lane(ben)), await world.open(cleo, QUEUE)];
    await Promise.all([mine, cleos].map((wire) => wire.synced()));
    const known = world.log.entries().length;
    database.loses = true;
    const removal = world.sign(world.ada, LOG, "member.remove", { member: cleo.member });
    expect(await world.log.cmd(removal)).toEqual({ ok: false, code: "storage" });
    await until(() => world.lines.some((line) => line.includes("unreadable")), "the failed look at what is stored");
    Object.assign(database, { loses: false, away: false });
    if (next === "a command")
      expect(await world.send(mine, ben, QUEUE, "approval.request", requestBody())).toMatchObject({ ok: true, s: 1 });
    else expect(await (await world.open(ben, LOG)).synced()).toHaveLength(known + 1);
    expect(await cleos.closed).toMatchObject({ code: 4416 });
    expect(cleos.entries()).toEqual([]);
    expect(await world.log.cmd(removal)).toMatchObject({ ok: true, dup: true, s: known + 1 });
  },
);

test("[SV76] a node that met another reads on from then on, however much it takes alone meanwhile; after a quiet minute it no longer asks first", async () => {
  const memory = createMemory();
  // Time passes here when the test says so: the minute is between two meetings, however long the commands between them take.
  let time = Date.now();
  const now = (): number => time;
  const world = await startWorld({ store: memory.connect(), now });
  const store = memory.connect();
  const seen = { wholes: 0, holds: 0 };
  const counting: ChainStore = {
    ...store,
    onRemoteAppend: () => () => undefined,
    read: (wid, doc, from, limit) => {
      if (doc === LOG && from === 1) seen.wholes += 1;
      return store.read(wid, doc, from, limit);
    },
    hold: (wid, work) => {
      seen.holds += 1;
      return store.hold(wid, work);
    },
  };
  const many = 1_000;
  const deaf = await startServer({
    store: counting,
    host: "127.0.0.1",
    port: 0,
    origins: [],
    create: "open",
    now,
    log: () => undefined,
    limits: {
      commandBurst: many,
      memberCommandBurst: many,
      frameBurst: many,
      personFramesPerSecond: many,
      personFrameBurst: many,
    },
  });
  onTestFinished(() => deaf.close());
  const there = await open(deaf.url, world.wid, LOG, world.ada);
  await there.synced();
  const first = seenBy(world.log.entries().slice(0, 1));
  let n = 0;
  const key = (wire: typeof there) =>
    world.send(wire, world.ada, LOG, "server.key", { x: crypto.sha256(String((n += 1))) }, { seen: first });
  /** The other node appends, then this one: what that costs here. */
  const meet = async () => {
    Object.assign(seen, { wholes: 0, holds: 0 });
    expect(await key(world.log)).toMatchObject({ ok: true });
    expect(await key(there)).toMatchObject({ ok: true });
    return { ...seen };
  };
  expect(await meet()).toEqual({ wholes: 1, holds: 1 });
  for (let i = 0; i < 200; i += 1) expect(await key(there)).toMatchObject({ ok: true });
  expect(await meet()).toEqual({ wholes: 0, holds: 1 });
  time += 61_000;
  seen.holds = 0;
  expect(await key(there)).toMatchObject({ ok: true });
  expect(seen.holds).toBe(0);
  expect(await meet()).toEqual({ wholes: 1, holds: 1 });
});

test("[SV85] two ends of a pairing at two nodes hear each other, and the end of one is the end of both", async () => {
  const { world, other } = await two();
  const key = makePairKey();
  await openPairing(world.log, key);
  const fresh = await dialPair(other, world.wid, key);
  await fresh.welcome;
  await world.log.until(() => world.log.news.includes("joined"));
  for (const text of ["b25l", "dHdv", "dGhyZWU"]) say(world.log, text);
  say(fresh, "Zm91cg");
  await Promise.all([fresh.until(() => fresh.said.length === 3), world.log.until(() => world.log.said.length === 1)]);
  expect([fresh.said, world.log.said]).toEqual([["b25l", "dHdv", "dGhyZWU"], ["Zm91cg"]]);
  fresh.close();
  expect(await world.log.closed).toMatchObject({ code: 4407 });
});

test("[SV85] at whichever node the second one comes with the same code, it ends for all", async () => {
  const { world, other } = await two();
  for (const [first, second] of [
    [other, world.url],
    [world.url, other],
    [other, other],
  ] as const) {
    const [key, adas] = [makePairKey(), await world.open(world.ada, LOG)];
    await openPairing(adas, key);
    const fresh = await dialPair(first, world.wid, key);
    await fresh.welcome;
    const thief = await dialPair(second, world.wid, key);
    for (const wire of [thief, fresh, adas]) expect(await wire.closed).toMatchObject({ code: 4406 });
  }
});

test("[SV85] a device that opens a pairing at another node ends the one it had", async () => {
  const { world, other } = await two();
  const [older, newer] = [makePairKey(), makePairKey()];
  const [here, there] = [await world.open(world.ada, LOG), await open(other, world.wid, LOG, world.ada)];
  await openPairing(here, older);
  await openPairing(there, newer);
  expect(await here.closed).toMatchObject({ code: 4407 });
  const fresh = await dialPair(world.url, world.wid, newer);
  expect(await fresh.welcome).toEqual({});
});

test("[SV85] who is revoked at one node ends the pairing for a new device at the other", async () => {
  const { world, other } = await two();
  const ben = await world.member("Ben");
  const [bens, key] = [await world.open(ben, LOG), makePairKey()];
  await openPairing(bens, key);
  const fresh = await dialPair(other, world.wid, key);
  await fresh.welcome;
  await world.send(world.log, world.ada, LOG, "member.remove", { member: ben.member });
  expect(await fresh.closed).toMatchObject({ code: 4407 });
});

test("[SV85] words between nodes that are no words change nothing", async () => {
  const memory = createMemory();
  const world = await startWorld({ store: memory.connect() });
  const key = makePairKey();
  await openPairing(world.log, key);
  const evil = memory.connect();
  for (const word of [
    "",
    "{}",
    '{"k":"over"}',
    '{"k":"knock","wid":1}',
    `{"k":"say","wid":"${world.wid}","id":"${key.id}","seat":"${"s".repeat(36)}","text":"YQ"}`,
    "x".repeat(100_000),
  ])
    await evil.tellNodes(word);
  const fresh = await dialPair(world.url, world.wid, key);
  await fresh.welcome;
  say(fresh, "YQ");
  await world.log.until(() => world.log.said.length === 1);
  expect(world.log.said).toEqual(["YQ"]);
});
