/** Members who write what they may not, and frames that no honest client sends. */
import { describe, expect, test } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import { openSqliteStore } from "../../sync-server/server/store/sqlite-store.ts";
import type { ChainStore } from "../../sync-server/server/store/store.ts";
import { AUTH, CMD, writeNumbered, writeText } from "#core/protocol/wire.ts";
import { attack } from "../helpers/hostile.ts";
import { crypto } from "../helpers/node-crypto.ts";
import { deviceBody, lane, makeDevice, makePerson, QUEUE, requestBody } from "../helpers/people.ts";
import { seenBy, startWorld } from "../helpers/sync-world.ts";
import { tempDir } from "../helpers/temp.ts";
import { awarenessFrame, dial, dialAs, open, yjsWrite } from "../helpers/wire-client.ts";
import type { Wire } from "../helpers/wire-client.ts";

describe("[T15] a raw Yjs write", () => {
  const writes: [string, Uint8Array][] = [
    ["an update as the server's own client", yjsWrite(2, ["forged"], 1)],
    ["an update as another client", yjsWrite(2, ["forged"], 77)],
    ["a SyncStep2", yjsWrite(1, ["forged"], 1)],
    ["an update with nothing in it", new Uint8Array([0, 2, 2, 0, 0])],
    ["an update that is not Yjs", new Uint8Array([0, 2, 3, 255, 255, 255])],
    ["an update cut off", new Uint8Array([0, 2])],
  ];
  attack.for(writes)(
    "[SV20] by a member, %s: closed with 4403, nobody gets it, nothing changes",
    async ([_title, bytes], { control }) => {
      const world = await startWorld();
      const ben = await world.member("Ben");
      const wire = await world.open(ben, LOG);
      await wire.synced();
      const before = world.log.entries();
      wire.raw(bytes);
      expect(await wire.closed).toMatchObject({ code: 4403, reason: "read-only" });
      expect(await world.open(world.ada, LOG).then((fresh) => fresh.synced())).toEqual(before);
      expect(world.log.entries()).toEqual(before);
      // Positive control: a signed command on such a socket does change it.
      const honest = await world.open(ben, LOG);
      await control(async () =>
        expect(await world.send(honest, ben, LOG, "device.add", deviceBody(world.wid, makeDevice(ben)))).toMatchObject({
          ok: true,
        }),
      );
      await world.log.until(() => world.log.entries().length === before.length + 1);
    },
  );

  attack("[SV20] by a stranger, and by an Owner: closed with 4403 all the same", async ({ control }) => {
    const world = await startWorld();
    const stranger = dial(world.url, world.wid, LOG);
    await stranger.hello;
    stranger.raw(yjsWrite(2, ["forged"]));
    expect(await stranger.closed).toMatchObject({ code: 4403 });
    const owner = await world.open(world.ada, LOG);
    owner.raw(yjsWrite(2, ["forged"]));
    expect(await owner.closed).toMatchObject({ code: 4403 });
    await control(async () =>
      expect(await world.send(world.log, world.ada, LOG, "server.key", { x: world.ada.key.x })).toMatchObject({
        ok: true,
      }),
    );
  });
});

describe("[SV21] a malformed frame", () => {
  const frames: [string, Uint8Array | string][] = [
    ["empty", new Uint8Array()],
    ["text", "hello"],
    ["of an unknown type", new Uint8Array([42])],
    ["only a server sends", writeText(102, "{}")],
    ["a number without end", new Uint8Array(20).fill(255)],
    ["a cut command", new Uint8Array([CMD, 1, 50, 65])],
    ["a command with bytes left over", new Uint8Array([...writeNumbered(CMD, 1, "a.b.c"), 1])],
    ["a SyncStep1 whose length lies", new Uint8Array([0, 0, 60, 1])],
    ["a SyncStep1 over the limit", new Uint8Array([0, 0, 65, ...new Uint8Array(65)])],
    ["a SyncStep1 that is not a state vector", new Uint8Array([0, 0, 2, 1, 255])],
    ["an unknown sync step", new Uint8Array([0, 9])],
    ["an answer that is not UTF-8", new Uint8Array([AUTH, 2, 0xc3, 0x28])],
  ];
  attack.for(frames)("%s: closed with 4400, and the others do not notice", async ([_title, bytes], { control }) => {
    const world = await startWorld();
    const wire = await world.open(world.ada, LOG);
    wire.raw(bytes);
    expect(await wire.closed).toMatchObject({ code: 4400 });
    await control(async () =>
      expect(await world.send(world.log, world.ada, LOG, "server.key", { x: world.ada.key.x })).toMatchObject({
        ok: true,
      }),
    );
  });

  attack("of 1 MB is not even read", async ({ control }) => {
    const world = await startWorld();
    const wire = await world.open(world.ada, LOG);
    wire.raw(new Uint8Array(1_048_576));
    expect((await wire.closed).code).toBe(1009);
    const stranger = dial(world.url, world.wid, LOG);
    await stranger.hello;
    stranger.raw(new Uint8Array(1_048_576));
    expect((await stranger.closed).code).toBe(1009);
    await control(async () =>
      expect(await world.send(world.log, world.ada, LOG, "server.key", { x: world.ada.key.x })).toMatchObject({
        ok: true,
      }),
    );
  });
});

