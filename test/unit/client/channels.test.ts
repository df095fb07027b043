/** One connection with channels against servers that do as they like: nothing of it reaches the process or the verified copy. */
import type { Socket } from "node:net";
import * as encoding from "lib0/encoding";
import { writeSyncStep1 } from "y-protocols/sync";
import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { CREDIT_BYTES, DATA_MAX, writeData, writeHeads, writeOpened, writeShut } from "#core/protocol/channels.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import { ACK, CLOSE, HEAD, HELLO, SYNC, WELCOME, writeNumbered, writeText } from "#core/protocol/wire.ts";
import { closeFacts } from "#client/link/link-facts.ts";
import { why } from "#core/facts/why.ts";
import { channelLair, HASH, helloText, sync } from "../../helpers/channel-lair.ts";
import type { ChannelLair } from "../../helpers/channel-lair.ts";
import { worded } from "../../helpers/worded.ts";

const LANE = `lane:${"m".repeat(22)}` as DocName;
const QUEUE = "queue:q" as DocName;
const manyDocs = (count: number): DocName[] => [
  LOG,
  ...Array.from({ length: count - 1 }, (_, index) => `queue:q${index}` as DocName),
];
/** A lair whose log is open. */
const opened = async (...options: Parameters<typeof channelLair>): Promise<ChannelLair> => {
  const lair = await channelLair(...options);
  await expect.poll(() => lair.wanted.every((doc) => lair.channels.open(doc))).toBe(true);
  return lair;
};
const framesOf = <T extends string>(lair: ChannelLair, type: T) => lair.frames.filter((frame) => frame.type === type);

