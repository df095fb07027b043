/** What a hostile app says on a connection: documents that are not theirs, frames that nobody sends, numbers, credit, floods. */
import * as encoding from "lib0/encoding";
import { describe, expect, test } from "vitest";
import {
  CREDIT,
  CREDIT_BYTES,
  OPEN,
  SHUT,
  writeCredit,
  writeData,
  writeOpen,
  writeShut,
} from "#core/protocol/channels.ts";
import { ADMIN, laneDoc, LOG } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import {
  AUTH,
  GIVE,
  OFFER,
  PAIR_SAY,
  writeAskState,
  writeClock,
  writeNumbered,
  writeText,
  CMD,
  PAIR_OPEN,
} from "#core/protocol/wire.ts";
import { writeGiven, writeOffer } from "#core/protocol/give-back.ts";
import { connect, hadOf, step1Frame } from "../helpers/channel-client.ts";
import type { Line } from "../helpers/channel-client.ts";
import { attack } from "../helpers/hostile.ts";
import { lane, makePairKey, QUEUE, requestBody } from "../helpers/people.ts";
import { sharedWorld, startWorld } from "../helpers/sync-world.ts";
import { awarenessFrame, dialPair, yjsWrite } from "../helpers/wire-client.ts";

const shared = sharedWorld(async (world) => ({
  ben: await world.member("Ben"),
  cleo: await world.member("Cleo"),
  guest: await world.member("Gus", "guest"),
}));
const refused = (code: number) => ({ answer: "refused", code });
/** That the connection goes on, after something was refused. */
const isAlive = async (line: Line): Promise<void> => {
  const [log] = await line.open([LOG]);
  await line.until(() => log?.steps === 1);
};

describe("CN1 each channel is judged for itself", () => {
  attack("a member opens their own lane and the log, and no other's lane, queue or invites", async ({ control }) => {
    const { url, wid, ben, cleo, ada } = shared();
    const line = await connect(url, wid, ben);
    const docs = [lane(cleo), QUEUE, ADMIN, "queue:nothing", laneDoc(ben.member, 2)];
    const opened = await line.open(docs);
    expect(opened.map((each) => each.opened)).toMatchObject(docs.map(() => refused(4403)));
    for (const each of opened) line.data(each.number, step1Frame(0));
    await control(async () => {
      const [log, own] = await line.open([LOG, lane(ben)]);
      await line.until(() => log?.steps === 1 && own?.steps === 1);
    });
    for (const each of opened) expect([each.bytes, each.heads, each.shut]).toEqual([0, [], undefined]);
    await control(async () => {
      const adas = await connect(url, wid, ada);
      expect((await adas.open([QUEUE, ADMIN])).map((each) => each.opened?.answer)).toEqual(["changed", "changed"]);
    });
  });

  attack(
    "a command in the channel of another document, or of another's device, is refused as on a socket",
    async ({ control }) => {
      const world = shared();
      const { url, wid, ben, cleo, ada } = world;
      const line = await connect(url, wid, ben);
      const [log, own] = await line.open([LOG, lane(ben)]);
      const rename = world.sign(ben, LOG, "member.rename", { name: "Benjamin" });
      const theirs = world.sign(ada, LOG, "member.rename", { name: "Mallory" });
      expect(await line.cmd(own?.number ?? 0, rename)).toEqual({ ok: false, code: "wrong-doc" });
      expect(await line.cmd(log?.number ?? 0, theirs)).toEqual({ ok: false, code: "bad-signature" });
      expect(await line.cmd(log?.number ?? 0, world.sign(cleo, QUEUE, "approval.request", requestBody()))).toEqual({
        ok: false,
        code: "bad-signature",
      });
      await control(async () => expect(await line.cmd(log?.number ?? 0, rename)).toMatchObject({ ok: true }));
      await control(async () =>
        expect(
          await line.cmd(own?.number ?? 0, world.sign(ben, QUEUE, "approval.request", requestBody())),
        ).toMatchObject({
          ok: true,
          d: QUEUE,
        }),
      );
    },
  );
});

