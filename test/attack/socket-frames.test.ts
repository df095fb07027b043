/**
 * Every message of the wire where it does not belong: sent by the wrong side, too early, too late, twice, cut at every
 * byte, too long, or as something else. The positive control is the same message as it should be.
 */
import * as encoding from "lib0/encoding";
import { describe, expect } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import {
  ACK,
  AUTH,
  CMD,
  FRAME_BYTES_MAX,
  HEAD,
  HELLO,
  PAIR_NEWS,
  PAIR_OPEN,
  PAIR_SAY,
  PAIR_SAY_MAX,
  SYNC,
  WELCOME,
  writeNumbered,
  writeText,
} from "#core/protocol/wire.ts";
import { attack } from "../helpers/hostile.ts";
import { randomKey } from "../helpers/node-crypto.ts";
import { genesisOf, makePairKey, makePerson, QUEUE, signAuth, signCommand } from "../helpers/people.ts";
import { sharedWorld, startWorld } from "../helpers/sync-world.ts";
import { awarenessFrame, dial, dialAs, dialInvite, dialPair, open, openPairing } from "../helpers/wire-client.ts";
import type { Wire } from "../helpers/wire-client.ts";

const shared = sharedWorld(async (world) => ({
  ben: await world.member("Ben"),
  link: await world.invite({ uses: 50 }),
}));
type World = ReturnType<typeof shared>;

const STAGES = {
  "before the answer": async (world: World) => {
    const wire = dial(world.url, world.wid, LOG);
    await wire.hello;
    return wire;
  },
  "as a device": (world: World) => world.open(world.ben, LOG),
  "with an invite": async (world: World) => {
    const wire = await dialInvite(world.url, world.wid, world.link);
    await wire.welcome;
    return wire;
  },
  "as a founder": (world: World) => {
    const fay = makePerson("Fay");
    return open(world.url, genesisOf(fay).wid, LOG, fay, "found");
  },
  "as a new device": async (world: World) => {
    const key = makePairKey();
    await openPairing(await world.open(world.ben, LOG), key);
    const wire = await dialPair(world.url, world.wid, key);
    await wire.welcome;
    return wire;
  },
} as const satisfies Record<string, (world: World) => Promise<Wire>>;
type Stage = keyof typeof STAGES;
const stages = Object.keys(STAGES) as Stage[];

/** Others do not notice, and what belongs there still works. */
const goesOn = async (world: World): Promise<void> => {
  const wire = await world.open(world.ben, LOG);
  await wire.synced();
  expect(await world.send(world.log, world.ada, LOG, "server.key", { x: randomKey() })).toMatchObject({ ok: true });
  wire.close();
};
const frameOf = (...numbers: number[]): Uint8Array => new Uint8Array(numbers);

describe("[SV21] what only a server says, from a client", () => {
  const forged = "forged.by.client";
  const said: [string, () => Uint8Array][] = [
    [
      "HELLO",
      () => writeText(HELLO, JSON.stringify({ v: 1, nonce: "n".repeat(32), origin: "http://x", key: randomKey() })),
    ],
    ["WELCOME", () => writeText(WELCOME, JSON.stringify({ s: 0 }))],
    ["ACK", () => writeNumbered(ACK, 1, JSON.stringify({ ok: true, d: LOG, s: 1, id: randomKey(), dup: false }))],
    ["news of a pairing", () => writeText(PAIR_NEWS, "joined")],
    ["HEAD", () => writeText(HEAD, forged)],
  ];
  const rows = said.flatMap(([name]) => stages.map((stage) => [name, stage] as const));
  attack.for(rows)("%s %s: closed with 4400 and heard by nobody", async ([name, stage], { control }) => {
    const world = shared();
    const listener = await world.open(world.ben, LOG);
    await listener.synced();
    const wire = await STAGES[stage](world);
    wire.raw((said.find(([other]) => other === name) as (typeof said)[number])[1]());
    expect(await wire.closed).toMatchObject({ code: 4400 });
    // The server's own heads may come at any time.
    expect(listener.heads).not.toContain(forged);
    expect(listener.heard.filter((type) => [HELLO, WELCOME, ACK, PAIR_NEWS].includes(type))).toEqual([HELLO, WELCOME]);
    await control(() => goesOn(world));
    listener.close();
  });
});

