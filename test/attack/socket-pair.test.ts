/** The place where two devices of a person meet: who opens it, who comes in, and what ends it. Raw sockets. */
import { describe, expect, test } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import { PAIR_OPEN, PAIR_SAY, PAIR_SAY_MAX, writeText } from "#core/protocol/wire.ts";
import { attack } from "../helpers/hostile.ts";
import { crypto, makeKey, randomId } from "../helpers/node-crypto.ts";
import {
  deviceBody,
  genesisOf,
  jws,
  lane,
  makeDevice,
  makeInvite,
  makePairKey,
  makePerson,
  signAuth,
  signPairAuth,
} from "../helpers/people.ts";
import type { PairKey } from "../helpers/people.ts";
import { foundAt, startWorld } from "../helpers/sync-world.ts";
import type { SyncWorld } from "../helpers/sync-world.ts";
import { dial, dialInvite, dialPair, open, openPairing, say } from "../helpers/wire-client.ts";
import type { Wire } from "../helpers/wire-client.ts";

const begin = async (over: Parameters<typeof startWorld>[0] = {}) => {
  const world = await startWorld(over);
  const key = makePairKey();
  const adas = await world.open(world.ada, LOG);
  await openPairing(adas, key);
  return { world, key, adas };
};
const come = async (world: { url: string; wid: SyncWorld["wid"] }, key: PairKey): Promise<Wire> => {
  const wire = await dialPair(world.url, world.wid, key);
  await wire.welcome;
  return wire;
};
/** The positive control of every attack: an honest pair still meets and hears each other. */
const stillMeets = async (world: SyncWorld): Promise<void> => {
  const key = makePairKey();
  const adas = await world.open(world.ada, LOG);
  await openPairing(adas, key);
  const fresh = await come(world, key);
  say(fresh, "aGVsbG8");
  await adas.until(() => adas.said.length === 1);
  expect(adas.said).toEqual(["aGVsbG8"]);
  adas.close();
};

test("[SV80] [SV81] a device and its new one meet, and each hears exactly what the other says", async () => {
  const { world, key, adas } = await begin();
  const fresh = await come(world, key);
  expect(await fresh.welcome).toEqual({});
  await adas.until(() => adas.news.includes("joined"));
  say(adas, "Y29tbWl0");
  say(fresh, "b2ZmZXI");
  say(fresh, "a".repeat(PAIR_SAY_MAX));
  await Promise.all([fresh.until(() => fresh.said.length === 1), adas.until(() => adas.said.length === 2)]);
  expect(fresh.said).toEqual(["Y29tbWl0"]);
  expect(adas.said).toEqual(["b2ZmZXI", "a".repeat(PAIR_SAY_MAX)]);
  expect(fresh.heads).toEqual([]);
});

describe("[SV80] a pairing is not opened", () => {
  const cases: [string, number, (world: SyncWorld) => Promise<Wire>][] = [
    ["before AUTH", 4401, async (world) => dial(world.url, world.wid, LOG)],
    ["over another document", 4403, (world) => world.open(world.ada, lane(world.ada))],
    [
      "by the holder of an invite",
      4403,
      async (world) => {
        const wire = await dialInvite(world.url, world.wid, await world.invite());
        await wire.welcome;
        return wire;
      },
    ],
    [
      "by somebody who founds",
      4403,
      async (world) => {
        const eve = makePerson("Eve");
        return open(world.url, genesisOf(eve).wid, LOG, eve, "found");
      },
    ],
    [
      "by a new device that came to pair",
      4403,
      async (world) => {
        const key = makePairKey();
        await openPairing(await world.open(world.ada, LOG), key);
        return come(world, key);
      },
    ],
  ];
  attack.for(cases)("%s", async ([_title, code, prepare], { control }) => {
    const world = await startWorld();
    const wire = await prepare(world);
    await wire.hello;
    wire.raw(writeText(PAIR_OPEN, makePairKey().id));
    expect(await wire.closed).toMatchObject({ code });
    await control(() => stillMeets(world));
  });

  attack("by a member of another workspace, who can only open one of their own", async ({ control }) => {
    const { world, key, adas } = await begin();
    const other = await foundAt(world.url);
    const theirs = await other.open(other.ada, LOG);
    await openPairing(theirs, key);
    // The same name in two workspaces is two pairings.
    say(await come(world, key), "YWJj");
    say(await come({ url: world.url, wid: other.wid }, key), "ZGVm");
    await Promise.all([theirs.until(() => theirs.said.length === 1), adas.until(() => adas.said.length === 1)]);
    await control(() => expect([adas.said, theirs.said]).toEqual([["YWJj"], ["ZGVm"]]));
  });

  attack("by a revoked device", async ({ control }) => {
    const world = await startWorld();
    const second = makeDevice(world.ada);
    await world.send(world.log, world.ada, LOG, "device.add", deviceBody(world.wid, second));
    const wire = await world.open(second, LOG);
    await openPairing(wire, makePairKey());
    await world.send(world.log, world.ada, LOG, "device.revoke", { device: second.device });
    expect(await wire.closed).toMatchObject({ code: 4415 });
    await expect(world.open(second, LOG)).rejects.toThrow("4415");
    await control(() => stillMeets(world));
  });
});