describe("CN7 frames", () => {
  const frame = (...parts: (number | string)[]): Uint8Array => {
    const encoder = encoding.createEncoder();
    for (const part of parts) {
      if (typeof part === "number") encoding.writeVarUint(encoder, part);
      else encoding.writeVarString(encoder, part);
    }
    return encoding.toUint8Array(encoder);
  };

  attack.for([
    ["a type that nobody knows", frame(200)],
    ["a document's frame without a channel", step1Frame(0)],
    ["a cut OPEN", frame(OPEN, 3, 9, "log", 1)],
    ["a document that cannot be", frame(OPEN, 1, 9, "../log", 1)],
    ["1,001 documents", writeOpen(Array.from({ length: 1_001 }, (_, i) => ({ channel: i + 9, doc: LOG, had: null })))],
    ["a cut CREDIT", frame(CREDIT, 2, 1, 1)],
    ["a SHUT without a code", frame(SHUT, 1)],
    ["data with nothing in it", writeData(1, new Uint8Array())],
    ["data with a frame that cannot be read", writeData(1, new Uint8Array([CMD, 1]))],
    ["data of a channel that never was", writeData(77, step1Frame(0))],
    ["the end of a channel that never was", writeShut(77, 1_000)],
    ["credit for a channel that never was", writeCredit([{ channel: 77, bytes: 1 }])],
    ["a second AUTH", writeText(AUTH, "a.b.c")],
    ["a frame over 128 kB", new Uint8Array(131_073)],
  ] as const)(
    "that cannot be read, or speak of what never was, end the connection: %s",
    async ([, bytes], { control }) => {
      const { url, wid, ben } = shared();
      const line = await connect(url, wid, ben);
      const [log] = await line.open([LOG]);
      await control(() => line.until(() => log?.steps === 1));
      line.raw(bytes);
      expect([1_009, 4_400]).toContain((await line.closed).code);
    },
  );

  attack.for([
    ["a Yjs update", yjsWrite(2, ["x"]), 4403],
    ["a SyncStep2", yjsWrite(1, ["x"]), 4403],
    ["AUTH", writeText(AUTH, "a.b.c"), 4400],
    ["OFFER", writeOffer(OFFER, { head: "a.b.c", nonce: "n".repeat(22) }), 4400],
    ["GIVE", writeGiven(GIVE, { from: 1, entries: ["x"] }), 4400],
    ["CLOCK", writeClock(1), 4400],
    ["words for a pairing that is none", writeText(PAIR_SAY, "abc"), 4403],
    ["a state's question outside the log", writeAskState(1), 4403],
    ["a pairing outside the log", writeText(PAIR_OPEN, "P".repeat(22)), 4403],
  ] as const)("that may not be there end their channel and nothing else: %s", async ([, inner, code], { control }) => {
    const { url, wid, ben } = shared();
    const line = await connect(url, wid, ben);
    const [own] = await line.open([lane(ben)]);
    line.data(own?.number ?? 0, inner);
    await line.until(() => own?.shut !== undefined);
    expect(own?.shut).toMatchObject({ code });
    await control(() => isAlive(line));
    // And a new channel for the same document opens.
    expect((await line.open([lane(ben)])).map((each) => each.opened?.answer)).toEqual(["changed"]);
  });

  test("awareness is ignored, and a SyncStep1 is answered once more", async () => {
    const { url, wid, ben } = shared();
    const line = await connect(url, wid, ben);
    const [log] = await line.open([LOG]);
    line.data(log?.number ?? 0, awarenessFrame());
    line.data(log?.number ?? 0, step1Frame(0));
    await line.until(() => log?.steps === 2);
    expect(log?.shut).toBeUndefined();
  });

  test("for a channel that is gone are ignored, and one that was shut hears nothing any more", async () => {
    const world = shared();
    const { url, wid, ben } = world;
    const line = await connect(url, wid, ben);
    const [own, log] = await line.open([lane(ben), LOG]);
    await line.until(() => own?.steps === 1 && log?.steps === 1);
    const before = own?.bytes;
    line.raw(writeShut(own?.number ?? 0, 1_000));
    line.data(own?.number ?? 0, step1Frame(0));
    line.data(own?.number ?? 0, yjsWrite(2, ["x"]));
    line.raw(writeCredit([{ channel: own?.number ?? 0, bytes: CREDIT_BYTES }]));
    line.raw(writeShut(own?.number ?? 0, 1_000));
    const other = await connect(url, wid, ben);
    const [theirs] = await other.open([lane(ben)]);
    expect(
      await other.cmd(theirs?.number ?? 0, world.sign(ben, QUEUE, "approval.request", requestBody())),
    ).toMatchObject({ ok: true });
    await isAliveAfter(line);
    expect([own?.bytes, own?.shut]).toEqual([before, undefined]);
  });

  /** Another round trip, on the log that is open there. */
  const isAliveAfter = async (line: Line): Promise<void> => {
    const [admin] = await line.open([ADMIN]);
    expect(admin?.opened).toMatchObject(refused(4403));
  };
});

