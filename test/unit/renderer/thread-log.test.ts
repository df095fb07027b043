import { expect, test } from "vitest";
import type { MessageView } from "#bridge/thread.ts";
import { afterEvent, emptyLog, missingPage, restarted, withMessages } from "../../../renderer/state/thread-log.ts";

const message = (seq: number, text = `m${seq}`): MessageView => ({
  id: `id${seq}`,
  threadId: "t",
  seq,
  at: seq,
  from: "agent",
  parts: [{ kind: "text", text }],
  streaming: false,
});
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => message(from + index));

test("deltas extend the last text of their message and touch nothing else", () => {
  const log = restarted(range(1, 3), 3);
  const after = afterEvent(log, { kind: "delta", thread: "t", message: "id3", text: " more" });
  expect(after.messages.get(3)?.parts).toEqual([{ kind: "text", text: "m3 more" }]);
  expect(after.messages.get(2)).toBe(log.messages.get(2));
});

test("a delta after a tool call begins or continues the text that stands last", () => {
  const error = { kind: "error" as const, error: { code: "x", args: [] }, retry: false };
  const onlyError = { ...message(1), parts: [error] };
  const after = afterEvent(restarted([onlyError], 1), { kind: "delta", thread: "t", message: "id1", text: "hi" });
  expect(after.messages.get(1)?.parts).toEqual([error, { kind: "text", text: "hi" }]);
});

test("a delta of a message that was never loaded changes nothing", () => {
  const log = restarted(range(50, 60), 60);
  expect(afterEvent(log, { kind: "delta", thread: "t", message: "id7", text: "x" })).toBe(log);
});

test("a put makes the thread longer, or replaces in place", () => {
  const log = restarted(range(1, 2), 2);
  expect(afterEvent(log, { kind: "put", message: message(3) }).total).toBe(3);
  const replaced = afterEvent(log, { kind: "put", message: message(2, "new") });
  expect([replaced.total, replaced.messages.get(2)?.parts]).toEqual([2, [{ kind: "text", text: "new" }]]);
});

test("of 10,000 messages only the pages that were looked at are held", () => {
  let log = restarted(range(9_941, 10_000), 10_000);
  expect([log.messages.size, log.total]).toEqual([60, 10_000]);
  expect(missingPage(log, 9_950, 60)).toBeNull();
  const before = missingPage(log, 5_000, 60);
  expect(before).not.toBeNull();
  log = withMessages(log, range((before ?? 0) - 60, (before ?? 0) - 1), 10_000);
  expect(log.messages.has(5_000)).toBe(true);
  expect(missingPage(log, 5_000, 60)).toBeNull();
  expect(log.messages.size).toBe(120);
});

test("scrolling up asks for the page that ends where the held ones begin", () => {
  const log = restarted(range(101, 160), 160);
  const before = missingPage(log, 100, 60);
  expect(before).not.toBeNull();
  expect((before ?? 0) - 60).toBeLessThanOrEqual(100);
  expect(before ?? 0).toBeGreaterThan(100);
});

test("positions outside the thread are never asked for", () => {
  expect(missingPage(emptyLog, 1, 60)).toBeNull();
  expect(missingPage(restarted(range(1, 2), 2), 0, 60)).toBeNull();
  expect(missingPage(restarted(range(1, 2), 2), 3, 60)).toBeNull();
});
