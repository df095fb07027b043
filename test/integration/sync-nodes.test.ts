/** Several real servers over one real PostgreSQL: one order, one winner, and nothing lost or doubled while things die. */
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LOG } from "#core/ids.ts";
import type { WorkspaceId } from "#core/ids.ts";
import { newLog } from "#core/state.ts";
import { deviceBody, ingestInto, joinBody, lane, makeDevice, makePairKey, makePerson, QUEUE, requestBody, signCommand } from "../helpers/people.ts";
import type { Person } from "../helpers/people.ts";
import { crypto } from "../helpers/node-crypto.ts";
import { startPostgres } from "../helpers/postgres.ts";
import type { Postgres } from "../helpers/postgres.ts";
import { startProcess } from "../helpers/sync-process.ts";
import type { SyncProcess } from "../helpers/sync-process.ts";
import { foundAt, seenBy } from "../helpers/sync-world.ts";
import type { Founded } from "../helpers/sync-world.ts";
import { dialInvite, dialPair, open, openPairing, say } from "../helpers/wire-client.ts";
import type { Wire } from "../helpers/wire-client.ts";

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.remove());

const startNode = (database: string, port = 0): SyncProcess => startProcess(["--port", String(port), "--postgres"], { BULKHEAD_POSTGRES: database });
const startNodes = async (count: number): Promise<{ database: string; nodes: SyncProcess[]; urls: string[] }> => {
  const database = await postgres.database();
  const nodes = Array.from({ length: count }, () => startNode(database));
  return { database, nodes, urls: await Promise.all(nodes.map((node) => node.url)) };
};

/** More devices of the founder, who may all send at once. */
const devicesOf = async (world: Founded, count: number): Promise<Person[]> => {
  const devices = Array.from({ length: count }, () => makeDevice(world.ada));
  for (const device of devices) expect(await world.send(world.log, world.ada, LOG, "device.add", deviceBody(world.wid, device))).toMatchObject({ ok: true });
  return devices;
};

/** Commands of one device, in order: each is new to the log, and refused by nobody. */
const commandsOf = (world: Founded, by: Person, count: number): string[] => {
  const seen = seenBy(world.log.entries().slice(0, 1));
  return Array.from({ length: count }, (_, i) => signCommand(by, { w: world.wid, d: LOG, k: "server.key", b: { x: crypto.sha256(`${by.device} ${i}`) }, seen, exp: Date.now() + 600_000 }));
};

/** Sends in order and moves to the next server whenever one fails, with the same bytes: what the app's outbox does. */
const sendAll = async (urls: () => readonly string[], wid: WorkspaceId, by: Person, commands: readonly string[], first: number, onAck: (s: number) => void = () => undefined) => {
  const positions: number[] = [];
  let [node, moves] = [first, 0];
  let wire: Wire | undefined;
  while (positions.length < commands.length) {
    try {
      wire ??= await open(urls()[node % urls().length] ?? "", wid, LOG, by);
      const ack = await wire.cmd(commands[positions.length] ?? "");
      if (ack.ok) {
        positions.push(ack.s);
        onAck(ack.s);
        continue;
      }
      if (ack.code !== "storage") throw new TypeError(`refused: ${ack.code}`);
      await wait(20);
    } catch (error) {
      if (error instanceof TypeError) throw error;
      wire = undefined;
      node += 1;
      moves += 1;
      await wait(50);
    }
  }
  wire?.close();
  return { positions, moves };
};

const commandIn = (entry: string): string => (JSON.parse(entry) as { c: string }).c;
const logAt = async (url: string, world: Founded, length: number): Promise<string[]> => {
  const wire = await open(url, world.wid, LOG, world.ada);
  await wire.synced();
  await wire.until(() => wire.entries().length >= length);
  wire.close();
  return wire.entries();
};
/** Folds with the rules and signatures, as a client does. */
const expectSound = (wid: WorkspaceId, entries: readonly string[]): void => {
  const log = newLog(wid);
  for (const entry of entries) expect(ingestInto(log, log, entry)).toMatchObject({ ok: true });
};

