/** What tests of several nodes share: commands whose effect is nothing but their place, and an outbox that moves between nodes. */
import { setTimeout as wait } from "node:timers/promises";
import { expect } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import type { DocName, WorkspaceId } from "#core/protocol/ids.ts";
import { newLog } from "#core/rules/state.ts";
import type { Ack } from "#core/protocol/wire.ts";
import { newStoreAt } from "./new-store.ts";
import { crypto } from "./node-crypto.ts";
import { deviceBody, ingestInto, makeDevice, signCommand } from "./people.ts";
import type { Person } from "./people.ts";
import type { Postgres } from "./postgres.ts";
import { startProcess } from "./sync-process.ts";
import type { SyncProcess } from "./sync-process.ts";
import { seenBy } from "./sync-world.ts";
import type { Founded } from "./sync-world.ts";
import { open } from "./wire-client.ts";
import type { Wire } from "./wire-client.ts";

export const startNode = (database: string, port = 0): SyncProcess =>
  startProcess(["--port", String(port), "--postgres"], { BULKHEAD_POSTGRES: database });
export const startNodes = async (
  postgres: Postgres,
  count: number,
): Promise<{ database: string; nodes: SyncProcess[]; urls: string[] }> => {
  const database = await postgres.database();
  await newStoreAt(database);
  const nodes = Array.from({ length: count }, () => startNode(database));
  return { database, nodes, urls: await Promise.all(nodes.map((node) => node.url)) };
};

/** More devices of the founder, who may all send at once. */
export const devicesOf = async (world: Founded, count: number): Promise<Person[]> => {
  const devices = Array.from({ length: count }, () => makeDevice(world.ada));
  for (const device of devices)
    expect(await world.send(world.log, world.ada, LOG, "device.add", deviceBody(world.wid, device))).toMatchObject({
      ok: true,
    });
  return devices;
};

/** Commands of one device, in order: each is new to the log, and refused by nobody. */
export const commandsOf = (world: Founded, by: Person, count: number): string[] => {
  const seen = seenBy(world.log.entries().slice(0, 1));
  return Array.from({ length: count }, (_, i) =>
    signCommand(by, {
      w: world.wid,
      d: LOG,
      k: "server.key",
      b: { x: crypto.sha256(`${by.device} ${i}`) },
      seen,
      exp: Date.now() + 3_600_000,
    }),
  );
};

export interface Outbox {
  readonly urls: () => readonly string[];
  readonly wid: WorkspaceId;
  readonly doc: DocName;
  readonly by: Person;
  /** Which node it begins at. */
  readonly first: number;
}

/** Sends in order and moves to the next node whenever one fails, with the same bytes: what the app's outbox does. */
export const createOutbox = ({ urls, wid, doc, by, first }: Outbox) => {
  let [node, moves] = [first, 0];
  let wire: Wire | undefined;
  const dialled = async (): Promise<Wire> => {
    const next = await open(urls()[node % urls().length] ?? "", wid, doc, by);
    // A socket that ends while nothing is under way.
    void next.closed.then(() => {
      if (wire === next) wire = undefined;
    });
    return next;
  };
  const once = async (command: string): Promise<Ack | undefined> => {
    try {
      wire ??= await dialled();
      return await wire.cmd(command);
    } catch {
      wire = undefined;
      node += 1;
      moves += 1;
      return undefined;
    }
  };
  return {
    /** Answers what is no passing failure. */
    send: async (command: string): Promise<Ack> => {
      for (;;) {
        const ack = await once(command);
        if (ack !== undefined && (ack.ok || ack.code !== "storage")) return ack;
        await wait(30);
      }
    },
    moves: () => moves,
    close: () => wire?.close(),
  };
};

/** All of them, none of which may be refused; answers their positions in the log. */
export const sendAll = async (
  urls: () => readonly string[],
  wid: WorkspaceId,
  by: Person,
  commands: readonly string[],
  first: number,
  onAck: () => void = () => undefined,
) => {
  const outbox = createOutbox({ urls, wid, doc: LOG, by, first });
  const positions: number[] = [];
  for (const command of commands) {
    const ack = await outbox.send(command);
    if (!ack.ok) throw new Error(`refused: ${ack.code}`);
    positions.push(ack.s);
    onAck();
  }
  outbox.close();
  return { positions, moves: outbox.moves() };
};

export const commandIn = (entry: string): string => (JSON.parse(entry) as { c: string }).c;
export const logAt = async (url: string, world: Founded, length: number): Promise<string[]> => {
  const wire = await open(url, world.wid, LOG, world.ada);
  await wire.synced();
  await wire.until(() => wire.entries().length >= length);
  wire.close();
  return wire.entries();
};
/** Folds with the rules and signatures, as a client does. */
export const expectSound = (wid: WorkspaceId, entries: readonly string[]): void => {
  const log = newLog(wid);
  for (const entry of entries) expect(ingestInto(log, log, entry)).toMatchObject({ ok: true });
};