describe("one connection", () => {
  test("[CN1] [CN4] asks for all documents with one signature and one frame, with what is here of each", async () => {
    const docs = manyDocs(500);
    const lair = await opened({ wanted: docs });
    expect(lair.connections()).toBe(1);
    await expect.poll(() => lair.frames.map(({ type }) => type)).toEqual(["auth", "open", "clock"]);
    expect(lair.frames[0]).toMatchObject({ jws: `answer to ${"n".repeat(32)} in 1 of 1-1` });
    expect(lair.frames[1]).toMatchObject({
      asked: docs.map((doc, index) => ({ channel: index + 1, doc, had: { length: 2, head: HASH } })),
    });
    expect(lair.heard).toEqual(docs.map((doc) => `welcome ${doc} 2 true`));
  });

  test("[CN4] asks for what is beyond a thousand once it is let in", async () => {
    const docs = manyDocs(1_200);
    const lair = await opened({ wanted: docs });
    expect(lair.frames.map((frame) => (frame.type === "open" ? frame.asked.length : frame.type))).toEqual([
      "auth",
      1_000,
      "clock",
      200,
    ]);
  });

  test("hears what follows in a document that did not change, without asking for it", async () => {
    const lair = await opened();
    lair.tell(
      LOG,
      lair.update(LOG, (array) => array.push(["three", "four"])),
    );
    lair.say(lair.head(LOG, "a.b.c"));
    await expect.poll(() => lair.heard.slice(1)).toEqual(["log entry three", "log entry four", "head log a.b.c"]);
    expect(framesOf(lair, "data")).toEqual([]);
  });

  test("hears what a changed document has, which it asked for with the channel", async () => {
    const lair = await opened({ opens: ({ channel }) => ({ channel, answer: "changed", length: 3 }) });
    lair.tell(
      LOG,
      lair.update(LOG, (array) => array.push(["three"]), true),
    );
    await expect.poll(() => lair.heard).toEqual(["welcome log 3 false", "log entry three"]);
    expect(framesOf(lair, "data")).toEqual([]);
  });

  test("asks for each document but the log without saying what is here where a signed head of each is wanted", async () => {
    const lair = await channelLair({ wanted: [], opens: ({ channel }) => ({ channel, answer: "changed", length: 2 }) });
    lair.asksAll = true;
    lair.wanted = [LOG, LANE];
    lair.channels.reconcile();
    await expect.poll(() => framesOf(lair, "data").length).toBe(1);
    expect([lair.asked(LOG).had, lair.asked(LANE).had]).toEqual([{ length: 2, head: HASH }, null]);
    const [frame] = framesOf(lair, "data");
    if (frame?.type !== "data") throw new Error("no SyncStep1");
    expect([frame.channel, frame.frame[0], frame.frame[1]]).toEqual([lair.asked(LANE).channel, SYNC, 0]);
    expect([...Y.decodeStateVector(frame.frame.slice(3))]).toEqual([[1, 2]]);
  });

  test("closes what is not wanted any more, opens what is wanted again under another number, and hangs up with the last", async () => {
    const lair = await opened({ wanted: [LOG, LANE] });
    lair.wanted = [LOG];
    lair.channels.reconcile();
    await expect.poll(() => framesOf(lair, "shut")).toMatchObject([{ channel: 2 }]);
    expect(lair.channels.open(LANE)).toBe(false);
    // What was on its way is for nobody.
    lair.say(
      writeData(
        2,
        sync((encoder) => encoding.writeVarUint(encoder, 2)),
      ),
    );
    lair.say(writeShut(2, 4403));
    lair.say(writeHeads([{ channel: 2, head: "no head" }]));
    lair.wanted = [LOG, LANE];
    lair.channels.reconcile();
    await expect.poll(() => lair.channels.open(LANE)).toBe(true);
    expect(lair.asked(LANE).channel).toBe(3);
    expect([lair.connections(), lair.heard]).toEqual([
      1,
      ["welcome log 2 true", `welcome ${LANE} 2 true`, `closed ${LANE}`, `welcome ${LANE} 2 true`],
    ]);
    const gone = new Promise((resolve) => void lair.peer().once("close", resolve));
    lair.wanted = [];
    lair.channels.reconcile();
    await gone;
    lair.pass(60_000);
    expect(lair.connections()).toBe(1);
  });

  test("[CN6] dials again after a lost connection, and no channel does by itself", async () => {
    const lair = await opened({ wanted: [LOG, LANE] });
    lair.tell(
      LOG,
      lair.update(LOG, (array) => array.push(["three"])),
    );
    await expect.poll(() => lair.heard).toContain("log entry three");
    lair.peer().terminate();
    await expect.poll(() => lair.heard.slice(3)).toEqual(["closed log", `closed ${LANE}`, "down "]);
    expect([lair.channels.open(LOG), lair.connections()]).toEqual([false, 1]);
    lair.pass(200);
    await expect.poll(() => lair.connections()).toBe(2);
    await expect.poll(() => lair.channels.open(LANE)).toBe(true);
    expect(lair.asked(LANE).channel).toBe(2);
  });

  test("[CN6] waits twice as long after each attempt, up to five seconds, and little again once it works", async () => {
    const lair = await channelLair({ hello: null });
    const waits: number[] = [];
    for (let dialled = 1; dialled <= 7; dialled += 1) {
      await expect.poll(() => lair.connections()).toBe(dialled);
      lair.peer().terminate();
      await expect.poll(() => lair.heard.length).toBe(dialled);
      let waited = 0;
      const before = lair.connections();
      for (; waited < 10_000 && lair.connections() === before; waited += 100) {
        lair.pass(100);
        await new Promise((resolve) => void setImmediate(resolve));
        if (waited % 200 === 0) await expect.poll(() => true).toBe(true);
      }
      waits.push(waited);
    }
    expect(waits[0]).toBeLessThan(1_000);
    expect(waits.every((wait) => wait <= 5_500)).toBe(true);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(5_000);
  });

  test("[CN5] ends a connection on which nothing was heard for half a minute, and dials again", async () => {
    const lair = await opened();
    lair.pass(25_000);
    lair.say(lair.head(LOG, "a.b.c"));
    await expect.poll(() => lair.heard).toContain("head log a.b.c");
    lair.pass(25_000);
    expect(lair.channels.open(LOG)).toBe(true);
    lair.pass(15_000);
    expect(lair.heard.slice(-2)).toEqual(["closed log", "down silent"]);
    lair.pass(1_000);
    await expect.poll(() => lair.connections()).toBe(2);
  });

  test("tries again with the next connection where the shell did not sign", async () => {
    let signs = false;
    const lair = await channelLair({
      auth: async () => {
        if (!signs) throw new Error("locked");
        return "signed";
      },
    });
    await expect.poll(() => lair.heard).toEqual(["down "]);
    signs = true;
    lair.pass(200);
    await expect.poll(() => lair.channels.open(LOG)).toBe(true);
  });

  test.each([4401, 4414, 4415, 4416, 4426, 4427])(
    "takes close code %i as the last word until it is forgiven",
    async (code) => {
      const lair = await opened({ wanted: [LOG, LANE] });
      lair.peer().close(code, "no");
      await expect.poll(() => lair.heard.slice(2)).toEqual(["closed log", `closed ${LANE}`, `turned away ${code}`]);
      lair.pass(600_000);
      lair.channels.reconcile();
      expect([await lair.channels.send(LOG, "x"), lair.connections()]).toEqual([null, 1]);
      lair.channels.forgive();
      lair.channels.reconcile();
      await expect.poll(() => lair.channels.open(LANE)).toBe(true);
    },
  );

  test("[LV13] a server that speaks only newer versions is not answered, and told apart from one that is too old", async () => {
    const lair = await channelLair({ hello: helloText({ from: 9, to: 12 }) });
    await expect.poll(() => lair.heard).toContain(`turned away ${CLOSE.protocolTooOld}`);
    expect(lair.frames).toEqual([]);
    expect([why("app-too-old"), ...closeFacts(CLOSE.serverTooOld, "https://sync.example.org")]).toEqual([
      worded(/newer versions .* Update Bulkhead/),
      worded(/server is older .* Ask the person who runs the server/),
    ]);
  });

  test("sends with its answer what the log's channel of a closed device is told by, before any WELCOME", async () => {
    const lair = await channelLair({ welcomes: false });
    await expect.poll(() => lair.frames.map(({ type }) => type)).toEqual(["auth", "open"]);
    lair.tell(
      LOG,
      lair.update(LOG, (array) => array.push(["the end"])),
    );
    lair.peer().close(4416, "removed");
    await expect.poll(() => lair.heard).toEqual(["log entry the end", "closed log", "turned away 4416"]);
  });
});