describe("CN7 numbers of channels", () => {
  attack("only grow: one that was used, open or gone, ends the connection", async ({ control }) => {
    const { url, wid, ben } = shared();
    for (const again of [1, 2]) {
      const line = await connect(url, wid, ben);
      const [log] = await line.open([LOG, lane(ben)]);
      line.raw(writeShut(2, 1_000));
      await control(() => line.until(() => log?.steps === 1));
      line.raw(writeOpen([{ channel: again, doc: lane(ben), had: null }]));
      expect(await line.closed).toMatchObject({ code: 4400 });
    }
    const falling = await connect(url, wid, ben);
    falling.raw(writeOpen([2, 1].map((channel) => ({ channel, doc: LOG, had: null }))));
    expect(await falling.closed).toMatchObject({ code: 4400 });
  });

  attack("name a document each: one is not open twice", async ({ control }) => {
    const { url, wid, ben } = shared();
    const line = await connect(url, wid, ben);
    const opened = await line.open([LOG, LOG, lane(ben)]);
    expect(opened.map((each) => each.opened?.answer)).toEqual(["changed", "refused", "changed"]);
    expect((await line.open([LOG])).map((each) => each.opened)).toMatchObject([refused(4400)]);
    await control(() => line.until(() => opened[0]?.steps === 1 && opened[2]?.steps === 1));
  });
});

describe("CN4 one OPEN", () => {
  test("is answered by one frame: what is unchanged, what is longer and what is refused", async () => {
    const { url, wid, ben, ada } = shared();
    const first = await connect(url, wid, ada);
    const [log, admin] = await first.open([LOG, ADMIN]);
    await first.until(() => log?.steps === 1 && admin?.steps === 1);
    const have = new Map([
      [LOG, hadOf(log?.entries() ?? [])],
      [ADMIN, hadOf((admin?.entries() ?? []).slice(0, 1))],
    ]);
    const again = await connect(url, wid, ada);
    const docs = [LOG, ADMIN, QUEUE, lane(ben)];
    const opened = await again.open(docs, (doc) => have.get(doc as DocName) ?? { length: 0, head: "" });
    expect(again.order.filter((what) => what === "opened")).toHaveLength(1);
    expect(opened.map((each) => each.opened)).toEqual([
      { channel: 1, answer: "unchanged" },
      { channel: 2, answer: "changed", length: admin?.entries().length },
      { channel: 3, answer: "changed", length: expect.any(Number) },
      { channel: 4, answer: "refused", code: 4403 },
    ]);
    await again.until(() => opened[1]?.steps === 1);
    expect(opened[0]?.bytes).toBe(0);
  });

  test("with the right length and another hash, or a length above the server's, is not unchanged", async () => {
    const { url, wid, ben } = shared();
    const first = await connect(url, wid, ben);
    const [log] = await first.open([LOG]);
    await first.until(() => log?.steps === 1);
    const length = log?.entries().length ?? 0;
    for (const had of [
      { length, head: "x".repeat(43) },
      { length: length + 5, head: "x".repeat(43) },
    ]) {
      const line = await connect(url, wid, ben);
      const [forked] = await line.open([LOG], () => had as ReturnType<typeof hadOf>);
      expect(forked?.opened).toEqual({ channel: 1, answer: "changed", length });
      await line.until(() => forked?.steps === 1 && forked.heads.length === 1);
      expect(forked?.entries()).toEqual([]);
    }
  });

  attack(
    "counts by its size: who asks without end is closed, a reconnect with 1,000 documents is not",
    async ({ control }) => {
      const world = await startWorld();
      const many = (from: number) =>
        Array.from({ length: 1_000 }, (_, i) => ({
          channel: from + i,
          doc: laneDoc(world.ada.member, i + 2),
          had: hadOf(["x"]),
        }));
      const line = await connect(world.url, world.wid, world.ada);
      await control(async () => {
        line.raw(writeOpen(many(1)));
        await isAliveFrom(line, 2_000);
      });
      for (let i = 1; i < 10; i += 1) line.raw(writeOpen(many(10_000 * i)));
      expect(await line.closed).toMatchObject({ code: 4509 });
    },
  );
  const isAliveFrom = async (line: Line, channel: number): Promise<void> => {
    line.raw(writeOpen([{ channel, doc: LOG, had: null }]));
    await line.until(() => line.answered === 1_001);
  };
});

