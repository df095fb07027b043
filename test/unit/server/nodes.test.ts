/** Two nodes over one store in memory; test/integration/sync-nodes.test.ts has them over a database. */
import { expect, onTestFinished, test } from "vitest";
import { LOG } from "#core/ids.ts";
import { startServer } from "../../../sync-server/server/server.ts";
import { createMemory } from "../../helpers/memory-store.ts";
import { crypto } from "../../helpers/node-crypto.ts";
import { lane, QUEUE, requestBody } from "../../helpers/people.ts";
import { seenBy, startWorld } from "../../helpers/sync-world.ts";
import { dialInvite, open } from "../../helpers/wire-client.ts";

const two = async () => {
  const memory = createMemory();
  const world = await startWorld({ store: memory.connect() });
  const other = await startServer({ store: memory.connect(), host: "127.0.0.1", port: 0, origins: [], create: "open", now: world.now, log: () => undefined });
  onTestFinished(() => other.close());
  return { world, other: other.url };
};

test("[SV70] what one node takes reaches the readers of the other, and who is removed at one is closed at both", async () => {
  const { world, other } = await two();
  const ben = await world.member("Ben");
  const mine = await open(other, world.wid, lane(ben), ben);
  const adas = await world.open(world.ada, QUEUE);
  await Promise.all([mine.synced(), adas.synced()]);
  const asked = await world.send(mine, ben, QUEUE, "approval.request", requestBody());
  await adas.until(() => adas.entries().length === 1);
  await world.send(adas, world.ada, QUEUE, "approval.vote", { request: asked.ok ? asked.id : "", v: "approve", note: null });
  await mine.until(() => mine.entries().length === 2);
  await world.send(world.log, world.ada, LOG, "member.remove", { member: ben.member });
  expect(await mine.closed).toMatchObject({ code: 4401 });
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
  const deaf = await startServer({ store: { ...memory.connect(), onRemoteAppend: () => () => undefined }, host: "127.0.0.1", port: 0, origins: [], create: "open", now: world.now, log: () => undefined });
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
  expect(await world.send(there, world.ada, QUEUE, "approval.vote", { request: asked.ok ? asked.id : "", v: "approve", note: null })).toMatchObject({ ok: true });
  await world.send(world.log, world.ada, LOG, "member.remove", { member: ben.member });
  await expect(open(deaf.url, world.wid, LOG, ben)).rejects.toThrow("4401");
});
