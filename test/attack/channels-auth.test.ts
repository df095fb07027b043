/** Who opens a connection: answers that were made for something else, and devices that are none. */
import { describe, expect, test } from "vitest";
import { writeClock, writeText, AUTH, WIRE_RANGE } from "#core/protocol/wire.ts";
import { LOG } from "#core/protocol/ids.ts";
import { writeCredit, writeData, writeOpen, writeShut } from "#core/protocol/channels.ts";
import { connect, connectAs, dialConnection, hadOf, headOf } from "../helpers/channel-client.ts";
import { attack } from "../helpers/hostile.ts";
import { crypto } from "../helpers/node-crypto.ts";
import { deviceBody, genesisOf, makeDevice, makePerson, QUEUE, signAuth, signAuth2 } from "../helpers/people.ts";
import type { Person } from "../helpers/people.ts";
import { foundAt, sharedWorld, startWorld } from "../helpers/sync-world.ts";
import { dial, open } from "../helpers/wire-client.ts";

const shared = sharedWorld(async (world) => ({ ben: await world.member("Ben"), cleo: await world.member("Cleo") }));
/** Answers HELLO of a connection with what `make` makes of the nonce. */
const answers = async (url: string, wid: string, make: (nonce: string) => string) => {
  const line = dialConnection(url, wid);
  line.raw(writeText(AUTH, make((await line.hello).nonce)));
  return line;
};

test("LV13 HELLO says the range of versions, on a connection and on a document alike", async () => {
  const { url, wid } = shared();
  expect(await dialConnection(url, wid).hello).toMatchObject({ from: WIRE_RANGE.from, to: WIRE_RANGE.to });
  expect(await dial(url, wid, LOG).hello).toMatchObject({ from: WIRE_RANGE.from, to: WIRE_RANGE.to });
});

describe("CN1 an answer", () => {
  attack("of a document is refused on a connection, and the other way round", async ({ control }) => {
    const { url, wid, ben } = shared();
    const old = await answers(url, wid, (nonce) => signAuth(ben, "device", { w: wid, d: LOG, nonce, aud: url }));
    expect(await old.closed).toMatchObject({ code: 4412 });
    const wire = dial(url, wid, LOG);
    const { nonce } = await wire.hello;
    wire.auth(signAuth2(ben, { w: wid, nonce, aud: url }));
    expect(await wire.closed).toMatchObject({ code: 4412 });
    // The right shape under the other purpose is refused as well.
    const disguised = await answers(url, wid, (asked) =>
      signAuth2(ben, { w: wid, nonce: asked, aud: url, d: LOG, as: "device" }),
    );
    expect(await disguised.closed).toMatchObject({ code: 4400 });
    await control(() => connect(url, wid, ben));
    await control(() => open(url, wid, LOG, ben));
  });

  attack("is good for one question, one workspace and one server", async ({ control }) => {
    const { url, wid, ben } = shared();
    const other = await foundAt(url);
    const elsewhere = await startWorld();
    const first = dialConnection(url, wid);
    const { nonce } = await first.hello;
    const jws = signAuth2(ben, { w: wid, nonce, aud: url });
    expect(await (await answers(url, wid, () => jws)).closed).toMatchObject({ code: 4411 });
    expect(await (await answers(url, other.wid, () => jws)).closed).toMatchObject({ code: 4412 });
    expect(
      await (
        await answers(url, other.wid, (asked) => signAuth2(ben, { w: wid, nonce: asked, aud: url }))
      ).closed,
    ).toMatchObject({ code: 4412 });
    // A relay passes on the question of another server.
    expect(
      await (
        await answers(elsewhere.url, elsewhere.wid, (asked) =>
          signAuth2(elsewhere.ada, { w: elsewhere.wid, nonce: asked, aud: "https://relay.example" }),
        )
      ).closed,
    ).toMatchObject({ code: 4410 });
    await control(async () => {
      first.raw(writeText(AUTH, jws));
      await first.welcome;
    });
    first.raw(writeText(AUTH, jws));
    expect(await first.closed).toMatchObject({ code: 4400 });
  });

  attack("of somebody else's device, of none, or by another key opens nothing", async ({ control }) => {
    const { url, wid, ben, cleo } = shared();
    const stranger = makePerson("Mallory");
    const forged: Person = { ...ben, key: stranger.key };
    const borrowed = (asked: string) =>
      signAuth2({ ...ben, key: { ...stranger.key, x: ben.key.x } } as Person, { w: wid, nonce: asked, aud: url });
    expect(await (await connectAs(url, wid, stranger)).closed).toMatchObject({ code: 4414 });
    expect(await (await connectAs(url, wid, forged)).closed).toMatchObject({ code: 4413 });
    expect(await (await answers(url, wid, borrowed)).closed).toMatchObject({ code: 4413 });
    expect(await (await connectAs(url, genesisOf(stranger).wid, stranger)).closed).toMatchObject({ code: 4404 });
    const jws = (asked: string) => signAuth2(ben, { w: wid, nonce: asked, aud: url });
    const tampered = (asked: string) => {
      const [header, , signature] = jws(asked).split(".");
      const body = { v: 1, w: wid, nonce: asked, aud: url, x: cleo.key.x, wire: 1, heard: [1, 1] };
      return [header, crypto.encode(JSON.stringify(body)), signature].join(".");
    };
    expect(await (await answers(url, wid, tampered)).closed).toMatchObject({ code: 4413 });
    await control(() => connect(url, wid, ben));
  });

  attack(
    "to a range that somebody narrowed on the way, or with a version that is not in it, is refused",
    async ({ control }) => {
      const { url, wid, ben } = shared();
      expect(await (await connectAs(url, wid, ben, { heard: [1, 7] })).closed).toMatchObject({ code: 4411 });
      expect(await (await connectAs(url, wid, ben, { heard: [2, 1] })).closed).toMatchObject({ code: 4411 });
      expect(await (await connectAs(url, wid, ben, { wire: WIRE_RANGE.to + 1 })).closed).toMatchObject({ code: 4427 });
      expect(await (await connectAs(url, wid, ben, { wire: 0 })).closed).toMatchObject({ code: 4400 });
      expect(await (await connectAs(url, wid, ben, { v: 2 })).closed).toMatchObject({ code: 4426 });
      await control(() => connect(url, wid, ben));
    },
  );

  attack("comes before anything else, and nothing is opened, said or told without it", async ({ control }) => {
    const { url, wid, ben } = shared();
    const log = [{ channel: 1, doc: LOG, had: null }];
    const early = [
      writeOpen(log),
      writeData(1, new Uint8Array([0])),
      writeShut(1, 1_000),
      writeCredit([{ channel: 1, bytes: 1 }]),
      writeClock(1),
    ];
    for (const frame of early) {
      const line = dialConnection(url, wid);
      await line.hello;
      line.raw(frame);
      expect(await line.closed).toMatchObject({ code: 4401 });
      expect(line.order).toEqual(["hello"]);
    }
    // One question may follow it at once; a second one before it is judged may not.
    const two = dialConnection(url, wid);
    const { nonce } = await two.hello;
    two.raw(writeText(AUTH, signAuth2(ben, { w: wid, nonce, aud: url })));
    for (const channel of [1, 2]) two.raw(writeOpen([{ channel, doc: LOG, had: null }]));
    expect(await two.closed).toMatchObject({ code: 4509 });
    await control(async () => {
      const line = await connectAs(url, wid, ben);
      const [heard] = line.ask([LOG]);
      await line.until(() => (heard?.entries().length ?? 0) > 0);
    });
  });
});

