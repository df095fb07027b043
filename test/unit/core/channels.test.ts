/** Frames of a connection with channels: what was written is read, and nothing else is. */
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  AUTH2_TYP,
  auth2Payload,
  CHANNELS_MAX,
  chooseWire,
  CREDIT,
  CREDIT_BYTES,
  DATA,
  DATA_MAX,
  HEADS,
  OPEN,
  OPEN_MAX,
  OPENED,
  readConnectionFrame,
  readServerFrame,
  SHUT,
  writeCredit,
  writeData,
  writeHeads,
  writeOpen,
  writeOpened,
  writeShut,
} from "#core/protocol/channels.ts";
import type { Asked, Opened } from "#core/protocol/channels.ts";
import { AUTH_TYP, COMMAND_MAX } from "#core/protocol/command.ts";
import { AUTH, FRAME_BYTES_MAX, HELLO, WELCOME, writeClock, writeText } from "#core/protocol/wire.ts";
import { asHash, LOG, laneDoc, queueDoc } from "#core/protocol/ids.ts";
import type { Hash, MemberId, QueueId } from "#core/protocol/ids.ts";

const hash = asHash("h".repeat(43)) as Hash;
const asked: Asked[] = [
  { channel: 1, doc: LOG, had: { length: 70_000, head: hash } },
  { channel: 2, doc: queueDoc("deploys" as QueueId), had: { length: 0, head: "" } },
  { channel: 300, doc: laneDoc("m".repeat(22) as MemberId, 2), had: null },
];
const opened: Opened[] = [
  { channel: 1, answer: "unchanged" },
  { channel: 2, answer: "changed", length: 0 },
  { channel: 3, answer: "refused", code: 4403 },
];

/** Numbers as they stand, and texts where they are strings. */
const frame = (...parts: (number | string)[]): Uint8Array => {
  const encoder = encoding.createEncoder();
  for (const part of parts) {
    if (typeof part === "number") encoding.writeVarUint(encoder, part);
    else encoding.writeVarString(encoder, part);
  }
  return encoding.toUint8Array(encoder);
};

test("CN7 what a client writes is read as it was", () => {
  expect(readConnectionFrame(writeOpen(asked))).toEqual({ type: "open", asked });
  expect(readConnectionFrame(writeData(7, new Uint8Array([1, 2, 3])))).toEqual({
    type: "data",
    channel: 7,
    frame: new Uint8Array([1, 2, 3]),
  });
  expect(readConnectionFrame(writeShut(7, 1_000))).toEqual({ type: "shut", channel: 7, code: 1_000, reason: "" });
  const given = [
    { channel: 1, bytes: 1 },
    { channel: 2, bytes: CREDIT_BYTES },
  ];
  expect(readConnectionFrame(writeCredit(given))).toEqual({ type: "credit", given });
  expect(readConnectionFrame(writeText(AUTH, "a.b.c"))).toEqual({ type: "auth", jws: "a.b.c" });
  expect(readConnectionFrame(writeClock(5))).toEqual({ type: "clock", reads: 5 });
});

test("CN7 what a server writes is read as it was", () => {
  expect(readServerFrame(writeOpened(opened))).toEqual({ type: "opened", opened });
  expect(readServerFrame(writeShut(9, 4_403, "why"))).toEqual({ type: "shut", channel: 9, code: 4_403, reason: "why" });
  const heads = [{ channel: 1, head: "a.b.c" }];
  expect(readServerFrame(writeHeads(heads))).toEqual({ type: "heads", heads });
  expect(readServerFrame(writeText(HELLO, "{}"))).toEqual({ type: "hello", text: "{}" });
  expect(readServerFrame(writeText(WELCOME, "{}"))).toEqual({ type: "welcome", text: "{}" });
});

