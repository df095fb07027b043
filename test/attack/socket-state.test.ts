/** The state of a checkpoint over the socket: what it is, who gets it, and what asking for it cannot do. */
import { describe, expect, test } from "vitest";
import { startFromCheckpoint, stateHashOf } from "#core/rules/checkpoint.ts";
import { ingestLog } from "#core/rules/fold.ts";
import { ADMIN, LOG } from "#core/protocol/ids.ts";
import type { Hash } from "#core/protocol/ids.ts";
import { newLog } from "#core/rules/state.ts";
import { CLOSE, STATE_PAGE, writeAskState } from "#core/protocol/wire.ts";
import { createStates } from "../../sync-server/server/order/states.ts";
import type { ChainStore } from "../../sync-server/server/store/store.ts";
import { openSqliteStore } from "../../sync-server/server/store/sqlite-store.ts";
import { startServer } from "../../sync-server/server/server.ts";
import { attack } from "../helpers/hostile.ts";
import { createMemory } from "../helpers/memory-store.ts";
import { crypto } from "../helpers/node-crypto.ts";
import { makePerson } from "../helpers/people.ts";
import { seenBy, startWorld } from "../helpers/sync-world.ts";
import type { SyncWorld } from "../helpers/sync-world.ts";
import { tempDir } from "../helpers/temp.ts";
import { dial, dialAs, dialInvite, open } from "../helpers/wire-client.ts";
import type { Wire } from "../helpers/wire-client.ts";

const folded = (world: SyncWorld, texts: readonly string[]) => {
  const log = newLog(world.wid);
  for (const text of texts) expect(ingestLog({ crypto }, log, text).ok).toBe(true);
  return log;
};
const grow = async (world: SyncWorld, count: number): Promise<void> => {
  for (let i = 0; i < count; i += 1)
    expect((await world.send(world.log, world.ada, LOG, "server.key", { x: world.ada.key.x })).ok).toBe(true);
};
/** Ada signs the state at the newest head; answers the position of her entry. */
const checkpoint = async (world: SyncWorld): Promise<number> => {
  const texts = world.log.entries();
  const ack = await world.send(world.log, world.ada, LOG, "checkpoint", {
    v: 2,
    at: seenBy(texts),
    stateHash: stateHashOf(crypto, folded(world, texts)),
  });
  if (!ack.ok) throw new Error(`the test takes a checkpoint as given, but: ${ack.code}`);
  await world.log.until(() => world.log.entries().length >= ack.s);
  return ack.s;
};
const ask = async (wire: Wire, position: number): Promise<{ seq: number; text: string }> => {
  const before = wire.pages.length;
  wire.raw(writeAskState(position));
  await wire.until(() => wire.pages.length > before && wire.pages.length - before >= (wire.pages.at(-1)?.pages ?? 0));
  const pages = wire.pages.slice(before);
  expect(pages.map(({ page }) => page)).toEqual(pages[0]?.pages === 0 ? [0] : pages.map((_, index) => index + 1));
  return { seq: pages[0]?.seq ?? -1, text: Buffer.concat(pages.map(({ bytes }) => bytes)).toString() };
};