describe("[SV17] a device that was closed", () => {
  attack(
    "gets over the log's channel what it was meant to read, up to the entry that closed it, and nothing of anything else",
    async ({ control }) => {
      const world = await startWorld();
      const ben = await world.member("Ben");
      const before = await connect(world.url, world.wid, ben);
      const [own] = await before.open([LOG]);
      await before.until(() => own?.steps === 1);
      await world.send(world.log, world.ada, LOG, "member.remove", { member: ben.member });
      expect(await before.closed).toMatchObject({ code: 4416 });
      // It never saw the entry that ended it.
      const had = own?.entries() ?? [];
      const end = world.log.entries().length;
      await world.send(world.log, world.ada, LOG, "member.rename", { name: "Ada L." });
      const line = await connectAs(world.url, world.wid, ben);
      const [again, queue] = line.ask([LOG, QUEUE], (doc) => (doc === LOG ? hadOf(had) : null));
      expect(await line.closed).toMatchObject({ code: 4416 });
      expect(again?.steps).toBe(0);
      expect(again?.bytes).toBeGreaterThan(0);
      expect(had.length).toBe(end - 1);
      expect(line.order.filter((what) => !what.startsWith("1:"))).toEqual(["hello"]);
      expect([queue?.bytes, queue?.opened, again?.heads]).toEqual([0, undefined, []]);
      await control(() => connect(world.url, world.wid, world.ada));
    },
  );

  test("that asks for nothing is told why all the same", async () => {
    const world = await startWorld({ limits: { leaveWithinMs: 20 } });
    const ben = await world.member("Ben");
    const second = makeDevice(ben);
    const line = await connect(world.url, world.wid, ben);
    const [log] = await line.open([LOG]);
    await line.cmd(log?.number ?? 0, world.sign(ben, LOG, "device.add", deviceBody(world.wid, second)));
    await world.send(world.log, world.ada, LOG, "device.revoke", { device: second.device });
    expect(await (await connectAs(world.url, world.wid, second)).closed).toMatchObject({ code: 4415 });
  });
});

test("CN5 the log's head follows when it opens, dated now, and says what the log holds", async () => {
  const { url, wid, ben } = shared();
  const line = await connect(url, wid, ben);
  const [log] = await line.open([LOG]);
  await line.until(() => log?.heads.length === 1);
  const entries = log?.entries() ?? [];
  expect(headOf(log?.heads[0] ?? "")).toMatchObject({ d: LOG, s: entries.length, h: hadOf(entries).head });
  const again = await connect(url, wid, ben);
  const [same] = await again.open([LOG], () => hadOf(entries));
  expect(same?.opened).toEqual({ channel: 1, answer: "unchanged" });
  await again.until(() => same?.heads.length === 1);
  expect(headOf(same?.heads[0] ?? "")).toMatchObject({ s: entries.length });
  expect(same?.bytes).toBe(0);
});