describe("CN8 limits", () => {
  attack("a connection has so many channels, and those that are shut make room", async ({ control }) => {
    const world = await startWorld();
    const { url } = await world.beside({ channelsPerConnection: 2 });
    const line = await connect(url, world.wid, world.ada);
    const opened = await line.open([LOG, ADMIN, QUEUE]);
    expect(opened.map((each) => each.opened)).toMatchObject([
      { answer: "changed" },
      { answer: "changed" },
      refused(4509),
    ]);
    line.raw(writeShut(1, 1_000));
    await control(async () =>
      expect((await line.open([QUEUE])).map((each) => each.opened?.answer)).toEqual(["changed"]),
    );
  });

  attack("a device has so many connections: the oldest goes, and nobody else's", async ({ control }) => {
    const world = await startWorld();
    const ben = await world.member("Ben");
    const { url } = await world.beside({ connectionsPerDevice: 2 });
    const bens = await connect(url, world.wid, ben);
    const [first, second] = [await connect(url, world.wid, world.ada), await connect(url, world.wid, world.ada)];
    const third = await connect(url, world.wid, world.ada);
    expect(await first.closed).toMatchObject({ code: 4509 });
    second.close();
    await second.closed;
    const fourth = await connect(url, world.wid, world.ada);
    await control(async () => {
      for (const line of [third, fourth, bens]) await isAlive(line);
    });
  });

  attack("frames in channels count like any others, and so do commands", async ({ control }) => {
    const world = await startWorld();
    const { url } = await world.beside({ framesPerSecond: 1, frameBurst: 30 });
    const line = await connect(url, world.wid, world.ada);
    const [log] = await line.open([LOG]);
    await control(() => line.until(() => log?.steps === 1));
    for (let i = 0; i < 40; i += 1) line.data(1, awarenessFrame());
    expect(await line.closed).toMatchObject({ code: 4509 });
    const slow = await world.beside({ commandsPerSecond: 1, commandBurst: 3, memberCommandBurst: 3 });
    const busy = await connect(slow.url, world.wid, world.ada);
    const opened = await busy.open([LOG, ADMIN]);
    for (let i = 0; i < 4; i += 1) busy.data(1 + (i % 2), writeNumbered(CMD, i, "a.b.c"));
    await busy.until(() => opened.some(({ shut }) => shut?.code === 4509));
  });
});

describe("pairing over a channel", () => {
  test("CN7 a pairing that ends ends neither the log's channel nor the connection", async () => {
    const { url, wid, ben } = shared();
    const line = await connect(url, wid, ben);
    const [log] = await line.open([LOG]);
    line.data(1, writeText(PAIR_OPEN, makePairKey().id));
    await line.until(() => log?.news.includes("open") === true);
    line.data(1, writeText(PAIR_OPEN, makePairKey().id));
    await line.until(() => log?.news.length === 3);
    expect(log?.news).toEqual(["open", "4407", "open"]);
    expect(log?.shut).toBeUndefined();
    await line.until(() => log?.steps === 1);
  });

  attack("CN7 ends with the log's channel, however that ends", async ({ control }) => {
    const { url, wid, ben } = shared();
    const key = makePairKey();
    const ends: ((line: Line) => void)[] = [
      (line) => line.raw(writeShut(1, 1_000)),
      (line) => line.data(1, yjsWrite(2, ["x"])),
      (line) => line.close(),
    ];
    for (const end of ends) {
      const line = await connect(url, wid, ben);
      const [log] = await line.open([LOG]);
      line.data(1, writeText(PAIR_OPEN, key.id));
      await line.until(() => log?.news.includes("open") === true);
      const guest = await dialPair(url, wid, key);
      await control(() => guest.welcome);
      end(line);
      expect(await guest.closed).toMatchObject({ code: 4407 });
    }
  });
});