attack("[SV22] awareness is dropped: nobody hears another's presence", async ({ control }) => {
  const world = await startWorld();
  const ben = await world.member("Ben");
  const wire = await world.open(ben, LOG);
  wire.raw(awarenessFrame());
  await control(() => wire.synced());
  expect(world.log.heard).not.toContain(1);
});

describe("[SV23] a command is refused and the socket stays", () => {
  attack("[T15] a member makes themselves an Owner", async ({ control }) => {
    const world = await startWorld();
    const ben = await world.member("Ben");
    const wire = await world.open(ben, LOG);
    expect(
      await world.send(wire, ben, LOG, "member.role", { member: ben.member, from: "member", to: "owner" }),
    ).toEqual({ ok: false, code: "not-allowed" });
    expect(
      await world.send(wire, world.ada, LOG, "member.role", { member: ben.member, from: "member", to: "owner" }),
    ).toEqual({ ok: false, code: "bad-signature" });
    const forged = { ...makePerson("Ben"), device: ben.device };
    expect(await world.send(wire, forged, LOG, "device.add", deviceBody(world.wid, makeDevice(ben)), { n: 9 })).toEqual(
      { ok: false, code: "bad-signature" },
    );
    await control(async () =>
      expect(await world.send(wire, ben, LOG, "device.add", deviceBody(world.wid, makeDevice(ben)))).toMatchObject({
        ok: true,
      }),
    );
  });

  attack("of another document, another workspace, an old history or an old counter", async ({ control }) => {
    const world = await startWorld();
    const key = { x: world.ada.key.x };
    const send = (over = {}, doc: string = LOG) => world.send(world.log, world.ada, doc, "server.key", key, over);
    expect(await send({}, "admin")).toEqual({ ok: false, code: "wrong-doc" });
    expect(await world.send(world.log, world.ada, QUEUE, "approval.request", requestBody())).toEqual({
      ok: false,
      code: "wrong-doc",
    });
    expect(await send({ w: "A".repeat(22) as never })).toEqual({ ok: false, code: "wrong-workspace" });
    expect(await send({ seen: [1, crypto.sha256("other")] })).toEqual({ ok: false, code: "fork-detected" });
    expect(await send({ exp: world.now() - 1 })).toEqual({ ok: false, code: "command-expired" });
    expect(await send({ k: "genesis" })).toEqual({ ok: false, code: "not-allowed" });
    expect(await send({ k: "owner.make" })).toEqual({ ok: false, code: "above-level" });
    expect(await world.log.cmd("not a command")).toEqual({ ok: false, code: "malformed" });
    expect(await world.log.cmd("A".repeat(70_000))).toEqual({ ok: false, code: "too-large" });
    await control(async () => expect(await send()).toMatchObject({ ok: true }));
    expect(await send({ n: 1 })).toEqual({ ok: false, code: "replay" });
  });

  attack("[SV24] a command sent again is answered with its first result, and stored once", async ({ control }) => {
    const world = await startWorld();
    const command = world.sign(world.ada, LOG, "server.key", { x: world.ada.key.x });
    const answers = await Promise.all([world.log.cmd(command), world.log.cmd(command), world.log.cmd(command)]);
    expect(answers).toEqual(
      [false, true, true].map((dup) => ({ ok: true, d: LOG, s: 2, id: crypto.sha256(command), dup })),
    );
    const fresh = await world.open(world.ada, LOG);
    expect(await fresh.synced()).toHaveLength(2);
    await control(async () => expect(await fresh.cmd(command)).toMatchObject({ ok: true, s: 2, dup: true }));
  });

  attack("[SV24] what one member sent is of no use on another's socket", async ({ control }) => {
    const world = await startWorld();
    const ben = await world.member("Ben");
    const heard = world.sign(world.ada, LOG, "server.key", { x: world.ada.key.x });
    const wire = await world.open(ben, LOG);
    expect(await wire.cmd(heard)).toEqual({ ok: false, code: "bad-signature" });
    await control(async () => expect(await world.log.cmd(heard)).toMatchObject({ ok: true, dup: false }));
  });
});

