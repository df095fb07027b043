/** What a few bytes make the server do: what it sends, what it reads, what it answers. Each is drawn from somebody's share. */
import { describe, expect, test } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import { CLOSE } from "#core/protocol/wire.ts";
import type { ChainStore } from "../../sync-server/server/store/store.ts";
import { createHealthz } from "../../sync-server/server/connections/healthz.ts";
import { attack } from "../helpers/hostile.ts";
import { createMemory } from "../helpers/memory-store.ts";
import { randomKey } from "../helpers/node-crypto.ts";
import { makePairKey, makePerson, signAuth } from "../helpers/people.ts";
import { startWorld } from "../helpers/sync-world.ts";
import type { SyncWorld } from "../helpers/sync-world.ts";
import { until } from "../helpers/wait.ts";
import { awarenessFrame, dial, open, openPairing } from "../helpers/wire-client.ts";
import type { Person } from "../helpers/people.ts";
import type { Wire } from "../helpers/wire-client.ts";

/** A log of some 60 kB. */
const grow = async (world: SyncWorld): Promise<void> => {
  const args = ["x".repeat(4_000)];
  for (let i = 0; i < 15; i += 1)
    expect(
      (
        await world.send(world.log, world.ada, LOG, "tool.define", {
          id: `${"A".repeat(20)}${String.fromCharCode(65 + i)}A`,
          name: `Files ${i}`,
          launch: { kind: "stdio", command: "node", args, env: [], vars: [] },
          tools: [],
          policy: null,
        })
      ).ok,
    ).toBe(true);
};
const heardBy = (wires: readonly Wire[]): (() => number) => {
  let bytes = 0;
  for (const { ws } of wires) ws.on("message", (data: Buffer) => (bytes += data.byteLength));
  return () => bytes;
};

describe("[LI16] questions of five bytes for the whole document", () => {
  attack("draw a share and no more, over however many sockets, and another member reads on", async ({ control }) => {
    const world = await startWorld({
      store: createMemory().connect(),
      limits: { drawnBurst: 400_000, drawnPerSecond: 1 },
    });
    const ben = await world.member("Ben");
    await grow(world);
    const wires = [await world.open(ben, LOG), await world.open(ben, LOG), await world.open(ben, LOG)];
    const heard = heardBy(wires);
    for (let i = 0; i < 139; i += 1) for (const wire of wires) wire.step1();
    // What waits is not closed: each may have asked in good faith.
    await until(() => heard() > 100_000, "the first answers");
    const cleo = await world.member("Cleo");
    await control(async () =>
      expect((await (await world.open(cleo, LOG)).synced()).length).toBe(world.log.entries().length),
    );
    expect(heard()).toBeLessThan(400_000 + 3 * 20_000);
    expect(wires.map(({ ws }) => ws.readyState)).toEqual([1, 1, 1]);
  });

  attack(
    "make their own person wait and not fail: who comes back after long reads everything, at the pace of the share",
    async ({ control }) => {
      const world = await startWorld({
        store: createMemory().connect(),
        headEveryMs: 50,
        limits: { drawnBurst: 10_000, drawnPerSecond: 500_000, stallMs: 100 },
      });
      await grow(world);
      const ben = await world.member("Ben");
      const wire = await world.open(ben, LOG);
      for (let i = 0; i < 3; i += 1) wire.step1();
      await control(async () => expect(await wire.synced()).toEqual(world.log.entries()));
      // New entries come at once again.
      expect((await world.send(world.log, world.ada, LOG, "server.key", { x: randomKey() })).ok).toBe(true);
      await wire.until(() => wire.entries().length === world.log.entries().length);
    },
  );
});

attack(
  "[LI16] a device that was removed, and dials for the whole log again and again, draws a share and no more; another one still hears why it was closed",
  async ({ control }) => {
    const world = await startWorld({
      store: createMemory().connect(),
      limits: { drawnBurst: 400_000, drawnPerSecond: 1 },
    });
    const [ben, cleo] = [await world.member("Ben"), await world.member("Cleo")];
    await grow(world);
    for (const { member } of [ben, cleo])
      expect((await world.send(world.log, world.ada, LOG, "member.remove", { member })).ok).toBe(true);
    const come = async (who: Person): Promise<Wire> => {
      const wire = dial(world.url, world.wid, LOG);
      const { nonce } = await wire.hello;
      wire.step1();
      wire.auth(signAuth(who, "device", { w: world.wid, d: LOG, nonce, aud: world.url }));
      return wire;
    };
    const wires = await Promise.all(Array.from({ length: 30 }, () => come(ben)));
    const last = await control(() => come(cleo));
    expect(await last.closed).toMatchObject({ code: CLOSE.memberRemoved });
    expect(last.entries().length).toBeGreaterThan(15);
    expect(wires.filter((wire) => wire.entries().length > 0).length).toBeLessThan(7);
  },
);

attack("[LI16] commands of one person are counted in bytes too: each goes to everybody", async ({ control }) => {
  const world = await startWorld({ limits: { commandByteBurst: 30_000, commandBytesPerSecond: 0 } });
  const [ben, cleo] = [await world.member("Ben"), await world.member("Cleo")];
  const wire = await world.open(ben, LOG);
  for (let i = 0; i < 10; i += 1) void wire.cmd("x".repeat(5_000)).catch(() => undefined);
  expect(await wire.closed).toMatchObject({ code: 4509 });
  await control(async () =>
    expect(await (await world.open(cleo, LOG)).cmd("x".repeat(5_000))).toMatchObject({ ok: false, code: "malformed" }),
  );
});