describe("[SV81] nobody comes in", () => {
  attack("with a key that no pairing waits for", async ({ control }) => {
    const { world, key } = await begin();
    expect(await (await dialPair(world.url, world.wid, makePairKey())).closed).toMatchObject({ code: 4405 });
    await control(() => come(world, key));
  });

  const answers: [string, number, (world: SyncWorld, key: PairKey, nonce: string) => string][] = [
    [
      "with the id of the pairing and another key",
      4413,
      (world, key, nonce) =>
        signPairAuth({ id: key.id, key: makeKey() }, { w: world.wid, d: LOG, nonce, aud: world.url }),
    ],
    [
      "with the id and the key, signed by another key",
      4413,
      (world, key, nonce) =>
        jws(makeKey(), key.id, "bulkhead-auth+jws", {
          v: 1,
          w: world.wid,
          d: LOG,
          nonce,
          aud: world.url,
          as: "pair",
          x: key.key.x,
        }),
    ],
    [
      "with an answer to another question",
      4411,
      (world, key) => signPairAuth(key, { w: world.wid, d: LOG, nonce: randomId(), aud: world.url }),
    ],
    [
      "with an answer that another server got",
      4410,
      (world, key, nonce) => signPairAuth(key, { w: world.wid, d: LOG, nonce, aud: "https://evil.example" }),
    ],
    [
      "as a device, with the pairing's key",
      4413,
      (world, key, nonce) =>
        jws(key.key, key.id, "bulkhead-auth+jws", {
          v: 1,
          w: world.wid,
          d: LOG,
          nonce,
          aud: world.url,
          as: "device",
          x: key.key.x,
        }),
    ],
    [
      "with a signature for another purpose",
      4412,
      (world, key, nonce) =>
        jws(key.key, key.id, "bulkhead-cmd+jws", {
          v: 1,
          w: world.wid,
          d: LOG,
          nonce,
          aud: world.url,
          as: "pair",
          x: key.key.x,
        }),
    ],
    [
      "with one field more",
      4400,
      (world, key, nonce) =>
        jws(key.key, key.id, "bulkhead-auth+jws", {
          v: 1,
          w: world.wid,
          d: LOG,
          nonce,
          aud: world.url,
          as: "pair",
          x: key.key.x,
          name: "Laptop",
        }),
    ],
  ];
  attack.for(answers)("%s", async ([_title, code, sign], { control }) => {
    const { world, key, adas } = await begin();
    const wire = dial(world.url, world.wid, LOG);
    const { nonce } = await wire.hello;
    wire.auth(sign(world, key, nonce));
    expect(await wire.closed).toMatchObject({ code });
    expect(adas.news).toEqual(["open"]);
    await control(() => come(world, key));
  });

  attack("over a document that is not the log", async ({ control }) => {
    const { world, key } = await begin();
    const wire = dial(world.url, world.wid, "admin");
    const { nonce } = await wire.hello;
    wire.auth(signPairAuth(key, { w: world.wid, d: "admin", nonce, aud: world.url }));
    expect(await wire.closed).toMatchObject({ code: 4403 });
    await control(() => come(world, key));
  });

  attack("of a workspace that does not exist", async ({ control }) => {
    const { world, key } = await begin();
    expect(await (await dialPair(world.url, randomId() as typeof world.wid, key)).closed).toMatchObject({ code: 4404 });
    await control(() => come(world, key));
  });

  attack("a second time: whoever else has the code ends it for everybody", async ({ control }) => {
    const { world, key, adas } = await begin();
    const [first, second] = [await come(world, key), await dialPair(world.url, world.wid, key)];
    for (const wire of [second, first, adas]) expect(await wire.closed).toMatchObject({ code: 4406 });
    expect(await (await dialPair(world.url, world.wid, key)).closed).toMatchObject({ code: 4405 });
    await control(() => stillMeets(world));
  });

  attack("[LI9] more often than a person would try", async ({ control }) => {
    const { world, key } = await begin({ limits: { pairKnockBurst: 2, pairKnocksPerMinute: 0 } });
    expect(await (await dialPair(world.url, world.wid, makePairKey())).closed).toMatchObject({ code: 4405 });
    await control(() => come(world, key));
    expect(await (await dialPair(world.url, world.wid, key)).closed).toMatchObject({ code: 4509 });
  });
});