describe("[T20] votes over the wire", () => {
  const asked = async () => {
    const world = await startWorld();
    const [ben, cleo] = [await world.member("Ben"), await world.member("Cleo", "approver")];
    const mine = await world.open(ben, lane(ben));
    await mine.synced();
    const ack = await world.send(mine, ben, QUEUE, "approval.request", requestBody({ ttlMs: 3_600_000 }));
    if (!ack.ok) throw new Error(ack.code);
    const queue = await world.open(cleo, QUEUE);
    await queue.synced();
    const vote = (v: string) => ({ request: ack.id, v, note: null });
    return { world, ben, cleo, mine, queue, vote, request: ack.id };
  };

  attack(
    "[SV25] a requester cannot decide over the lane, and the lane takes nothing but approvals",
    async ({ control }) => {
      const { world, ben, cleo, mine, queue, vote } = await asked();
      expect(await world.send(mine, ben, QUEUE, "approval.vote", vote("approve"))).toEqual({
        ok: false,
        code: "own-request",
      });
      expect(await world.send(mine, ben, LOG, "member.remove", { member: ben.member })).toEqual({
        ok: false,
        code: "wrong-doc",
      });
      expect(await world.send(mine, ben, lane(ben), "approval.request", requestBody())).toEqual({
        ok: false,
        code: "wrong-doc",
      });
      expect(await world.send(mine, ben, "queue:nobody", "approval.request", requestBody())).toEqual({
        ok: false,
        code: "no-such-queue",
      });
      await control(async () =>
        expect(await world.send(queue, cleo, QUEUE, "approval.vote", vote("approve"))).toMatchObject({
          ok: true,
          s: 2,
        }),
      );
      expect(await world.send(queue, cleo, QUEUE, "approval.vote", vote("reject"))).toEqual({
        ok: false,
        code: "resolved",
      });
      await mine.until(() => mine.entries().length === 2);
    },
  );

  attack(
    "[SV25] [T18] approve and reject at the same moment: exactly one wins, everywhere the same",
    async ({ control }) => {
      const { world, cleo, mine, queue, vote } = await asked();
      const adas = await world.open(world.ada, QUEUE);
      await adas.synced();
      const acks = await Promise.all([
        world.send(queue, cleo, QUEUE, "approval.vote", vote("approve")),
        world.send(adas, world.ada, QUEUE, "approval.vote", vote("reject")),
      ]);
      expect(acks.filter((ack) => ack.ok)).toHaveLength(1);
      expect(acks.find((ack) => !ack.ok)).toEqual({ ok: false, code: "resolved" });
      await mine.until(() => mine.entries().length === 2);
      await control(async () => expect(await adas.synced()).toHaveLength(2));
    },
  );

  attack(
    "[SV26] [T26] a vote signed offline is judged when it arrives: too late is expired, demoted is not-approver",
    async ({ control }) => {
      const { world, cleo, queue, vote } = await asked();
      const late = world.sign(cleo, QUEUE, "approval.vote", vote("approve"), { exp: world.now() + 86_400_000 });
      world.pass(3_600_001);
      expect(await queue.cmd(late)).toEqual({ ok: false, code: "expired" });
      const other = await asked();
      const held = other.world.sign(other.cleo, QUEUE, "approval.vote", other.vote("approve"));
      const demoted = await other.world.send(other.world.log, other.world.ada, LOG, "member.role", {
        member: other.cleo.member,
        from: "approver",
        to: "member",
      });
      expect(demoted).toMatchObject({ ok: true });
      expect(await other.queue.closed).toMatchObject({ code: 4403 });
      const back = await other.world.open(other.cleo, lane(other.cleo));
      expect(await back.cmd(held)).toEqual({ ok: false, code: "not-approver" });
      const adas = await other.world.open(other.world.ada, QUEUE);
      await control(async () =>
        expect(
          await other.world.send(adas, other.world.ada, QUEUE, "approval.vote", other.vote("approve")),
        ).toMatchObject({ ok: true }),
      );
    },
  );
});

