/** A running sync server with a founded workspace, and people who join it over real sockets. Ends with the test. */
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { hashOf } from "#core/protocol/crypto.ts";
import type { DocName, WorkspaceId } from "#core/protocol/ids.ts";
import { ADMIN, LOG } from "#core/protocol/ids.ts";
import type { Ack } from "#core/protocol/wire.ts";
import type { LimitNumbers } from "../../sync-server/server/admission/limits.ts";
import { startServer } from "../../sync-server/server/server.ts";
import type { RunningServer, ServerOptions } from "../../sync-server/server/server.ts";
import type { ChainStore } from "../../sync-server/server/store/store.ts";
import { openSqliteStore } from "../../sync-server/server/store/sqlite-store.ts";
import { createMemory } from "./memory-store.ts";
import { crypto } from "./node-crypto.ts";
import { genesisOf, joinBody, makeInvite, makePerson, signCommand } from "./people.ts";
import type { InviteKit, InviteParts, Over, Person } from "./people.ts";
import { tempDir } from "./temp.ts";
import { dialInvite, open } from "./wire-client.ts";
import type { Wire } from "./wire-client.ts";

/** A workspace at some server, and its founder. */
export interface Founded {
  readonly url: string;
  readonly wid: WorkspaceId;
  readonly ada: Person;
  /** Ada's own log socket, synced. */
  readonly log: Wire;
  /** The server's clock, ms: real time plus what the test added. */
  now(): number;
  open(who: Person, doc: DocName | string): Promise<Wire>;
  sign(by: Person, doc: DocName | string, kind: string, body: unknown, over?: Over): string;
  /** Sends over `wire` and answers the ACK. */
  send(wire: Wire, by: Person, doc: DocName | string, kind: string, body: unknown, over?: Over): Promise<Ack>;
  invite(parts?: InviteParts, by?: Person): Promise<InviteKit>;
  join(invite: InviteKit, who: Person): Promise<Ack>;
  member(name: string, role?: string): Promise<Person>;
}

export interface SyncWorld extends Founded {
  readonly server: RunningServer;
  readonly lines: string[];
  pass(ms: number): void;
  /** Another server over the same store, for limits so tight that a slow machine could not found a workspace under them. */
  beside(limits: Partial<LimitNumbers>): Promise<RunningServer>;
}

export const seenBy = (entries: readonly string[]): [number, string] => [
  entries.length,
  entries.length === 0 ? "" : hashOf(crypto, entries[entries.length - 1] ?? ""),
];

/** Founds a workspace at the server that is dialled as `url`. */
export const foundAt = async (url: string, now: () => number = Date.now): Promise<Founded> => {
  const ada = makePerson("Ada");
  const { wid, body } = genesisOf(ada);
  const founding = await open(url, wid, LOG, ada, "found");
  const ack = await founding.cmd(
    signCommand(ada, { w: wid, d: LOG, k: "genesis", b: body, seen: [0, ""], exp: now() + 60_000 }),
  );
  if (!ack.ok) throw new Error(`founding failed: ${ack.code}`);
  const log = await open(url, wid, LOG, ada);
  await log.synced();

  const sign: Founded["sign"] = (by, doc, kind, content, parts = {}) => {
    const { typ, ...rest } = parts;
    return signCommand(
      by,
      { w: wid, d: doc, k: kind, b: content, seen: seenBy(log.entries()), exp: now() + 600_000, ...rest },
      typ,
    );
  };
  const send: Founded["send"] = (wire, by, doc, kind, content, parts) => wire.cmd(sign(by, doc, kind, content, parts));
  const invite: Founded["invite"] = async (parts, by = ada) => {
    const kit = makeInvite(by, wid, now(), parts);
    const admin = await open(url, wid, ADMIN, by);
    const made = await send(admin, by, ADMIN, "invite.create", { invite: kit.jws, label: "" });
    admin.close();
    if (!made.ok) throw new Error(`invite failed: ${made.code}`);
    return kit;
  };
  const join: Founded["join"] = async (kit, who) => {
    const wire = await dialInvite(url, wid, kit);
    await wire.welcome;
    const answer = await send(wire, who, LOG, "member.join", joinBody(wid, kit, who));
    if (!answer.ok) wire.close();
    return answer;
  };
  const member: Founded["member"] = async (name, role = "member") => {
    const who = makePerson(name);
    const plain = ["member", "guest"].includes(role);
    const joined = await join(await invite({ role, mode: plain ? "direct" : "confirm" }), who);
    if (!joined.ok) throw new Error(`join failed: ${joined.code}`);
    await log.until(() => log.entries().length >= joined.s);
    if (plain) return who;
    const given = await send(log, ada, LOG, "member.role", { member: who.member, from: "guest", to: role });
    if (!given.ok) throw new Error(`role failed: ${given.code}`);
    await log.until(() => log.entries().length >= given.s);
    return who;
  };
  return { url, wid, ada, log, now, open: (who, doc) => open(url, wid, doc, who), sign, send, invite, join, member };
};

/** Nobody is late because the machine is slow. A test of lateness says its own. */
const PATIENT: Partial<LimitNumbers> = { authWithinMs: 600_000 };

/** As it says itself but for where another server has it too, which no server does to its file. */
const shared = (store: ChainStore, isShared: () => boolean): ChainStore => ({
  ...store,
  get alone() {
    return store.alone === true && !isShared();
  },
});

export const startWorld = async (
  over: Partial<ServerOptions> = {},
  atEnd: (stop: () => Promise<void>) => void = onTestFinished,
): Promise<SyncWorld> => {
  let shift = 0;
  const lines: string[] = [];
  const now = (): number => Date.now() + shift;
  let servers = 0;
  const store = over.store ?? shared(openSqliteStore(tempDir()), () => servers > 1);
  const serve = (limits: Partial<LimitNumbers> = {}): Promise<RunningServer> => {
    servers += 1;
    return startServer({
      host: "127.0.0.1",
      port: 0,
      origins: [],
      create: "open",
      now,
      log: (fields) => void lines.push(JSON.stringify(fields)),
      ...over,
      store,
      limits: { ...PATIENT, ...limits },
    });
  };
  const server = await serve(over.limits);
  atEnd(() => server.close());
  const founded = await foundAt(server.url, now);
  return {
    ...founded,
    server,
    lines,
    beside: async (limits) => {
      const other = await serve(limits);
      atEnd(() => other.close());
      return other;
    },
    pass: (ms) => {
      shift += ms;
    },
  };
};

/** One world for all tests of a file, with room for many attacks a second. `prepare` brings in its people. */
export const sharedWorld = <T>(
  prepare: (world: SyncWorld) => Promise<T>,
  over: Partial<ServerOptions> = {},
): (() => SyncWorld & T) => {
  let shared: (SyncWorld & T) | undefined;
  const stops: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    const limits = {
      commandsPerSecond: 10_000,
      commandBurst: 10_000,
      memberCommandsPerSecond: 10_000,
      memberCommandBurst: 10_000,
      framesPerSecond: 10_000,
      frameBurst: 10_000,
      personFramesPerSecond: 10_000,
      personFrameBurst: 10_000,
      strangersPerAddress: 1_000,
      ...over.limits,
    };
    const world = await startWorld(
      { store: createMemory().connect(), ...over, limits },
      (stop) => void stops.push(stop),
    );
    shared = { ...world, ...(await prepare(world)) };
  });
  afterAll(async () => {
    for (const stop of stops) await stop();
  });
  return () => {
    if (shared === undefined) throw new Error("The world is there while tests run.");
    return shared;
  };
};