describe("[SV12] [SV30] out of order", () => {
  const cases: [string, Stage, number, (world: World) => Uint8Array][] = [
    [
      "a command",
      "before the answer",
      4401,
      (world) => writeNumbered(CMD, 1, world.sign(world.ben, LOG, "device.add", {})),
    ],
    [
      "an answer again",
      "as a device",
      4400,
      (world) =>
        writeText(AUTH, signAuth(world.ben, "device", { w: world.wid, d: LOG, nonce: "n".repeat(32), aud: world.url })),
    ],
    [
      "an answer again",
      "with an invite",
      4400,
      (world) =>
        writeText(AUTH, signAuth(world.ben, "device", { w: world.wid, d: LOG, nonce: "n".repeat(32), aud: world.url })),
    ],
    [
      "an answer again",
      "as a founder",
      4400,
      (world) =>
        writeText(AUTH, signAuth(world.ben, "device", { w: world.wid, d: LOG, nonce: "n".repeat(32), aud: world.url })),
    ],
    [
      "an answer again",
      "as a new device",
      4400,
      (world) =>
        writeText(AUTH, signAuth(world.ben, "device", { w: world.wid, d: LOG, nonce: "n".repeat(32), aud: world.url })),
    ],
    ["a pairing", "before the answer", 4401, () => writeText(PAIR_OPEN, makePairKey().id)],
    ["a pairing", "with an invite", 4403, () => writeText(PAIR_OPEN, makePairKey().id)],
    ["a pairing", "as a founder", 4403, () => writeText(PAIR_OPEN, makePairKey().id)],
    ["a pairing", "as a new device", 4403, () => writeText(PAIR_OPEN, makePairKey().id)],
    ["words of a pairing", "before the answer", 4401, () => writeText(PAIR_SAY, "YQ")],
    ["words of a pairing", "as a device", 4403, () => writeText(PAIR_SAY, "YQ")],
    ["words of a pairing", "with an invite", 4403, () => writeText(PAIR_SAY, "YQ")],
    ["words of a pairing", "as a founder", 4403, () => writeText(PAIR_SAY, "YQ")],
    [
      "a command",
      "as a new device",
      4403,
      (world) => writeNumbered(CMD, 1, world.sign(world.ben, LOG, "server.key", { x: randomKey() })),
    ],
    ["a SyncStep1", "as a new device", 4403, () => frameOf(SYNC, 0, 1, 0)],
    ["a SyncStep1", "with an invite", 4403, () => frameOf(SYNC, 0, 1, 0)],
    ["a SyncStep1", "as a founder", 4403, () => frameOf(SYNC, 0, 1, 0)],
  ];
  attack.for(cases)("%s %s: closed with %i", async ([_what, stage, code, make], { control }) => {
    const world = shared();
    const wire = await STAGES[stage](world);
    wire.raw(make(world));
    expect(await wire.closed).toMatchObject({ code });
    expect(wire.entries()).toEqual([]);
    await control(() => goesOn(world));
  });

  attack(
    "two SyncStep1 before the answer, one of them held: closed, and after the answer any number is answered",
    async ({ control }) => {
      const world = shared();
      const wire = await STAGES["before the answer"](world);
      wire.step1();
      wire.step1(1);
      expect(await wire.closed).toMatchObject({ code: 4509 });
      const known = await world.open(world.ben, LOG);
      await control(async () => {
        for (let i = 0; i < 3; i += 1) await known.synced();
        expect(known.entries()).toEqual(await (await world.open(world.ada, LOG)).synced());
      });
    },
  );

  attack(
    "a SyncStep1 that claims more than there is gets nothing, and the truth afterwards gets everything",
    async ({ control }) => {
      const world = shared();
      const wire = await world.open(world.ben, LOG);
      await wire.synced(1_000_000);
      expect(wire.entries()).toEqual([]);
      await control(async () =>
        expect((await wire.synced(0)).length).toBe((await (await world.open(world.ada, LOG)).synced()).length),
      );
    },
  );
});

