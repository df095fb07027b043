/** Nodes and database die under load, connections break, clients move: what was acknowledged stays, once, in one order. */
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import { newLog, newApprovalDoc } from "#core/rules/state.ts";
import { ingestInto, lane, QUEUE, requestBody } from "../helpers/people.ts";
import type { Person } from "../helpers/people.ts";
import { READY_MS, startPostgres } from "../helpers/postgres.ts";
import type { Postgres } from "../helpers/postgres.ts";
import {
  commandIn,
  commandsOf,
  createOutbox,
  devicesOf,
  expectSound,
  logAt,
  sendAll,
  startNode,
  startNodes,
} from "../helpers/sync-nodes.ts";
import { foundAt } from "../helpers/sync-world.ts";
import type { Founded } from "../helpers/sync-world.ts";
import { open } from "../helpers/wire-client.ts";

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
}, READY_MS);
afterAll(() => postgres.remove());

/** Follows a document from node to node. What was shown once must stand at the same place everywhere. */
const createReader = (urls: () => readonly string[], world: Founded, doc: DocName, who: Person, first: number) => {
  let shown: string[] = [];
  let stopped = false;
  const visit = async (url: string): Promise<void> => {
    const wire = await open(url, world.wid, doc, who);
    await wire.synced();
    const look = (): boolean => {
      const now = wire.entries();
      expect(now.slice(0, shown.length)).toEqual(shown.slice(0, now.length));
      if (now.length > shown.length) shown = now;
      return stopped;
    };
    await Promise.race([wire.until(look), wire.closed]);
    wire.close();
  };
  const follow = async (): Promise<void> => {
    for (let node = first; !stopped; node += 1) {
      const failed: unknown = await visit(urls()[node % urls().length] ?? "").catch((error: unknown) => error);
      if (failed instanceof Error && failed.name === "AssertionError") throw failed;
      await wait(20);
    }
  };
  const done = follow();
  return {
    stop: async (): Promise<readonly string[]> => {
      stopped = true;
      await Promise.race([done, wait(500)]);
      return shown;
    },
  };
};

/** Whole rounds of asking and two opposite votes at once, each with an outbox of its own that moves when its node dies. */
const disputes = async (
  urls: () => readonly string[],
  world: Founded,
  ben: Person,
  cleo: Person,
  rounds: number,
  onRound: () => void,
) => {
  const outbox = (doc: DocName, by: Person, first: number) => createOutbox({ urls, wid: world.wid, doc, by, first });
  const [asks, adas, cleos] = [outbox(lane(ben), ben, 0), outbox(QUEUE, world.ada, 1), outbox(QUEUE, cleo, 2)];
  const winners: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const asked = await asks.send(world.sign(ben, QUEUE, "approval.request", requestBody()));
    if (!asked.ok) throw new Error(`asking was refused: ${asked.code}`);
    const vote = (by: Person, v: "approve" | "reject"): string =>
      world.sign(by, QUEUE, "approval.vote", { request: asked.id, v, note: null });
    const acks = await Promise.all([adas.send(vote(world.ada, "approve")), cleos.send(vote(cleo, "reject"))]);
    expect(acks.map((ack) => (ack.ok ? "ok" : ack.code)).sort()).toEqual(["ok", "resolved"]);
    winners.push(acks[0].ok ? "approved" : "rejected");
    onRound();
  }
  for (const box of [asks, adas, cleos]) box.close();
  return winners;
};

test(
  "[SV74] [T19] [T20] nodes, database and connections die under load: nothing acknowledged is lost or doubled, one order, one winner each, and no reader sees it otherwise",
  { timeout: 3 * READY_MS },
  async () => {
    const { database, nodes, urls } = await startNodes(postgres, 3);
    const world = await foundAt(urls[0] ?? "");
    const [ben, cleo] = [await world.member("Ben"), await world.member("Cleo", "approver")];
    const devices = await devicesOf(world, 3);
    const before = world.log.entries().length;
    const [each, rounds] = [60, 20];
    const sent = devices.map((device) => commandsOf(world, device, each));
    let done = 0;
    const one = (): void => void (done += 1);
    const where = (): readonly string[] => urls;
    const readers = [
      createReader(where, world, LOG, ben, 0),
      createReader(where, world, LOG, cleo, 1),
      createReader(where, world, QUEUE, cleo, 2),
    ];
    const load = Promise.all(devices.map((device, i) => sendAll(where, world.wid, device, sent[i] ?? [], i, one)));
    const fights = disputes(where, world, ben, cleo, rounds, one);
    const all = Promise.all([load, fights]);
    const reached = async (count: number): Promise<void> => {
      while (done < count) await Promise.race([wait(5), all]);
    };
    const replace = async (node: number): Promise<void> => {
      await nodes[node]?.kill();
      const next = startNode(database);
      nodes[node] = next;
      urls[node] = await next.url;
    };

    await reached(20);
    await nodes[0]?.kill();
    await reached(50);
    await postgres.kill();
    await wait(300);
    await postgres.start();
    await reached(80);
    await postgres.query(
      database,
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'bulkhead%' and datname = current_database()",
    );
    await replace(0);
    await reached(110);
    await replace(1);
    await reached(140);
    await postgres.stop();
    await postgres.start();
    await reached(170);
    await nodes[2]?.kill();
    const [results, winners] = await all;
    expect(results.some(({ moves }) => moves > 0)).toBe(true);
    await replace(2);

    const total = before + each * devices.length;
    const logs = await Promise.all(urls.map((url) => logAt(url, world, total)));
    for (const log of logs) expect(log).toEqual(logs[0]);
    const stored = (logs[0] ?? []).map(commandIn);
    expect(stored).toHaveLength(total);
    sent.forEach((commands, i) => {
      expect(stored.filter((command) => commands.includes(command))).toEqual(commands);
      expect(results[i]?.positions.map((s) => stored[s - 1])).toEqual(commands);
    });
    expectSound(world.wid, logs[0] ?? []);

    const queues = await Promise.all(urls.map(async (url) => (await open(url, world.wid, QUEUE, cleo)).synced()));
    for (const entries of queues) expect(entries).toEqual(queues[0]);
    const lanes = await (await open(urls[1] ?? "", world.wid, lane(ben), ben)).synced();
    expect(lanes.map(commandIn)).toEqual((queues[0] ?? []).map(commandIn));
    const [log, queue] = [newLog(world.wid), newApprovalDoc(QUEUE)];
    for (const entry of logs[0] ?? []) ingestInto(log, log, entry);
    for (const entry of queues[0] ?? []) expect(ingestInto(log, queue, entry)).toMatchObject({ ok: true });
    expect([...queue.requests.values()].map(({ state, votes }) => [state, votes.length])).toEqual(
      winners.map((state) => [state, 1]),
    );

    const seen = await Promise.all(readers.map((reader) => reader.stop()));
    expect(seen[0]).toEqual(logs[0]?.slice(0, seen[0]?.length));
    expect(seen[1]).toEqual(logs[0]?.slice(0, seen[1]?.length));
    expect(seen[2]).toEqual(queues[0]?.slice(0, seen[2]?.length));
    for (const entries of seen) expect(entries.length).toBeGreaterThan(0);
    for (const node of nodes) expect(node.errors()).not.toContain(new URL(database).password);
  },
);