/** The real store, whose next append waits when told. */
const held = (store: ChainStore) => {
  let [begin, go] = [(): void => undefined, (): void => undefined];
  let wait: Promise<void> | undefined;
  return {
    /** Resolves when an append has begun, which then waits for `letGo`. */
    hold: (): Promise<void> => {
      wait = new Promise((resolve) => (go = resolve));
      return new Promise((resolve) => (begin = resolve));
    },
    letGo: () => go(),
    store: {
      ...store,
      append: async (...args: Parameters<ChainStore["append"]>) => {
        begin();
        await wait;
        return store.append(...args);
      },
    },
  };
};

describe("[SV27] losing a right closes sockets at once", () => {
  attack("a revoked device gets 4415, also when it comes back, and not one entry more", async ({ control }) => {
    const world = await startWorld();
    const ben = await world.member("Ben");
    const wires = [await world.open(ben, LOG), await world.open(ben, lane(ben))];
    await Promise.all(wires.map((wire) => wire.synced()));
    const before = wires[0]?.entries().length;
    expect(await world.send(world.log, world.ada, LOG, "device.revoke", { device: ben.device })).toMatchObject({
      ok: true,
    });
    for (const wire of wires) expect(await wire.closed).toMatchObject({ code: 4415 });
    expect(wires[0]?.entries()).toHaveLength(before ?? -1);
    expect(await (await dialAs(world.url, world.wid, LOG, ben)).closed).toMatchObject({ code: 4415 });
    await control(() => open(world.url, world.wid, LOG, world.ada));
  });

  attack("a demoted Admin loses the invites with 4403 and keeps the log", async ({ control }) => {
    const world = await startWorld();
    const ben = await world.member("Ben", "admin");
    const [admin, log] = [await world.open(ben, "admin"), await world.open(ben, LOG)];
    await log.synced();
    await world.send(world.log, world.ada, LOG, "member.role", { member: ben.member, from: "admin", to: "member" });
    expect(await admin.closed).toMatchObject({ code: 4403 });
    await log.until(() => log.entries().length === world.log.entries().length);
    await control(async () => expect(await log.synced()).toEqual(world.log.entries()));
  });

  attack("who leaves gets the acknowledgement and then 4416", async ({ control }) => {
    const world = await startWorld();
    const ben = await world.member("Ben");
    const wire = await world.open(ben, LOG);
    await control(async () =>
      expect(await world.send(wire, ben, LOG, "member.remove", { member: ben.member })).toMatchObject({ ok: true }),
    );
    expect(await wire.closed).toMatchObject({ code: 4416 });
  });

  attack("a command already on its way when the right was lost is refused", async ({ control }) => {
    const disk = held(openSqliteStore(tempDir()));
    const world = await startWorld({ store: disk.store });
    const ben = await world.member("Ben", "admin");
    const wire = await world.open(ben, LOG);
    const late = world.sign(ben, LOG, "server.key", { x: ben.key.x });
    const begun = disk.hold();
    const first = world.send(world.log, world.ada, LOG, "member.role", {
      member: ben.member,
      from: "admin",
      to: "guest",
    });
    // The right is being taken away, and nobody knows it yet.
    await begun;
    const second = wire.cmd(late);
    disk.letGo();
    await control(async () => expect(await first).toMatchObject({ ok: true }));
    expect(await second).toEqual({ ok: false, code: "not-allowed" });
  });
});