describe("[SV82] a new device reads nothing, sends no command and says little", () => {
  const cases: [string, number, (world: SyncWorld, wire: Wire) => void][] = [
    ["SyncStep1", 4403, (_world, wire) => wire.step1()],
    [
      "a command",
      4403,
      (world, wire) =>
        void world.send(wire, world.ada, LOG, "server.key", { x: crypto.sha256("x") }).catch(() => undefined),
    ],
    [
      "a second AUTH",
      4400,
      (world, wire) =>
        wire.auth(signAuth(world.ada, "device", { w: world.wid, d: LOG, nonce: randomId(), aud: world.url })),
    ],
    ["more than 4,096 characters", 4400, (_world, wire) => say(wire, "a".repeat(PAIR_SAY_MAX + 1))],
    ["what is not base64url", 4400, (_world, wire) => say(wire, '{"x":1}')],
    [
      "a seventh message",
      4509,
      (_world, wire) => {
        for (let i = 0; i < 7; i += 1) say(wire, "YQ");
      },
    ],
  ];
  attack.for(cases)("%s closes it, and with it the pairing", async ([_title, code, send], { control }) => {
    const { world, key, adas } = await begin();
    const fresh = await come(world, key);
    send(world, fresh);
    expect(await fresh.closed).toMatchObject({ code });
    expect(fresh.entries()).toEqual([]);
    expect(await adas.closed).toMatchObject({ code: 4407 });
    await control(() => stillMeets(world));
  });

  attack("nobody says anything who is no end of a pairing", async ({ control }) => {
    const world = await startWorld();
    const stranger = dial(world.url, world.wid, LOG);
    await stranger.hello;
    say(stranger, "YQ");
    expect(await stranger.closed).toMatchObject({ code: 4401 });
    const adas = await world.open(world.ada, LOG);
    say(adas, "YQ");
    expect(await adas.closed).toMatchObject({ code: 4403 });
    await control(() => stillMeets(world));
  });

  test("what is said before somebody came is for nobody", async () => {
    const { world, key, adas } = await begin();
    say(adas, "ZWFybHk");
    const fresh = await come(world, key);
    say(adas, "bGF0ZQ");
    await fresh.until(() => fresh.said.length > 0);
    expect(fresh.said).toEqual(["bGF0ZQ"]);
  });
});

describe("[SV83] a pairing ends for both", () => {
  test("with the device that opened it", async () => {
    const { world, key, adas } = await begin();
    const fresh = await come(world, key);
    adas.close();
    expect(await fresh.closed).toMatchObject({ code: 4407 });
    expect(await (await dialPair(world.url, world.wid, key)).closed).toMatchObject({ code: 4405 });
  });

  test("with the new device, whose code is then used", async () => {
    const { world, key, adas } = await begin();
    (await come(world, key)).close();
    expect(await adas.closed).toMatchObject({ code: 4407 });
    expect(await (await dialPair(world.url, world.wid, key)).closed).toMatchObject({ code: 4405 });
  });

  test("when its time is over", async () => {
    const world = await startWorld();
    const { url } = await world.beside({ pairingMs: 300 });
    /** Tried until the machine was fast enough for the new device to come in time. */
    const meet = async (): Promise<{ adas: Wire; fresh: Wire }> => {
      const [adas, key] = [await open(url, world.wid, LOG, world.ada), makePairKey()];
      await openPairing(adas, key);
      const fresh = await come({ url, wid: world.wid }, key).catch(() => undefined);
      return fresh === undefined ? meet() : { adas, fresh };
    };
    const { adas, fresh } = await meet();
    expect(await adas.closed).toMatchObject({ code: 4407 });
    expect(["4407", "4508"]).toContain(String((await fresh.closed).code));
  });

  attack("when the device that opened it is revoked", async ({ control }) => {
    const world = await startWorld();
    const second = makeDevice(world.ada);
    await world.send(world.log, world.ada, LOG, "device.add", deviceBody(world.wid, second));
    const [wire, key] = [await world.open(second, LOG), makePairKey()];
    await openPairing(wire, key);
    const fresh = await come(world, key);
    await world.send(world.log, world.ada, LOG, "device.revoke", { device: second.device });
    expect(await wire.closed).toMatchObject({ code: 4415 });
    expect(await fresh.closed).toMatchObject({ code: 4407 });
    await control(() => stillMeets(world));
  });

  attack("when its member is removed", async ({ control }) => {
    const world = await startWorld();
    const ben = await world.member("Ben");
    const [wire, key] = [await world.open(ben, LOG), makePairKey()];
    await openPairing(wire, key);
    const fresh = await come(world, key);
    await world.send(world.log, world.ada, LOG, "member.remove", { member: ben.member });
    expect(await fresh.closed).toMatchObject({ code: 4407 });
    expect(await (await dialPair(world.url, world.wid, key)).closed).toMatchObject({ code: 4405 });
    await control(() => stillMeets(world));
  });

  attack("when the same device opens another", async ({ control }) => {
    const { world, key, adas } = await begin();
    const newer = makePairKey();
    await openPairing(await world.open(world.ada, LOG), newer);
    expect(await adas.closed).toMatchObject({ code: 4407 });
    expect(await (await dialPair(world.url, world.wid, key)).closed).toMatchObject({ code: 4405 });
    await control(() => come(world, newer));
  });
});

