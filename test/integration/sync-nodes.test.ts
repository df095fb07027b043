/** Several real servers over one real PostgreSQL: one order, one winner, and what one node took counts at the others. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import { crypto } from "../helpers/node-crypto.ts";
import { joinBody, lane, makePerson, QUEUE, requestBody } from "../helpers/people.ts";
import type { Person } from "../helpers/people.ts";
import { READY_MS, startPostgres } from "../helpers/postgres.ts";
import type { Postgres } from "../helpers/postgres.ts";
import { commandIn, commandsOf, devicesOf, expectSound, logAt, sendAll, startNodes } from "../helpers/sync-nodes.ts";
import { foundAt, seenBy } from "../helpers/sync-world.ts";
import { until } from "../helpers/wait.ts";
import { dialInvite, open } from "../helpers/wire-client.ts";
import type { Wire } from "../helpers/wire-client.ts";

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
}, READY_MS);
afterAll(() => postgres.remove());

test("[SV71] commands through three nodes at once get one order, each once, and each device keeps its own", async () => {
  const { urls } = await startNodes(postgres, 3);
  const world = await foundAt(urls[0] ?? "");
  const devices = await devicesOf(world, 3);
  const sent = devices.map((device) => commandsOf(world, device, 40));
  const before = (await logAt(urls[0] ?? "", world, 4)).length;
  const results = await Promise.all(
    devices.map((device, i) => sendAll(() => [urls[i] ?? ""], world.wid, device, sent[i] ?? [], 0)),
  );
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
  const { urls } = await startNodes(postgres, 3);
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
    const vote = (wire: Wire, by: Person, v: "approve" | "reject") =>
      world.send(wire, by, QUEUE, "approval.vote", { request: asked.id, v, note: null });
    const acks = await Promise.all([vote(adas, world.ada, "approve"), vote(cleos, cleo, "reject")]);
    expect(acks.filter((ack) => ack.ok)).toHaveLength(1);
    expect(acks.find((ack) => !ack.ok)).toEqual({ ok: false, code: "resolved" });
    winners.push(acks[0].ok ? "approve" : "reject");
    await Promise.all([mine, adas, cleos].map((wire) => wire.until(() => wire.entries().length === round * 2)));
  }
  expect(adas.entries()).toEqual(cleos.entries());
  expect(adas.entries().map(commandIn)).toEqual(mine.entries().map(commandIn));
  const stored = adas
    .entries()
    .map(commandIn)
    .map(
      (command) =>
        JSON.parse(Buffer.from(command.split(".")[1] ?? "", "base64url").toString()) as {
          k: string;
          b: { v?: string };
        },
    );
  expect(stored.filter(({ k }) => k === "approval.vote").map(({ b }) => b.v)).toEqual(winners);
});

test("[SV73] a device revoked at one node loses its sockets at another, and gets no new one anywhere", async () => {
  const { urls } = await startNodes(postgres, 2);
  const [one = "", two = ""] = urls;
  const world = await foundAt(one);
  const [device] = await devicesOf(world, 1);
  if (device === undefined) throw new Error("no device");
  const sockets = await Promise.all([LOG, lane(world.ada), QUEUE].map((doc) => open(two, world.wid, doc, device)));
  await Promise.all(sockets.map((wire) => wire.synced()));
  expect(await world.send(world.log, world.ada, LOG, "device.revoke", { device: device.device })).toMatchObject({
    ok: true,
  });
  for (const { closed } of sockets) expect(await closed).toMatchObject({ code: 4415 });
  for (const url of urls) await expect(open(url, world.wid, LOG, device)).rejects.toThrow("4415");
});

test("[SV75] what one node took counts at the other at once: who was invited, joined, was added, and what was asked", async () => {
  const { urls } = await startNodes(postgres, 2);
  const [one = "", two = ""] = urls;
  const world = await foundAt(one);
  // Both nodes know the workspace, so that the second one has an old copy each time.
  await (await open(two, world.wid, LOG, world.ada)).synced();
  for (let round = 0; round < 5; round += 1) {
    const invite = await world.invite();
    const ben = makePerson("Ben");
    const joining = await dialInvite(two, world.wid, invite);
    expect(await joining.welcome).toMatchObject({ problem: null });
    expect(await joining.cmd(world.sign(ben, LOG, "member.join", joinBody(world.wid, invite, ben)))).toMatchObject({
      ok: true,
    });
    const mine = await open(one, world.wid, lane(ben), ben);
    const asked = await mine.cmd(world.sign(ben, QUEUE, "approval.request", requestBody()));
    const adas = await open(two, world.wid, QUEUE, world.ada);
    expect(
      await adas.cmd(
        world.sign(world.ada, QUEUE, "approval.vote", { request: asked.ok ? asked.id : "", v: "approve", note: null }),
      ),
    ).toMatchObject({ ok: true });
    const [device] = await devicesOf(world, 1);
    if (device === undefined) throw new Error("no device");
    (await open(two, world.wid, LOG, device)).close();
  }
});

test("[SV46] SIGUSR2, which copies a file elsewhere, ends no node: it says that there is none", async () => {
  const { nodes, urls } = await startNodes(postgres, 1);
  const world = await foundAt(urls[0] ?? "");
  nodes[0]?.child.kill("SIGUSR2");
  await until(() => nodes[0]?.errors().includes('"backup-failed","code":"not-sqlite"'), "the line about it");
  expect(
    await world.send(
      world.log,
      world.ada,
      LOG,
      "server.key",
      { x: crypto.sha256("after") },
      { seen: seenBy(world.log.entries()) },
    ),
  ).toMatchObject({ ok: true });
});