test("[SV71] commands through three nodes at once get one order, each once, and each device keeps its own", async () => {
  const { urls } = await startNodes(3);
  const world = await foundAt(urls[0] ?? "");
  const devices = await devicesOf(world, 3);
  const sent = devices.map((device) => commandsOf(world, device, 40));
  const before = (await logAt(urls[0] ?? "", world, 4)).length;
  const results = await Promise.all(devices.map((device, i) => sendAll(() => [urls[i] ?? ""], world.wid, device, sent[i] ?? [], 0)));
  const logs = await Promise.all(urls.map((url) => logAt(url, world, before + 120)));
  expect(logs[1]).toEqual(logs[0]);
  expect(logs[2]).toEqual(logs[0]);
  const stored = (logs[0] ?? []).map(commandIn);
  expect(stored).toHaveLength(before + 120);
  expect(new Set(stored).size).toBe(before + 120);
  sent.forEach((commands, i) => {
    expect(stored.filter((command) => commands.includes(command))).toEqual(commands);
    expect(results[i]?.positions.map((s) => stored[s - 1])).toEqual(commands);
  });
  expectSound(world.wid, logs[0] ?? []);
});

test("[SV72] [T20] of an approval and a rejection at two nodes at once one wins, and all nodes say the same", async () => {
  const { urls } = await startNodes(3);
  const [one = "", two = "", three = ""] = urls;
  const world = await foundAt(one);
  const [ben, cleo] = [await world.member("Ben"), await world.member("Cleo", "approver")];
  const mine = await open(one, world.wid, lane(ben), ben);
  const [adas, cleos] = [await open(two, world.wid, QUEUE, world.ada), await open(three, world.wid, QUEUE, cleo)];
  await Promise.all([mine, adas, cleos].map((wire) => wire.synced()));
  const winners: string[] = [];
  for (let round = 1; round <= 15; round += 1) {
    const asked = await world.send(mine, ben, QUEUE, "approval.request", requestBody());
    if (!asked.ok) throw new Error(asked.code);
    const vote = (wire: Wire, by: Person, v: "approve" | "reject") => world.send(wire, by, QUEUE, "approval.vote", { request: asked.id, v, note: null });
    const acks = await Promise.all([vote(adas, world.ada, "approve"), vote(cleos, cleo, "reject")]);
    expect(acks.filter((ack) => ack.ok)).toHaveLength(1);
    expect(acks.find((ack) => !ack.ok)).toEqual({ ok: false, code: "resolved" });
    winners.push(acks[0].ok ? "approve" : "reject");
    await Promise.all([mine, adas, cleos].map((wire) => wire.until(() => wire.entries().length === round * 2)));
  }
  expect(adas.entries()).toEqual(cleos.entries());
  expect(adas.entries().map(commandIn)).toEqual(mine.entries().map(commandIn));
  const stored = adas.entries().map(commandIn).map((command) => JSON.parse(Buffer.from(command.split(".")[1] ?? "", "base64url").toString()) as { k: string; b: { v?: string } });
  expect(stored.filter(({ k }) => k === "approval.vote").map(({ b }) => b.v)).toEqual(winners);
});

test("[SV73] a device revoked at one node loses its sockets at another, and gets no new one anywhere", async () => {
  const { urls } = await startNodes(2);
  const [one = "", two = ""] = urls;
  const world = await foundAt(one);
  const [device] = await devicesOf(world, 1);
  if (device === undefined) throw new Error("no device");
  const sockets = await Promise.all([LOG, lane(world.ada), QUEUE].map((doc) => open(two, world.wid, doc, device)));
  await Promise.all(sockets.map((wire) => wire.synced()));
  expect(await world.send(world.log, world.ada, LOG, "device.revoke", { device: device.device })).toMatchObject({ ok: true });
  for (const { closed } of sockets) expect(await closed).toMatchObject({ code: 4401 });
  for (const url of urls) await expect(open(url, world.wid, LOG, device)).rejects.toThrow("4401");
});