test.each([
  ["no document of ours", frame(OPEN, 1, 1, "secrets", 1)],
  ["nothing to open", frame(OPEN, 0)],
  ["channel 0", frame(OPEN, 1, 0, "log", 1)],
  ["a channel number beyond 31 bits", frame(OPEN, 1, 2 ** 31, "log", 1)],
  ["a length without its hash", frame(OPEN, 1, 1, "log", 5)],
  ["a hash that is none", frame(OPEN, 1, 1, "log", 5, "short")],
  ["a hash of nothing", frame(OPEN, 1, 1, "log", 1, "h".repeat(43))],
  ["fewer than it says", frame(OPEN, 2, 1, "log", 1)],
  ["credit of nothing", frame(CREDIT, 1, 1, 0)],
  ["more credit than there is", frame(CREDIT, 1, 1, CREDIT_BYTES + 1)],
  ["a close code that is none", frame(SHUT, 1, 5, "")],
  ["a reason without end", frame(SHUT, 1, 1_000, "x".repeat(121))],
  ["data of no channel", frame(DATA)],
  ["what only a server says: OPENED", writeOpened(opened)],
  ["what only a server says: HEADS", frame(HEADS, 1, 1, "a.b.c")],
  ["what is said in a channel alone", frame(103, 1, "a.b.c")],
  ["bytes left over", new Uint8Array([...writeShut(1, 1_000), 0])],
  ["nothing at all", new Uint8Array()],
])("CN7 a client's frame is malformed with %s", (_, bytes) => {
  expect(readConnectionFrame(bytes)).toBeNull();
});

test.each([
  ["an answer between the two and a close code", frame(OPENED, 1, 1, 999)],
  ["what only a client says", writeOpen(asked)],
  ["bytes left over", new Uint8Array([...writeHeads([{ channel: 1, head: "x" }]), 0])],
])("CN7 a server's frame is malformed with %s", (_, bytes) => {
  expect(readServerFrame(bytes)).toBeNull();
});

test("CN4 one OPEN asks for 1,000 documents and fits a frame, 1,001 are malformed", () => {
  const many = (count: number): Asked[] =>
    Array.from({ length: count }, (_, i) => ({
      channel: i + 1,
      doc: laneDoc("m".repeat(22) as MemberId, 9_999),
      had: { length: 1_000_000, head: hash },
    }));
  expect(writeOpen(many(OPEN_MAX)).byteLength).toBeLessThan(FRAME_BYTES_MAX);
  expect(readConnectionFrame(writeOpen(many(OPEN_MAX)))).toMatchObject({ type: "open" });
  expect(readConnectionFrame(writeOpen(many(OPEN_MAX + 1)))).toBeNull();
});

test("CN8 the largest numbers are as they were decided, and a page or one entry fits a frame", () => {
  expect([OPEN_MAX, CHANNELS_MAX, CREDIT_BYTES]).toEqual([1_000, 2_000, 262_144]);
  expect(DATA_MAX).toBeGreaterThan(COMMAND_MAX + 2_048);
});

test("CN7 no bytes whatever make the readers throw", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 64 }),
      fc.constantFrom(OPEN, DATA, SHUT, CREDIT, OPENED, HEADS),
      (rest, type) => {
        const bytes = new Uint8Array([type, ...rest]);
        const read = [readConnectionFrame(bytes), readServerFrame(bytes)];
        for (const one of read) expect(one === null || typeof one.type === "string").toBe(true);
      },
    ),
  );
});

test("LV13 the highest common version is chosen, and each is told apart who is too old", () => {
  expect(chooseWire({ from: 1, to: 3 }, { from: 2, to: 5 })).toBe(3);
  expect(chooseWire({ from: 1, to: 5 }, { from: 2, to: 3 })).toBe(3);
  expect(chooseWire({ from: 1, to: 1 }, { from: 2, to: 3 })).toBe("we-are-too-old");
  expect(chooseWire({ from: 4, to: 5 }, { from: 2, to: 3 })).toBe("they-are-too-old");
});

test("CN7 a document's frame travels in DATA as it is", () => {
  const inner = frame(103, 1, "a.b.c");
  const outer = writeData(2, inner);
  const decoder = decoding.createDecoder(outer);
  expect([decoding.readVarUint(decoder), decoding.readVarUint(decoder)]).toEqual([DATA, 2]);
  expect(decoding.readTailAsUint8Array(decoder)).toEqual(inner);
});

test("CN1 what a connection signs names no document, and the purpose is another than a document socket's", () => {
  const payload = {
    v: 1,
    w: "w".repeat(22),
    nonce: "n".repeat(32),
    aud: "https://sync.example",
    x: "x".repeat(43),
    wire: 1,
    heard: [1, 1],
  };
  expect(auth2Payload(payload)).toEqual(payload);
  expect(auth2Payload({ ...payload, d: "log" })).toBeUndefined();
  expect(auth2Payload({ ...payload, heard: [1] })).toBeUndefined();
  expect(AUTH2_TYP).not.toBe(AUTH_TYP);
});