describe("[LI5] floods", () => {
  attack("too many commands of one device close with 4509, and another device's go on", async ({ control }) => {
    const world = await startWorld({ limits: { commandBurst: 20, commandsPerSecond: 0 } });
    const ben = await world.member("Ben");
    const wire = await world.open(ben, LOG);
    for (let i = 0; i < 30; i += 1) void wire.cmd("x").catch(() => undefined);
    expect(await wire.closed).toMatchObject({ code: 4509 });
    await control(async () =>
      expect(await world.send(world.log, world.ada, LOG, "server.key", { x: world.ada.key.x })).toMatchObject({
        ok: true,
      }),
    );
  });

  attack(
    "[LI10] devices added to get around the limit of one are counted as their person, and another person is not held",
    async ({ control }) => {
      const world = await startWorld({
        limits: { commandBurst: 20, commandsPerSecond: 0, memberCommandBurst: 30, memberCommandsPerSecond: 0 },
      });
      const [ben, cleo] = [await world.member("Ben"), await world.member("Cleo")];
      const home = await world.open(ben, LOG);
      const more = makeDevice(ben);
      expect(await world.send(home, ben, LOG, "device.add", deviceBody(world.wid, more))).toMatchObject({ ok: true });
      const away = await world.open(more, LOG);
      const flood = (wire: Wire, count: number) => Array.from({ length: count }, () => wire.cmd("x"));
      // Neither device goes over its own limit. The first one's are counted before the second one's are sent.
      expect(await Promise.all(flood(home, 15))).toEqual(
        Array.from({ length: 15 }, () => ({ ok: false, code: "malformed" })),
      );
      for (const sent of flood(away, 18)) sent.catch(() => undefined);
      expect(await away.closed).toMatchObject({ code: 4509 });
      await control(async () =>
        expect(
          await world.send(
            await world.open(cleo, LOG),
            cleo,
            LOG,
            "device.add",
            deviceBody(world.wid, makeDevice(cleo)),
          ),
        ).toMatchObject({ ok: true }),
      );
    },
  );

  attack("too many frames of any kind close with 4509", async ({ control }) => {
    const world = await startWorld({ limits: { framesPerSecond: 0 } });
    const wire = await world.open(world.ada, LOG);
    for (let i = 0; i < 500; i += 1) wire.raw(awarenessFrame());
    expect(await wire.closed).toMatchObject({ code: 4509 });
    await control(() => open(world.url, world.wid, LOG, world.ada));
  });
});

test("[SV28] a burst of commands over two sockets is stored once each, in each device's order", async () => {
  const world = await startWorld();
  const ben = await world.member("Ben", "admin");
  const wire = await world.open(ben, LOG);
  await wire.synced();
  const seen = seenBy(wire.entries());
  const commands = Array.from({ length: 40 }, (_, i) =>
    [world.ada, ben].map((by) => world.sign(by, LOG, "server.key", { x: crypto.sha256(`${by.name} ${i}`) }, { seen })),
  );
  const acks = await Promise.all(commands.flatMap(([hers, his]) => [world.log.cmd(hers ?? ""), wire.cmd(his ?? "")]));
  expect(acks.every((ack) => ack.ok && !ack.dup)).toBe(true);
  const all = await (await world.open(world.ada, LOG)).synced();
  const stored = all.map((entry) => (JSON.parse(entry) as { c: string }).c);
  expect(new Set(stored).size).toBe(stored.length);
  for (const i of [0, 1])
    expect(stored.filter((command) => commands.some((pair) => pair[i] === command))).toEqual(
      commands.map((pair) => pair[i]),
    );
  await world.log.until(() => world.log.entries().length === all.length);
  expect(world.log.entries()).toEqual(all);
});

attack(
  "[SV27] a delegate's socket on the queue ends when the delegation does, although nobody sends anything",
  async ({ control }) => {
    // The clock is moved: nobody may seem to have been silent for so long.
    const world = await startWorld({ headEveryMs: 40, limits: { stallMs: 3_600_000, silentMs: 3_600_000 } });
    const [ada, cleo] = [world.ada, await world.member("Cleo", "approver")];
    await world.send(world.log, ada, LOG, "policy.set", {
      base: 0,
      unnamed: "ask",
      rules: [],
      queues: [
        {
          id: "owners",
          name: "Owners",
          all: [{ n: 1, roles: ["owner"], members: [] }],
          deny: 1,
          decideMs: 3_600_000,
          useMs: 3_600_000,
          steps: [],
          practice: false,
          oneForTwo: false,
          independent: false,
          phone: "reject",
          grants: "none",
        },
      ],
    });
    await expect(world.open(cleo, "queue:owners")).rejects.toThrow("4403");
    await control(async () =>
      expect(
        await world.send(world.log, ada, LOG, "approval.delegate", { to: cleo.member, until: world.now() + 600_000 }),
      ).toMatchObject({ ok: true }),
    );
    const wire = await world.open(cleo, "queue:owners");
    await wire.synced();
    world.pass(601_000);
    expect(await wire.closed).toMatchObject({ code: 4403 });
  },
);