test("[SV75] what one node took counts at the other at once: who was invited, joined, was added, and what was asked", async () => {
  const { urls } = await startNodes(2);
  const [one = "", two = ""] = urls;
  const world = await foundAt(one);
  // Both nodes know the workspace, so that the second one has an old copy each time.
  await (await open(two, world.wid, LOG, world.ada)).synced();
  for (let round = 0; round < 5; round += 1) {
    const invite = await world.invite();
    const ben = makePerson("Ben");
    const joining = await dialInvite(two, world.wid, invite);
    expect(await joining.welcome).toMatchObject({ problem: null });
    expect(await joining.cmd(world.sign(ben, LOG, "member.join", joinBody(world.wid, invite, ben)))).toMatchObject({ ok: true });
    const mine = await open(one, world.wid, lane(ben), ben);
    const asked = await mine.cmd(world.sign(ben, QUEUE, "approval.request", requestBody()));
    const adas = await open(two, world.wid, QUEUE, world.ada);
    expect(await adas.cmd(world.sign(world.ada, QUEUE, "approval.vote", { request: asked.ok ? asked.id : "", v: "approve", note: null }))).toMatchObject({ ok: true });
    const [device] = await devicesOf(world, 1);
    if (device === undefined) throw new Error("no device");
    (await open(two, world.wid, LOG, device)).close();
  }
});

test("[SV74] [T19] nodes and database killed under load: no accepted command is lost, none is doubled, and all can be sent in the end", async () => {
  const { database, nodes, urls } = await startNodes(3);
  const world = await foundAt(urls[0] ?? "");
  const devices = await devicesOf(world, 3);
  const each = 80;
  const sent = devices.map((device) => commandsOf(world, device, each));
  let acknowledged = 0;
  const load = Promise.all(devices.map((device, i) => sendAll(() => urls, world.wid, device, sent[i] ?? [], i, () => (acknowledged += 1))));
  const reached = async (count: number): Promise<void> => {
    while (acknowledged < count) await Promise.race([wait(5), load]);
  };
  await reached(30);
  await nodes[0]?.kill();
  await reached(70);
  await postgres.kill();
  await wait(300);
  await postgres.start();
  await reached(110);
  urls[0] = await startNode(database).url;
  await nodes[1]?.kill();
  await reached(150);
  await postgres.stop();
  await postgres.start();
  const results = await load;
  expect(results.some(({ moves }) => moves > 0)).toBe(true);

  urls[1] = await startNode(database).url;
  const total = 1 + devices.length + each * devices.length;
  const logs = await Promise.all(urls.map((url) => logAt(url, world, total)));
  for (const log of logs) expect(log).toEqual(logs[0]);
  const stored = (logs[0] ?? []).map(commandIn);
  expect(stored).toHaveLength(total);
  sent.forEach((commands, i) => {
    expect(stored.filter((command) => commands.includes(command))).toEqual(commands);
    expect(results[i]?.positions.map((s) => stored[s - 1])).toEqual(commands);
  });
  expectSound(world.wid, logs[0] ?? []);
  for (const node of nodes) expect(node.errors()).not.toContain(new URL(database).password);
}, 60_000);

test("[SV85] two devices of a person meet over two nodes and one database", async () => {
  const { database, urls: [a = "", b = ""] } = await startNodes(2);
  const world = await foundAt(a);
  const key = makePairKey();
  const adas = await world.open(world.ada, LOG);
  await openPairing(adas, key);
  const fresh = await dialPair(b, world.wid, key);
  await fresh.welcome;
  await adas.until(() => adas.news.includes("joined"));
  const words = ["Y29tbWl0", "a".repeat(4_096), "ZG9uZQ"];
  for (const word of words) {
    say(adas, word);
    say(fresh, word);
  }
  await Promise.all([adas, fresh].map((wire) => wire.until(() => wire.said.length === 3)));
  expect([adas.said, fresh.said]).toEqual([words, words]);
  // Nothing of it is kept: the founding is all that there is.
  expect(await postgres.query(database, "select count(*)::int as n from chain_entry")).toEqual([{ n: 1 }]);
  adas.close();
  expect(await fresh.closed).toMatchObject({ code: 4407 });
  expect(await (await dialPair(b, world.wid, key)).closed).toMatchObject({ code: 4405 });
});