describe("[SV21] malformed", () => {
  const long = (type: number, bytes: number): Uint8Array => {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, type);
    if (type === CMD) encoding.writeVarUint(encoder, 1);
    encoding.writeVarString(encoder, "A".repeat(bytes));
    return encoding.toUint8Array(encoder);
  };
  const frames: [string, number, (world: World) => Uint8Array | string][] = [
    ["an answer cut in its text", 4400, () => frameOf(AUTH, 9, 65, 66)],
    ["an answer without text", 4400, () => frameOf(AUTH)],
    ["an answer with bytes left over", 4400, () => new Uint8Array([...writeText(AUTH, "a.b.c"), 0])],
    ["an answer with two parts", 4400, () => writeText(AUTH, "a.b")],
    ["an answer of nothing", 4400, () => writeText(AUTH, "")],
    ["an answer whose length lies by gigabytes", 4400, () => frameOf(AUTH, 255, 255, 255, 255, 15, 65)],
    ["a command without a number", 4400, () => frameOf(CMD)],
    ["a command without text", 4400, () => frameOf(CMD, 1)],
    [
      "a command numbered beyond what a number holds",
      4400,
      () => frameOf(CMD, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 1, 65),
    ],
    ["a command whose text is no UTF-8", 4400, () => frameOf(CMD, 1, 2, 0xff, 0xfe)],
    ["a SyncStep1 without a state vector", 4400, () => frameOf(SYNC, 0)],
    ["a SyncStep1 with bytes left over", 4400, () => frameOf(SYNC, 0, 1, 0, 0)],
    ["a sync message without a step", 4400, () => frameOf(SYNC)],
    ["a type in two bytes too many", 4400, () => frameOf(0x80 | CMD, 0x80, 0x00, 1)],
    ["the type of y-protocols' own auth", 4400, () => frameOf(2, 0, 1, 65)],
    ["JSON in a text frame", 4400, () => JSON.stringify({ type: "auth" })],
    ["an answer one byte over the limit", 1009, () => new Uint8Array(FRAME_BYTES_MAX + 1).fill(AUTH)],
    ["a command one byte over the limit", 1009, () => new Uint8Array(FRAME_BYTES_MAX + 1).fill(CMD)],
    ["awareness over the limit", 1009, () => new Uint8Array(FRAME_BYTES_MAX + 1).fill(1)],
    ["a pairing without an id", 4400, () => frameOf(PAIR_OPEN)],
    ["a pairing with half an id", 4400, () => writeText(PAIR_OPEN, "P".repeat(11))],
    ["a pairing with another text for an id", 4400, () => writeText(PAIR_OPEN, "../../../../etc/passwd")],
    ["a pairing with bytes left over", 4400, () => new Uint8Array([...writeText(PAIR_OPEN, makePairKey().id), 0])],
    ["words of a pairing that are none", 4400, () => writeText(PAIR_SAY, "")],
    ["words of a pairing that could be read", 4400, () => writeText(PAIR_SAY, '{"x":"y"}')],
    ["one word too many of a pairing", 4400, () => long(PAIR_SAY, PAIR_SAY_MAX + 1)],
    ["words of a pairing over the limit", 1009, () => new Uint8Array(FRAME_BYTES_MAX + 1).fill(PAIR_SAY)],
    ["an answer of 100 kB", 4400, () => long(AUTH, 100_000)],
  ];
  attack.for(frames)("%s: closed with %i, before the answer as after it", async ([_what, code, make], { control }) => {
    const world = shared();
    for (const stage of ["before the answer", "as a device"] as const) {
      const wire = await STAGES[stage](world);
      wire.raw(make(world));
      expect(await wire.closed).toMatchObject({ code });
    }
    await control(() => goesOn(world));
  });

  attack("a command cut at each of its bytes: never taken, never an error of the server", async ({ control }) => {
    const world = shared();
    const whole = writeNumbered(CMD, 1, "a.b.c");
    for (let cut = 1; cut < whole.length; cut += 1) {
      const wire = await world.open(world.ben, LOG);
      wire.raw(whole.slice(0, cut));
      expect(await wire.closed).toMatchObject({ code: 4400 });
    }
    const wire = await world.open(world.ben, LOG);
    await control(async () => expect(await wire.cmd("a.b.c")).toEqual({ ok: false, code: "malformed" }));
    expect(world.lines.filter((line) => line.includes("error"))).toEqual([]);
  });

  attack("a state vector of many clients, or of one beyond any number, is read as what it is", async ({ control }) => {
    const world = shared();
    for (const bytes of [
      frameOf(SYNC, 0, 3, 200, 1, 1),
      frameOf(SYNC, 0, 12, 1, 1, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1),
    ]) {
      const wire = await world.open(world.ben, LOG);
      wire.raw(bytes);
      expect(await wire.closed).toMatchObject({ code: 4400 });
    }
    await control(() => goesOn(world));
  });
});