describe("a channel", () => {
  test.each([4400, 4403, 4404])(
    "closed with %i stays closed until the log moves, and the others go on",
    async (code) => {
      const lair = await opened({ wanted: [LOG, QUEUE] });
      lair.say(writeShut(lair.asked(QUEUE).channel, code, "not yours"));
      await expect.poll(() => lair.heard.slice(2)).toEqual(["closed queue:q", `refused queue:q ${code}`]);
      lair.channels.reconcile();
      expect([lair.channels.open(LOG), lair.channels.open(QUEUE)]).toEqual([true, false]);
      lair.position += 1;
      lair.channels.reconcile();
      await expect.poll(() => lair.channels.open(QUEUE)).toBe(true);
      expect([lair.asked(QUEUE).channel, lair.connections()]).toEqual([3, 1]);
    },
  );

  test("that does not open is closed with the code, and the others open", async () => {
    const lair = await channelLair({
      wanted: [LOG, QUEUE],
      opens: ({ channel, doc }) =>
        doc === QUEUE ? { channel, answer: "refused", code: 4403 } : { channel, answer: "unchanged" },
    });
    await expect.poll(() => lair.heard).toEqual(["welcome log 2 true", "closed queue:q", "refused queue:q 4403"]);
  });

  test("closed for the moment is asked for again by itself, under another number", async () => {
    const lair = await opened({ wanted: [LOG, QUEUE] });
    lair.say(writeShut(lair.asked(QUEUE).channel, 4503, "the store"));
    await expect.poll(() => lair.heard).toContain("closed queue:q");
    lair.channels.reconcile();
    expect(lair.channels.open(QUEUE)).toBe(false);
    lair.pass(200);
    await expect.poll(() => lair.channels.open(QUEUE)).toBe(true);
    expect([lair.asked(QUEUE).channel, lair.connections()]).toEqual([3, 1]);
  });

  test.each([
    ["a removed entry", "deletion", (array: Y.Array<unknown>) => array.delete(0)],
    ["the removal of all it had", "deletion", (array: Y.Array<unknown>) => array.delete(0, 2)],
    ["an entry before the head", "insert-before-head", (array: Y.Array<unknown>) => array.insert(1, ["between"])],
    ["an entry before the first", "insert-before-head", (array: Y.Array<unknown>) => array.insert(0, ["zero"])],
    ["an entry that is no text", "not-text", (array: Y.Array<unknown>) => array.push([{ text: 1 }])],
  ])("reports %s and nothing after it", async (_name, code, change) => {
    const lair = await opened({ wanted: [LOG, QUEUE] });
    lair.tell(QUEUE, lair.update(QUEUE, change));
    await expect.poll(() => lair.heard).toContain(`queue:q ${code}`);
    lair.tell(
      QUEUE,
      lair.update(QUEUE, (array) => array.push(["after"])),
    );
    lair.say(lair.head(QUEUE, "later"));
    await expect.poll(() => lair.heard.slice(2)).toEqual([`queue:q ${code}`, "head queue:q later"]);
  });

  test("answers each command with its own acknowledgement, and null when the channel or the connection ends first", async () => {
    const lair = await opened({ wanted: [LOG, LANE] });
    const first = lair.channels.send(LANE, "first");
    const second = lair.channels.send(LANE, "second");
    const third = lair.channels.send(LANE, "third");
    const log = lair.channels.send(LOG, "to the log");
    await expect.poll(() => framesOf(lair, "data").length).toBe(4);
    // The own clock is read before each, and once at the start.
    expect(framesOf(lair, "clock").length).toBe(5);
    lair.tell(LANE, writeNumbered(ACK, 2, '{"ok":false,"code":"stale"}'));
    lair.tell(LANE, writeNumbered(ACK, 1, JSON.stringify({ ok: true, d: LANE, s: 3, id: "i".repeat(43), dup: false })));
    expect([await first, await second]).toEqual([
      { ok: true, d: LANE, s: 3, id: "i".repeat(43), dup: false },
      { ok: false, code: "stale" },
    ]);
    lair.say(writeShut(lair.asked(LANE).channel, 4403));
    expect(await third).toBeNull();
    lair.peer().terminate();
    expect(await log).toBeNull();
  });
});