describe("a device on the log", () => {
  test("[SV90] [CK4] gets the exact text that the newest checkpoint at or below a position signed, and can begin with it", async () => {
    const world = await startWorld();
    await world.member("Ben");
    const first = await checkpoint(world);
    await grow(world, 3);
    const second = await checkpoint(world);
    await grow(world, 2);
    const cleo = await world.member("Cleo");
    const wire = await world.open(cleo, LOG);
    const end = world.log.entries().length;
    for (const [position, seq] of [
      [end, second],
      [second, second],
      [second - 1, first],
      [first, first],
    ] as const) {
      const { seq: of, text } = await ask(wire, position);
      const start = startFromCheckpoint(crypto, {
        state: text,
        entries: world.log.entries().slice(seq - 1),
        pin: seenBy(world.log.entries()) as [number, Hash],
      });
      expect([position, of, start.ok]).toEqual([position, seq, true]);
    }
    expect(await ask(wire, first - 1)).toEqual({ seq: 0, text: "" });
    expect(await ask(wire, Number.MAX_SAFE_INTEGER)).toMatchObject({ seq: second });
  });

  test("[SV90] gets none where nobody signed one", async () => {
    const world = await startWorld();
    expect(await ask(world.log, 1)).toEqual({ seq: 0, text: "" });
  });

  test("[SV91] gets a long one in pages, and the same one after a restart of the server", async () => {
    const dir = tempDir();
    const world = await startWorld({
      store: openSqliteStore(dir),
      limits: {
        commandsPerSecond: 100_000,
        commandBurst: 100_000,
        framesPerSecond: 100_000,
        frameBurst: 100_000,
        personFramesPerSecond: 100_000,
        personFrameBurst: 100_000,
      },
    });
    const args = Array.from({ length: 10 }, () => "x".repeat(4_096));
    for (let i = 0; i < 8; i += 1)
      await world.send(world.log, world.ada, LOG, "tool.define", {
        id: `${"A".repeat(20)}${i}A`,
        name: "Files",
        launch: { kind: "stdio", command: "node", args, env: [], vars: [] },
        tools: [],
        policy: null,
      });
    const seq = await checkpoint(world);
    const before = await ask(world.log, seq);
    expect(world.log.pages.length).toBe(Math.ceil(before.text.length / STATE_PAGE));
    expect(world.log.pages.length).toBeGreaterThan(1);
    await world.server.close();
    const again = await startServer({
      store: openSqliteStore(dir),
      host: "127.0.0.1",
      port: 0,
      origins: [],
      create: "closed",
      now: Date.now,
      log: () => undefined,
    });
    try {
      expect(await ask(await open(again.url, world.wid, LOG, world.ada), seq)).toEqual(before);
    } finally {
      await again.close();
    }
  });
});

describe("[SV92] nobody else gets a byte of it", () => {
  const lived = async () => {
    const world = await startWorld();
    const ben = await world.member("Ben");
    const seq = await checkpoint(world);
    return { world, ben, seq };
  };
  const answerTo = async (wire: Wire, position: number): Promise<{ code: number; pages: number }> => {
    wire.raw(writeAskState(position));
    const { code } = await wire.closed;
    return { code, pages: wire.pages.length };
  };

  attack("who has not said who they are", async ({ control }) => {
    const { world, seq } = await lived();
    const wire = dial(world.url, world.wid, LOG);
    await wire.hello;
    expect(await answerTo(wire, seq)).toEqual({ code: CLOSE.unauthorized, pages: 0 });
    await control(async () => expect((await ask(world.log, seq)).seq).toBe(seq));
  });
  attack("an outsider", async ({ control }) => {
    const { world, seq } = await lived();
    const wire = await dialAs(world.url, world.wid, LOG, makePerson("Mallory"));
    expect(await answerTo(wire, seq)).toEqual({ code: CLOSE.unauthorized, pages: 0 });
    await control(async () => expect((await ask(world.log, seq)).seq).toBe(seq));
  });
  attack("the holder of an invite", async ({ control }) => {
    const { world, seq } = await lived();
    const wire = await dialInvite(world.url, world.wid, await world.invite());
    await wire.welcome;
    expect(await answerTo(wire, seq)).toEqual({ code: CLOSE.forbidden, pages: 0 });
    await control(async () => expect((await ask(world.log, seq)).seq).toBe(seq));
  });
  attack("a device on another document", async ({ control }) => {
    const { world, seq } = await lived();
    expect(await answerTo(await world.open(world.ada, ADMIN), seq)).toEqual({ code: CLOSE.forbidden, pages: 0 });
    await control(async () => expect((await ask(world.log, seq)).seq).toBe(seq));
  });
  attack("a device that was removed", async ({ control }) => {
    const { world, ben, seq } = await lived();
    const wire = await world.open(ben, LOG);
    expect((await world.send(world.log, world.ada, LOG, "member.remove", { member: ben.member })).ok).toBe(true);
    expect((await wire.closed).code).toBe(CLOSE.memberRemoved);
    expect(wire.pages).toEqual([]);
    expect((await (await dialAs(world.url, world.wid, LOG, ben)).closed).code).toBe(CLOSE.memberRemoved);
    // Control: who is in gets it.
    await control(async () => expect((await ask(world.log, seq)).seq).toBe(seq));
  });
});

