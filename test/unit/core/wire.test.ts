import * as encoding from "lib0/encoding";
import { expect, test } from "vitest";
import {
  ACK,
  AUTH,
  CLOCK,
  CMD,
  PAIR_NEWS,
  PAIR_OPEN,
  PAIR_SAY,
  PAIR_SAY_MAX,
  readClientFrame,
  writeClock,
  writeNumbered,
  writeText,
} from "#core/protocol/wire.ts";
import { awarenessFrame, stateVector, yjsWrite } from "../../helpers/wire-client.ts";

const frame = (...numbers: number[]) => {
  const encoder = encoding.createEncoder();
  for (const number of numbers) encoding.writeVarUint(encoder, number);
  return encoding.toUint8Array(encoder);
};
const step1 = (vector: Uint8Array) => {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, 0);
  encoding.writeVarUint(encoder, 0);
  encoding.writeVarUint8Array(encoder, vector);
  return encoding.toUint8Array(encoder);
};

test("[WI1] the frames of an honest client are read", () => {
  expect(readClientFrame(step1(stateVector(7)))).toEqual({ type: "step1", stateVector: stateVector(7) });
  expect(readClientFrame(writeText(AUTH, "a.b.c"))).toEqual({ type: "auth", jws: "a.b.c" });
  expect(readClientFrame(writeNumbered(CMD, 300, "a.b.c"))).toEqual({ type: "cmd", id: 300, jws: "a.b.c" });
  expect(readClientFrame(writeClock(1_800_000_000_000.5))).toEqual({ type: "clock", reads: 1_800_000_000_000 });
  expect(readClientFrame(writeClock(-1))).toEqual({ type: "clock", reads: 0 });
  expect(readClientFrame(awarenessFrame())).toEqual({ type: "awareness" });
  expect(readClientFrame(writeText(PAIR_OPEN, "P".repeat(22)))).toEqual({ type: "pair-open", id: "P".repeat(22) });
  expect(readClientFrame(writeText(PAIR_SAY, "a".repeat(PAIR_SAY_MAX)))).toEqual({
    type: "pair-say",
    text: "a".repeat(PAIR_SAY_MAX),
  });
});

test("[WI2] a Yjs write is recognised by its number alone, without being decoded", () => {
  expect(readClientFrame(yjsWrite(1, ["x"]))).toEqual({ type: "yjs-write" });
  expect(readClientFrame(frame(0, 2))).toEqual({ type: "yjs-write" });
});

const long = (() => {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, AUTH);
  encoding.writeVarUint(encoder, 5_000);
  return encoding.toUint8Array(encoder);
})();
test.each([
  ["an empty frame", new Uint8Array()],
  ["an unknown type", frame(42)],
  ["a frame that only a server sends", frame(ACK, 1)],
  ["news of a pairing, which only a server sends", writeText(PAIR_NEWS, "open")],
  ["a pairing without a proper id", writeText(PAIR_OPEN, "short")],
  ["too much said at once", writeText(PAIR_SAY, "a".repeat(PAIR_SAY_MAX + 1))],
  ["nothing said", writeText(PAIR_SAY, "")],
  ["something said in words", writeText(PAIR_SAY, "in words")],
  ["something said with bytes left over", new Uint8Array([...writeText(PAIR_SAY, "aaaa"), 0])],
  ["an unknown sync step", frame(0, 3)],
  ["a state vector over 64 bytes", step1(new Uint8Array(65))],
  ["a command without text", frame(CMD, 1)],
  ["a clock without a time", frame(CLOCK)],
  ["a clock with bytes left over", new Uint8Array([...writeClock(1), 0])],
  ["a clock beyond all dates", new Uint8Array([CLOCK, 255, 255, 255, 255, 255, 255, 255, 15])],
  ["a number that never ends", new Uint8Array(40).fill(0xff)],
  ["a text shorter than it says", long],
  ["bytes after the end", new Uint8Array([...writeText(AUTH, "a.b.c"), 0])],
  ["text that is not UTF-8", new Uint8Array([AUTH, 2, 0xc3, 0x28])],
])("[WI3] %s is malformed", (_what, bytes) => {
  expect(readClientFrame(bytes)).toBeNull();
});

test("[WI3] a length that points past the frame into a shared buffer reads nothing of it", () => {
  const pool = new Uint8Array(64).fill(0x41);
  pool.set([AUTH, 40], 0);
  expect(readClientFrame(pool.subarray(0, 4))).toBeNull();
  expect(readClientFrame(pool.subarray(0, 42))).toEqual({ type: "auth", jws: "A".repeat(40) });
});

test("[WI3] every prefix of a good frame is malformed", () => {
  const whole = writeNumbered(CMD, 7, "header.payload.signature");
  for (let length = 0; length < whole.byteLength; length += 1)
    expect(readClientFrame(whole.slice(0, length))).toBeNull();
  expect(readClientFrame(whole)).not.toBeNull();
});