test("[SV84] a workspace has a few pairings at once, and another workspace is not held up by them", async () => {
  const world = await startWorld({ limits: { pairingsPerWorkspace: 2 } });
  for (const name of ["Ben", "Cleo"]) await openPairing(await world.open(await world.member(name), LOG), makePairKey());
  const adas = await world.open(world.ada, LOG);
  adas.raw(writeText(PAIR_OPEN, makePairKey().id));
  expect(await adas.closed).toMatchObject({ code: 4509 });
  const other = await foundAt(world.url);
  await openPairing(await other.open(other.ada, LOG), makePairKey());
});

attack(
  "[SV84] one member with many devices takes no more than two places, and the others still pair",
  async ({ control }) => {
    const world = await startWorld({ limits: { pairingsPerWorkspace: 3 } });
    const [gus, ben] = [await world.member("Gus", "guest"), await world.member("Ben")];
    const first = await world.open(gus, LOG);
    await first.synced();
    const devices = [gus, ...Array.from({ length: 4 }, () => makeDevice(gus))];
    for (const device of devices.slice(1))
      expect(await world.send(first, gus, LOG, "device.add", deviceBody(world.wid, device))).toMatchObject({
        ok: true,
      });
    const wires = [];
    for (const device of devices) {
      const wire = await world.open(device, LOG);
      await openPairing(wire, makePairKey());
      wires.push(wire);
    }
    for (const wire of wires.slice(0, 3)) expect(await wire.closed).toMatchObject({ code: 4407 });
    await control(async () => openPairing(await world.open(ben, LOG), makePairKey()));
  },
);

test("[SV84] [T23] [T25] nothing of a pairing is stored, and the log has one event of it", async () => {
  const { world, key, adas } = await begin();
  const fresh = await come(world, key);
  say(fresh, "c2VjcmV0LWNhbmFyeQ");
  await adas.until(() => adas.said.length === 1);
  const lines = world.lines.filter((line) => line.includes("pair"));
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([{ event: "pairing-opened", workspace: world.wid }]);
  expect(world.lines.join("")).not.toContain("c2VjcmV0");
  expect(world.lines.join("")).not.toContain(key.id);
  expect(await world.log.synced()).toHaveLength(1);
});

test("[SV82] a frame of a pairing is counted like any other", async () => {
  const { adas } = await begin({ limits: { frameBurst: 8, framesPerSecond: 0 } });
  for (let i = 0; i < 12; i += 1) adas.raw(writeText(PAIR_SAY, "YQ"));
  expect(await adas.closed).toMatchObject({ code: 4509 });
});

attack("[SV81] an invite's key is no pairing's key", async ({ control }) => {
  const { world, key } = await begin();
  const invite = makeInvite(world.ada, world.wid, world.now());
  const wire = dial(world.url, world.wid, LOG);
  const { nonce } = await wire.hello;
  wire.auth(
    jws(invite.key, invite.id, "bulkhead-auth+jws", {
      v: 1,
      w: world.wid,
      d: LOG,
      nonce,
      aud: world.url,
      as: "pair",
      x: invite.key.x,
    }),
  );
  expect(await wire.closed).toMatchObject({ code: 4413 });
  await control(() => come(world, key));
});
