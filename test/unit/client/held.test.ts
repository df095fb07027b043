import * as decoding from "lib0/decoding";
import { expect, test } from "vitest";
import type { DocName } from "#core/protocol/ids.ts";
import { readClientFrame, writeNumbered, ACK, CMD } from "#core/protocol/wire.ts";
import { createHeld } from "#client/link/held.ts";

const QUEUE = "queue:default" as DocName;
const opened = () => {
  const sent: Uint8Array[] = [];
  const held = createHeld({
    number: 4,
    doc: QUEUE,
    begun: { length: 0, head: "" },
    had: { length: 0, head: "" },
    folded: () => 0,
    send: (frame) => sent.push(frame),
    on: { entries: () => undefined, rewritten: () => undefined },
  });
  /** Channel of a frame, and the frame of the document in it. */
  const inner = (frame: Uint8Array): [number, ReturnType<typeof readClientFrame>] => {
    const decoder = decoding.createDecoder(frame);
    decoding.readVarUint(decoder);
    return [decoding.readVarUint(decoder), readClientFrame(decoding.readTailAsUint8Array(decoder))];
  };
  return { held, sent, inner };
};

test("a command is sent in its channel and has the answer of its number", async () => {
  const { held, sent, inner } = opened();
  const [first, second] = [held.send("a"), held.send("b")];
  const frames = sent.map(inner);
  expect(frames.map(([channel, frame]) => [channel, frame?.type])).toEqual([
    [4, "cmd"],
    [4, "cmd"],
  ]);
  const ids = frames.map(([, frame]) => (frame?.type === "cmd" ? frame.id : -1));
  held.take(writeNumbered(ACK, ids[1] as number, JSON.stringify({ ok: false, code: "stale" })));
  expect(await second).toEqual({ ok: false, code: "stale" });
  held.end(1000);
  expect(await first).toBeNull();
});

test("what belongs in no channel, or answers nothing that can be read, is thrown", () => {
  const { held } = opened();
  expect(() => held.take(writeNumbered(CMD, 1, "a"))).toThrow("not for a channel");
  expect(() => held.take(writeNumbered(ACK, 1, "{}"))).toThrow("malformed ACK");
});