test("[SV93] one state at a time, and asking counts as a command", async () => {
  const world = await startWorld();
  const seq = await checkpoint(world);
  const wire = await world.open(world.ada, LOG);
  wire.raw(writeAskState(seq));
  wire.raw(writeAskState(seq));
  expect((await wire.closed).code).toBe(CLOSE.tooMuch);
  const small = await startWorld({ limits: { commandsPerSecond: 0.001, commandBurst: 3 } });
  // The founding and its first answers used some of it.
  const asks = async (): Promise<number> => {
    for (;;) {
      const before = small.log.pages.length;
      small.log.raw(writeAskState(1));
      const answered = await small.log
        .until(() => small.log.pages.length > before)
        .then(
          () => true,
          () => false,
        );
      if (!answered) return (await small.log.closed).code;
    }
  };
  expect(await asks()).toBe(CLOSE.tooMuch);
});

attack(
  "[SV93] of a person who asks for one after the other over new sockets, and hangs up, no more are made than a few new devices need",
  async ({ control }) => {
    const world = await startWorld({ limits: { stateBurst: 3, statesPerMinute: 0.001 } });
    const ben = await world.member("Ben");
    const seq = await checkpoint(world);
    for (let i = 0; i < 3; i += 1) expect((await ask(await world.open(ben, LOG), seq)).seq).toBe(seq);
    const once = await world.open(ben, LOG);
    once.raw(writeAskState(seq));
    expect([(await once.closed).code, once.pages]).toEqual([CLOSE.tooMuch, []]);
    // Nobody else is held up, and Ben can do everything else.
    await control(async () => expect((await ask(world.log, seq)).seq).toBe(seq));
    await control(async () => (await world.open(ben, LOG)).synced());
  },
);

test("[SV93] for who hung up nothing is made", async () => {
  const world = await startWorld();
  await grow(world, 2);
  const seq = await checkpoint(world);
  const memory = createMemory().connect();
  await memory.append(
    world.wid,
    world.log.entries().map((entry, i) => ({ doc: LOG, seq: i + 1, entry })),
    new Map(),
  );
  let reads = 0;
  const read: ChainStore["read"] = (...which) => {
    reads += 1;
    return memory.read(...which);
  };
  const states = createStates(crypto, { ...memory, read });
  const first = states.at(world.wid, seq, seq);
  expect(await states.at(world.wid, seq - 1, seq, () => true)).toBeNull();
  let here = true;
  const waiting = states.at(world.wid, seq - 1, seq, () => !here);
  here = false;
  expect((await first)?.seq).toBe(seq);
  const before = reads;
  expect([await waiting, reads]).toEqual([null, before]);
});

test("[LI16] what is read to make a state is told, so that it counts for who asked; a kept one costs no reading", async () => {
  const world = await startWorld();
  await grow(world, 2);
  const seq = await checkpoint(world);
  const memory = createMemory().connect();
  await memory.append(
    world.wid,
    world.log.entries().map((entry, i) => ({ doc: LOG, seq: i + 1, entry })),
    new Map(),
  );
  const states = createStates(crypto, memory);
  const costs: number[] = [];
  const costOf = async (position: number): Promise<number> => {
    costs.length = 0;
    await states.at(world.wid, position, seq, undefined, (characters) => void costs.push(characters));
    return costs.reduce((sum, cost) => sum + cost, 0);
  };
  const whole = world.log.entries().slice(0, seq).join("").length;
  expect([await costOf(seq), await costOf(seq), await costOf(seq - 1)]).toEqual([
    whole,
    0,
    world.log
      .entries()
      .slice(0, seq - 1)
      .join("").length,
  ]);
});

test.each([
  ["cut", new Uint8Array([109])],
  ["padded", new Uint8Array([109, 1, 0])],
  ["overlong", new Uint8Array([109, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255])],
])("[WI3] [SV21] a %s question is malformed", async (_name, bytes) => {
  const world = await startWorld();
  const wire = await world.open(world.ada, LOG);
  wire.raw(bytes);
  expect((await wire.closed).code).toBe(CLOSE.malformed);
});