describe("[LI17] frames", () => {
  attack("of one person over many sockets count together, and another person's do not", async ({ control }) => {
    const world = await startWorld({ limits: { personFrameBurst: 60, personFramesPerSecond: 0 } });
    const [ben, cleo] = [await world.member("Ben"), await world.member("Cleo")];
    const wires: Wire[] = [];
    for (let i = 0; i < 5; i += 1) wires.push(await world.open(ben, LOG));
    for (const wire of wires) for (let i = 0; i < 20; i += 1) wire.raw(awarenessFrame());
    expect(await Promise.race(wires.map(({ closed }) => closed))).toMatchObject({ code: 4509 });
    await control(async () => (await world.open(cleo, LOG)).synced());
  });

  attack.for([
    ["a ping", (wire: Wire) => wire.ws.ping()],
    ["a sign of life that nobody asked for", (wire: Wire) => wire.ws.pong()],
    ["presence", (wire: Wire) => wire.raw(awarenessFrame())],
  ] as const)(
    "%s, again and again, counts like any other, before the answer as after it",
    async ([_what, say], { control }) => {
      const world = await startWorld({ limits: { framesPerSecond: 0, frameBurst: 40 } });
      const stranger = dial(world.url, world.wid, LOG);
      await stranger.hello;
      await until(() => stranger.ws.readyState === stranger.ws.OPEN, "the socket to be open");
      const known = await open(world.url, world.wid, LOG, world.ada);
      for (const wire of [stranger, known]) {
        for (let i = 0; i < 60; i += 1) say(wire);
        expect(await wire.closed).toMatchObject({ code: 4509 });
      }
      await control(async () => {
        const wire = await open(world.url, world.wid, LOG, world.ada);
        for (let i = 0; i < 10; i += 1) say(wire);
        await wire.synced();
      });
    },
  );
});

/** A store in memory that counts what it is asked, and whose answers wait while the test holds them. */
const counted = () => {
  const memory = createMemory().connect();
  const asked = { lengths: 0, length: 0 };
  let held: Promise<void> = Promise.resolve();
  const store: ChainStore = {
    ...memory,
    lengths: async (...which) => {
      asked.lengths += 1;
      await held;
      return memory.lengths(...which);
    },
    length: async (...which) => {
      asked.length += 1;
      return memory.length(...which);
    },
  };
  const hold = (): (() => void) => {
    const gate = Promise.withResolvers<void>();
    held = gate.promise;
    return gate.resolve;
  };
  return { store, asked, hold };
};

attack(
  "[LI18] strangers with wrong answers do not keep the store busy: those who wait together cost one look",
  async ({ control }) => {
    const { store, asked, hold } = counted();
    const world = await startWorld({ store });
    const eve = makePerson("Eve");
    const strangers = Array.from({ length: 100 }, () => dial(world.url, world.wid, LOG));
    const nonces = await Promise.all(strangers.map(({ hello }) => hello));
    const ada = dial(world.url, world.wid, LOG);
    const { nonce } = await ada.hello;
    const letGo = hold();
    const before = asked.lengths;
    strangers.forEach((wire, i) =>
      wire.auth(signAuth(eve, "device", { w: world.wid, d: LOG, nonce: nonces[i]?.nonce ?? "", aud: world.url })),
    );
    ada.auth(signAuth(world.ada, "device", { w: world.wid, d: LOG, nonce, aud: world.url }));
    await until(() => asked.lengths > before, "the first look");
    // Answered behind all of them: what was sent before has arrived.
    await fetch(`${world.url}/join`);
    letGo();
    for (const wire of strangers) expect(await wire.closed).toMatchObject({ code: CLOSE.unknownDevice });
    await control(() => ada.welcome);
    expect(asked.lengths - before).toBeLessThan(10);
  },
);

describe("[LI18] /healthz", () => {
  attack(
    "asked without end reads the store once a second, and still says whether it can be read",
    async ({ control }) => {
      const { store, asked } = counted();
      const world = await startWorld({ store });
      const before = asked.length;
      const health = async (): Promise<number> => (await fetch(`${world.url}/healthz`)).status;
      for (let i = 0; i < 10; i += 1)
        expect(await Promise.all(Array.from({ length: 20 }, health))).toEqual(Array.from({ length: 20 }, () => 200));
      // A slow machine takes some seconds for them.
      expect(asked.length - before).toBeLessThan(60);
      await control(async () => expect(await health()).toBe(200));
    },
  );

  test("an answer holds for a second, to whoever asks, and those who ask while it is on its way get the same", async () => {
    let time = 0;
    let asked = 0;
    let works = true;
    const healthz = createHealthz(
      async () => {
        asked += 1;
        if (!works) throw new Error("gone");
      },
      () => time,
    );
    expect(await Promise.all([healthz(), healthz()])).toEqual([true, true]);
    works = false;
    time = 999;
    expect([await healthz(), asked]).toEqual([true, 1]);
    time = 1_000;
    expect([await healthz(), asked]).toEqual([false, 2]);
    // A clock that was set back keeps no old answer.
    works = true;
    time = -5_000;
    expect([await healthz(), asked]).toEqual([true, 3]);
  });
});

attack("[LI9] a pairing that is opened again and again counts as commands", async ({ control }) => {
  const world = await startWorld({ limits: { commandBurst: 20, commandsPerSecond: 0 } });
  const ben = await world.member("Ben");
  let opened = 0;
  for (; opened < 60; opened += 1) {
    const wire = await world.open(ben, LOG);
    const ended = wire.closed.then(({ code }) => code);
    if (
      (await Promise.race([
        openPairing(wire, makePairKey()).then(
          () => 0,
          () => ended,
        ),
        ended,
      ])) !== 0
    )
      break;
  }
  expect(opened).toBeLessThanOrEqual(20);
  await control(() => openPairing(world.log, makePairKey()));
});
