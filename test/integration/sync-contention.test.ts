/** Two nodes that take commands of one long, busy workspace at the same time, as behind a plain load balancer. */
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import type { WorkspaceId } from "#core/protocol/ids.ts";
import type { Ack } from "#core/protocol/wire.ts";
import { startServer } from "../../sync-server/server/server.ts";
import { openPostgresStore } from "../../sync-server/server/store/postgres-store.ts";
import type { ChainStore, Entries, StoredEntry } from "../../sync-server/server/store/store.ts";
import { judgedAt, loadWorkspace } from "../../sync-server/server/order/workspace.ts";
import { crypto } from "../helpers/node-crypto.ts";
import type { Person } from "../helpers/people.ts";
import { READY_MS, startPostgres } from "../helpers/postgres.ts";
import type { Postgres } from "../helpers/postgres.ts";
import { commandIn, commandsOf, devicesOf, expectSound, logAt } from "../helpers/sync-nodes.ts";
import { foundAt } from "../helpers/sync-world.ts";
import type { Founded } from "../helpers/sync-world.ts";
import { open } from "../helpers/wire-client.ts";
import type { Wire } from "../helpers/wire-client.ts";

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
}, READY_MS);
afterAll(() => postgres.remove());

const MANY = 1_000_000;
const NO_LIMITS = {
  commandsPerSecond: MANY,
  commandBurst: MANY,
  memberCommandsPerSecond: MANY,
  memberCommandBurst: MANY,
  framesPerSecond: MANY,
  frameBurst: MANY,
  personFramesPerSecond: MANY,
  personFrameBurst: MANY,
};
const LONG = 5_001;

/** The store, and how often somebody began to read the log at its first entry. */
const counting = (store: ChainStore) => {
  const seen = { wholes: 0 };
  const counted = (entries: Entries): Entries => ({
    append: entries.append,
    length: entries.length,
    lengths: entries.lengths,
    entriesAt: entries.entriesAt,
    read: (wid, doc, from, limit) => {
      if (doc === LOG && from === 1) seen.wholes += 1;
      return entries.read(wid, doc, from, limit);
    },
  });
  const hold: ChainStore["hold"] = (wid, work) => store.hold(wid, (held) => work(counted(held)));
  return { store: { ...store, ...counted(store), hold }, seen };
};

const startNode = async (database: string) => {
  const { store, seen } = counting(await openPostgresStore({ url: database }));
  const lines: string[] = [];
  const server = await startServer({
    store,
    host: "127.0.0.1",
    port: 0,
    origins: [],
    create: "open",
    now: Date.now,
    log: ({ event }) => lines.push(event),
    limits: NO_LIMITS,
  });
  onTestFinished(() => server.close());
  return { url: server.url, seen, lines };
};

/** Makes the log long without a socket: judged like any command, many in one append. */
const lengthen = async (database: string, wid: WorkspaceId, commands: readonly string[], by: Person): Promise<void> => {
  const store = await openPostgresStore({ url: database });
  const workspace = await loadWorkspace(crypto, store, wid);
  for (let i = 0; i < commands.length; i += 500) {
    const rows: StoredEntry[] = [];
    for (const command of commands.slice(i, i + 500))
      rows.push(
        ...(
          await workspace.judge(command, { as: "device", device: by.device, doc: LOG }, ({ time }) => ({
            t: Math.max(Date.now(), time),
            a: 0,
          }))
        ).rows,
      );
    expect(await store.append(wid, rows, await judgedAt(workspace, rows, []))).toBe("appended");
  }
  await store.close();
};

const twoNodes = async () => {
  const database = await postgres.database();
  const nodes = [await startNode(database), await startNode(database)] as const;
  const world = await foundAt(nodes[0].url);
  return { database, nodes, world };
};
const hammer = async (wire: Wire, commands: readonly string[], atOnce: number): Promise<Ack[]> => {
  const acks: Ack[] = [];
  for (let i = 0; i < commands.length; i += atOnce)
    acks.push(...(await Promise.all(commands.slice(i, i + atOnce).map((command) => wire.cmd(command)))));
  return acks;
};
const socketsAt = async (urls: readonly string[], world: Founded, devices: readonly Person[]): Promise<Wire[]> => {
  const wires = await Promise.all(devices.map((device, i) => open(urls[i] ?? "", world.wid, LOG, device)));
  await Promise.all(wires.map((wire) => wire.synced()));
  return wires;
};

test(
  "[SV76] two nodes that take commands of one long workspace at once get on: none lost, doubled or answered with storage, and neither reads it whole over and over",
  { timeout: READY_MS },
  async () => {
    const { database, nodes, world } = await twoNodes();
    const urls = nodes.map(({ url }) => url);
    const devices = await devicesOf(world, 2);
    // Several people: no one person may write so much within a day.
    for (const name of ["Ben", "Cleo", "Dora"]) {
      const writer = await world.member(name, "admin");
      await lengthen(database, world.wid, commandsOf(world, writer, LONG / 3), writer);
    }
    const [one, two] = (await socketsAt(urls, world, devices)) as [Wire, Wire];
    const before = one.entries().length;
    expect(before).toBeGreaterThan(LONG);
    const wholes = nodes.map(({ seen }) => seen.wholes);
    const sent = devices.map((device) => commandsOf(world, device, 250));

    const acks = await Promise.all([hammer(one, sent[0] ?? [], 4), hammer(two, sent[1] ?? [], 4)]);
    expect(acks.flat().filter((ack) => !ack.ok || ack.dup)).toEqual([]);
    const logs = await Promise.all(
      [one, two].map(async (wire) => {
        await wire.until(() => wire.entries().length === before + 500);
        return wire.entries();
      }),
    );
    expect(logs[1]).toEqual(logs[0]);
    const stored = (logs[0] ?? []).map(commandIn);
    expect(new Set(stored).size).toBe(stored.length);
    for (const commands of sent) expect(stored.filter((command) => commands.includes(command))).toEqual(commands);
    // Each may have judged one batch before it knew of the other.
    nodes.forEach(({ seen, lines }, i) => {
      expect(seen.wholes - (wholes[i] ?? 0)).toBeLessThanOrEqual(2);
      expect(lines).not.toContain("append-failed");
    });
    expectSound(world.wid, await logAt(urls[1] ?? "", world, before + 500));
  },
);