describe("[SV23] a command of the wrong shape is answered and stored nowhere", () => {
  const key = () => ({ x: randomKey() });
  const cases: [string, string, (world: World) => string][] = [
    [
      "signed as an answer",
      "bad-typ",
      (world) => world.sign(world.ada, LOG, "server.key", key(), { typ: "bulkhead-auth+jws" }),
    ],
    [
      "signed as a head",
      "bad-typ",
      (world) => world.sign(world.ada, LOG, "server.key", key(), { typ: "bulkhead-head+jws" }),
    ],
    ["of a later version", "above-level", (world) => world.sign(world.ada, LOG, "server.key", key(), { v: 2 })],
    [
      "with an unknown field in its body",
      "malformed",
      (world) => world.sign(world.ada, LOG, "server.key", { ...key(), note: "private" }),
    ],
    ["with a body that is a list", "malformed", (world) => world.sign(world.ada, LOG, "server.key", [randomKey()])],
    ["without a body", "malformed", (world) => world.sign(world.ada, LOG, "server.key", null)],
    ["whose counter is 0", "malformed", (world) => world.sign(world.ada, LOG, "server.key", key(), { n: 0 })],
    [
      "whose counter is no whole number",
      "malformed",
      (world) => world.sign(world.ada, LOG, "server.key", key(), { n: 1.5 }),
    ],
    [
      "that saw a position ahead of the log",
      "fork-detected",
      (world) => world.sign(world.ada, LOG, "server.key", key(), { seen: [9_999, randomKey()] }),
    ],
    [
      "that saw nothing",
      "fork-detected",
      (world) => world.sign(world.ada, LOG, "server.key", key(), { seen: [0, randomKey()] }),
    ],
    [
      "that lives too long",
      "command-expired",
      (world) => world.sign(world.ada, LOG, "server.key", key(), { exp: world.now() + 8 * 86_400_000 }),
    ],
    ["of the prototype's name", "above-level", (world) => world.sign(world.ada, LOG, "__proto__", key())],
    ["of an inherited name", "above-level", (world) => world.sign(world.ada, LOG, "constructor", key())],
    [
      "of approvals in the member log",
      "wrong-doc",
      (world) => world.sign(world.ada, LOG, "approval.vote", { request: randomKey(), v: "approve", note: null }),
    ],
    ["with two signatures", "malformed", (world) => `${world.sign(world.ada, LOG, "server.key", key())}.AAAA`],
    ["in JSON form", "malformed", () => JSON.stringify({ payload: "e30", signatures: [] })],
    [
      "with a body swapped under its signature",
      "bad-signature",
      (world) =>
        swapped(world.sign(world.ada, LOG, "server.key", key()), world.sign(world.ada, LOG, "server.key", key())),
    ],
    [
      "without a signature",
      "malformed",
      (world) => `${world.sign(world.ada, LOG, "server.key", key()).split(".").slice(0, 2).join(".")}.`,
    ],
    [
      "that says it needs none",
      "above-level",
      (world) =>
        world
          .sign(world.ada, LOG, "server.key", key())
          .replace(
            /^[^.]+/,
            Buffer.from(JSON.stringify({ alg: "none", typ: "bulkhead-cmd+jws", kid: world.ada.device })).toString(
              "base64url",
            ),
          ),
    ],
  ];
  const swapped = (first: string, second: string): string =>
    [first.split(".")[0], second.split(".")[1], first.split(".")[2]].join(".");
  attack.for(cases)("%s: %s", async ([_what, code, make], { control }) => {
    const world = shared();
    const before = (await world.log.synced(world.log.entries().length)).length;
    const wire = await world.open(world.ada, LOG);
    expect(await wire.cmd(make(world))).toEqual({ ok: false, code });
    await control(async () =>
      expect(await world.send(wire, world.ada, LOG, "server.key", key())).toMatchObject({ ok: true, s: before + 1 }),
    );
    wire.close();
  });

  attack("a number used for two commands answers each as what it is", async ({ control }) => {
    const world = shared();
    const wire = await world.open(world.ada, LOG);
    expect(await wire.cmd("x", 7)).toEqual({ ok: false, code: "malformed" });
    await control(async () =>
      expect(await wire.cmd(world.sign(world.ada, LOG, "server.key", key()), 7)).toMatchObject({ ok: true }),
    );
  });

  attack(
    "an acknowledged command sent again from another socket, or after others, is stored once",
    async ({ control }) => {
      const world = shared();
      const command = world.sign(world.ada, LOG, "server.key", key());
      const first = await control(async () => {
        const ack = await world.log.cmd(command);
        if (!ack.ok) throw new Error(ack.code);
        return ack;
      });
      await world.send(world.log, world.ada, LOG, "server.key", key());
      expect(await (await world.open(world.ada, LOG)).cmd(command)).toEqual({ ...first, dup: true });
      const stored = (await (await world.open(world.ada, LOG)).synced()).filter((entry) => entry.includes(command));
      expect(stored).toHaveLength(1);
    },
  );
});