describe("[CN3] credit", () => {
  /** An entry of so many bytes. */
  const entry = (bytes: number): string => "x".repeat(bytes);
  const credits = (lair: ChannelLair): number =>
    lair.frames.reduce(
      (sum, frame) => sum + (frame.type === "credit" ? frame.given.reduce((all, { bytes }) => all + bytes, 0) : 0),
      0,
    );

  test("is given back when entries are folded, not when they come", async () => {
    const lair = await opened({ wanted: [LOG, QUEUE] });
    for (let i = 0; i < 3; i += 1)
      lair.tell(
        QUEUE,
        lair.update(QUEUE, (array) => array.push([entry(60_000)])),
      );
    await expect.poll(() => lair.heard.filter((line) => line.startsWith("queue:q entry")).length).toBe(3);
    lair.channels.folded(QUEUE);
    lair.say(lair.head(LOG, "between"));
    await expect.poll(() => lair.heard).toContain("head log between");
    expect(credits(lair)).toBe(0);
    lair.folded.set(QUEUE, 5);
    lair.channels.folded(QUEUE);
    await expect.poll(() => credits(lair)).toBeGreaterThan(180_000);
    expect(credits(lair)).toBeLessThan(181_000);
  });

  test("is not taken by what is done at once", async () => {
    const lair = await opened();
    lair.folded.set(LOG, 1_000);
    for (let i = 0; i < 20; i += 1)
      lair.tell(
        LOG,
        lair.update(LOG, (array) => array.push([entry(60_000)])),
      );
    await expect.poll(() => lair.heard.filter((line) => line.startsWith("log entry")).length).toBe(20);
    await expect.poll(() => credits(lair)).toBeGreaterThan(1_000_000);
    expect(lair.connections()).toBe(1);
  });

  test("taken beyond what was given ends the connection, so what is parked is bounded", async () => {
    const lair = await opened({ wanted: [LOG, QUEUE] });
    const most = Math.ceil((CREDIT_BYTES + DATA_MAX) / 60_000) + 1;
    for (let i = 0; i < most; i += 1)
      lair.tell(
        QUEUE,
        lair.update(QUEUE, (array) => array.push([entry(60_000)])),
      );
    await expect.poll(() => lair.heard.at(-1)).toBe("down over what was sent");
  });
});