describe("[LI1] [LI3] [LI5] floods", () => {
  const flood = (wire: Wire, times: number, say: (i: number) => void): Promise<{ code: number }> => {
    for (let i = 0; i < times; i += 1) say(i);
    return wire.closed;
  };
  // Nothing is given back meanwhile: a slow machine would take so long for a flood that it is none.
  attack("of questions for the whole document close their socket, and others still read", async ({ control }) => {
    const world = await startWorld({ limits: { framesPerSecond: 0 } });
    const wire = await world.open(world.ada, LOG);
    expect(await flood(wire, 500, () => wire.step1())).toMatchObject({ code: 4509 });
    await control(async () => (await world.open(world.ada, LOG)).synced());
  });

  attack("[LI13] of pieces that make one small frame are not kept", async ({ control }) => {
    const world = await startWorld();
    const inPieces = async (count: number): Promise<Wire> => {
      const wire = dial(world.url, world.wid, LOG);
      const { nonce } = await wire.hello;
      const answer = writeText(AUTH, signAuth(world.ada, "device", { w: world.wid, d: LOG, nonce, aud: world.url }));
      // Empty ones too: each is a piece.
      for (let i = 0; i < count; i += 1)
        wire.ws.send(i + 1 < count ? answer.subarray(i, i + 1) : answer.subarray(i), { fin: i + 1 === count });
      return wire;
    };
    expect(await (await inPieces(1_000)).closed).toMatchObject({ code: 1008 });
    await control(async () => (await inPieces(40)).welcome);
  });

  attack("of commands over several sockets of one device count together", async ({ control }) => {
    const world = await startWorld({ limits: { commandBurst: 20, commandsPerSecond: 0 } });
    const ben = await world.member("Ben");
    const [one, two] = [await world.open(ben, LOG), await world.open(ben, LOG)];
    for (let i = 0; i < 15; i += 1) for (const wire of [one, two]) void wire.cmd("x").catch(() => undefined);
    expect([(await one.closed).code, (await two.closed).code]).toEqual([4509, 4509]);
    await control(async () =>
      expect(await world.send(world.log, world.ada, LOG, "server.key", { x: randomKey() })).toMatchObject({ ok: true }),
    );
  });

  attack(
    "of commands by the holder of an invite count against the address, and the members are not slowed",
    async ({ control }) => {
      const world = await startWorld({ limits: { commandBurst: 10, commandsPerSecond: 0 } });
      const wire = await dialInvite(world.url, world.wid, await world.invite());
      await wire.welcome;
      expect(await flood(wire, 40, () => void wire.cmd("x").catch(() => undefined))).toMatchObject({ code: 4509 });
      await control(async () =>
        expect(await world.send(world.log, world.ada, LOG, "server.key", { x: randomKey() })).toMatchObject({
          ok: true,
        }),
      );
    },
  );

  attack("of presence before the answer close their socket", async ({ control }) => {
    const world = await startWorld({ limits: { framesPerSecond: 0 } });
    const wire = dial(world.url, world.wid, LOG);
    await wire.hello;
    expect(await flood(wire, 500, () => wire.raw(awarenessFrame()))).toMatchObject({ code: 4509 });
    await control(async () => (await world.open(world.ada, LOG)).synced());
  });

  attack(
    "a reader of the queue that stops reading is cut off, and the others get every head meanwhile",
    async ({ control }) => {
      // Long enough that nobody who reads is cut off because the machine stood still for a moment.
      const world = await startWorld({ headEveryMs: 100, limits: { stallMs: 5_000, silentMs: 5_000 } });
      const ada = await world.open(world.ada, QUEUE);
      await ada.synced();
      const stalled = await world.open(world.ada, QUEUE);
      stalled.step1();
      stalled.ws.pause();
      await expect.poll(() => world.server.load().sockets).toBe(2);
      const before = ada.heads.length;
      await control(() => ada.until(() => ada.heads.length > before + 2));
      stalled.ws.resume();
      expect((await stalled.closed).code).toBe(1006);
    },
  );

  attack("somebody who dials and says nothing is not served and does not stay", async ({ control }) => {
    const world = await startWorld();
    const { url } = await world.beside({ authWithinMs: 150 });
    const silent = [dial(url, world.wid, LOG), dial(url, world.wid, QUEUE), dial(url, "A".repeat(22), LOG)];
    for (const wire of silent) expect(await wire.closed).toMatchObject({ code: 4508 });
    // Tried until the machine was fast enough.
    await control(() =>
      expect
        .poll(() =>
          open(url, world.wid, LOG, world.ada)
            .then((wire) => wire.synced())
            .then(
              () => "in",
              () => "late",
            ),
        )
        .toBe("in"),
    );
  });

  attack(
    "a founder who sends the genesis of another workspace, again and again, founds nothing",
    async ({ control }) => {
      const world = shared();
      const fay = makePerson("Fay");
      const [mine, other] = [genesisOf(fay), genesisOf(fay, "Other")];
      const wire = await open(world.url, mine.wid, LOG, fay, "found");
      const genesis = (body: unknown) =>
        signCommand(fay, { w: mine.wid, d: LOG, k: "genesis", b: body, seen: [0, ""], exp: Date.now() + 60_000 });
      for (let i = 0; i < 3; i += 1)
        expect(await wire.cmd(genesis(other.body))).toEqual({ ok: false, code: "wrong-workspace" });
      expect(await (await dialAs(world.url, mine.wid, LOG, fay)).closed).toMatchObject({ code: 4404 });
      await control(async () => expect(await wire.cmd(genesis(mine.body))).toMatchObject({ ok: true, s: 1 }));
    },
  );
});