describe("[CN7] a frame that cannot be there ends the connection, over what was sent, and it is dialled again", () => {
  const log = (lair: ChannelLair): number => lair.asked(LOG).channel;
  test.each<[string, (lair: ChannelLair) => Uint8Array | string]>([
    ["nothing", () => new Uint8Array(0)],
    ["text", () => "hello"],
    ["a type of no kind", () => new Uint8Array([77, 1])],
    ["a cut OPENED", () => new Uint8Array([121, 5, 1])],
    ["a second HELLO", () => writeText(HELLO, helloText())],
    ["a second WELCOME", () => writeText(WELCOME, "{}")],
    ["a HEAD outside HEADS", () => writeText(HEAD, "a.b.c")],
    ["OPENED of a channel that nobody asked for", () => writeOpened([{ channel: 99, answer: "unchanged" }])],
    ["OPENED again", (lair) => writeOpened([{ channel: log(lair), answer: "unchanged" }])],
    ["DATA for a channel that nobody asked for", () => writeData(99, new Uint8Array([SYNC, 2, 1, 0]))],
    ["DATA of nothing", (lair) => writeData(log(lair), new Uint8Array(0))],
    ["DATA of no kind", (lair) => writeData(log(lair), new Uint8Array([77, 1]))],
    ["DATA with a HEAD", (lair) => writeData(log(lair), writeText(HEAD, "a.b.c"))],
    ["DATA with a WELCOME", (lair) => writeData(log(lair), writeText(WELCOME, '{"s":9}'))],
    [
      "a question for the whole copy",
      (lair) =>
        writeData(
          log(lair),
          sync((to) => writeSyncStep1(to, new Y.Doc())),
        ),
    ],
    ["a sync step of no kind", (lair) => writeData(log(lair), new Uint8Array([SYNC, 9]))],
    ["an update cut off", (lair) => writeData(log(lair), new Uint8Array([SYNC, 2, 9, 1]))],
    ["an update of garbage", (lair) => writeData(log(lair), new Uint8Array([SYNC, 2, 3, 255, 255, 255]))],
    // Yjs would keep both for ever, and no credit counts them.
    [
      "an update of something beside the entries",
      (lair) =>
        writeData(
          log(lair),
          lair.update(LOG, (_entries, of) => of.getMap("beside").set("much", "x".repeat(1_000))),
        ),
    ],
    [
      "an update that follows entries that never came",
      (lair) => {
        lair.update(LOG, (array) => array.push(["three"]));
        return writeData(
          log(lair),
          lair.update(LOG, (array) => array.push(["four"])),
        );
      },
    ],
    ["an answer of no shape", (lair) => writeData(log(lair), writeNumbered(ACK, 1, '{"ok":"maybe"}'))],
    ["an answer to nothing", (lair) => writeData(log(lair), writeNumbered(ACK, 7, '{"ok":false,"code":"stale"}'))],
    ["SHUT of a channel that nobody asked for", () => writeShut(99, 4403)],
    ["SHUT with no close code", (lair) => new Uint8Array([123, log(lair), 7, 0])],
    ["HEADS for a channel that nobody asked for", () => writeHeads([{ channel: 99, head: "a.b.c" }])],
    ["HEADS with what is no head", (lair) => writeHeads([{ channel: log(lair), head: "no head" }])],
    ["HEADS of nothing", () => new Uint8Array([125, 0])],
  ])("%s", async (_name, make) => {
    const lair = await opened();
    lair.say(make(lair));
    await expect.poll(() => lair.heard.slice(1)).toEqual(["closed log", "down over what was sent"]);
    lair.pass(200);
    await expect.poll(() => lair.channels.open(LOG)).toBe(true);
    expect(lair.connections()).toBe(2);
  });

  test.each<[string, string]>([
    ["a greeting of no shape", "{}"],
    ["a greeting that is no JSON", "hello"],
    ["a range that ends before it begins", helloText({ from: 3, to: 1 })],
    ["a greeting without a question", helloText({ nonce: undefined })],
  ])("%s, which is not answered", async (_name, hello) => {
    const lair = await channelLair({ hello });
    await expect.poll(() => lair.heard).toEqual(["down over what was sent"]);
    expect(lair.frames).toEqual([]);
  });

  test.each<[string, (lair: ChannelLair) => Uint8Array]>([
    ["OPENED", (lair) => writeOpened([{ channel: lair.asked(LOG).channel, answer: "unchanged" }])],
    ["HEADS", (lair) => lair.head(LOG, "a.b.c")],
    ["SHUT", (lair) => writeShut(lair.asked(LOG).channel, 4403)],
    [
      "an answer to nothing",
      (lair) => writeData(lair.asked(LOG).channel, writeNumbered(ACK, 1, '{"ok":false,"code":"x"}')),
    ],
  ])("%s before WELCOME", async (_name, make) => {
    const lair = await channelLair({ welcomes: false });
    await expect.poll(() => lair.frames.length).toBe(2);
    lair.say(make(lair));
    await expect.poll(() => lair.heard).toEqual(["closed log", "down over what was sent"]);
  });

  test.each<[string, Uint8Array]>([
    ["unchanged, of what the server was not told", writeOpened([{ channel: 2, answer: "unchanged" }])],
    ["a head before the channel is open", writeHeads([{ channel: 2, head: "a.b.c" }])],
  ])("%s", async (_name, frame) => {
    const lair = await channelLair({
      wanted: [],
      opens: ({ channel, doc }) => (doc === LOG ? { channel, answer: "unchanged" } : null),
    });
    lair.asksAll = true;
    lair.wanted = [LOG, LANE];
    lair.channels.reconcile();
    await expect.poll(() => lair.channels.open(LOG)).toBe(true);
    lair.say(frame);
    await expect.poll(() => lair.heard).toContain("down over what was sent");
  });

  test.each([
    // A header alone: nobody waits for 2 MiB to come before refusing them.
    ["a frame that is larger than what is read", Buffer.from([0x82, 127, 0, 0, 0, 0, 0, 32, 0, 1])],
    ["a frame of no kind", Buffer.from([0x83, 0])],
  ])("%s: at once, and nothing that came in the same breath is kept", async (_name, bytes) => {
    const lair = await opened();
    const { _socket: wire } = lair.peer() as unknown as { _socket: Socket };
    wire.write(bytes);
    lair.say(lair.head(LOG, "in the same breath"));
    await expect.poll(() => lair.heard.slice(1)).toEqual(["closed log", "down over what was sent"]);
  });
});
