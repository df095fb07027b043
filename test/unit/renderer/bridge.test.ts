import { expect, test } from "vitest";
import type { ToHost } from "#bridge/frames.ts";
import { createBridge } from "../../../renderer/bridge.ts";
import { Failure } from "../../../renderer/failure.ts";
import type { WireEvents } from "../../../renderer/transport.ts";
import { noted } from "../../helpers/worded.ts";
import { told } from "#bridge/told.ts";

const WID = "w".repeat(22);
const setup = () => {
  const sent: ToHost[] = [];
  let events: WireEvents | undefined;
  const bridge = createBridge((given) => {
    events = given;
    return { send: (frame) => void sent.push(frame), retry: () => undefined };
  });
  if (events === undefined) throw new Error("no wire");
  const lastCall = () => {
    const frame = sent.findLast((each) => each.f === "call");
    if (frame?.f !== "call") throw new Error("no call");
    return frame;
  };
  return { bridge, sent, wire: events, lastCall };
};
const status = (queued: number) => ({
  wid: WID,
  link: "in-sync",
  since: 1,
  reason: null,
  also: [],
  queued,
  mayApprove: 1,
  serverAhead: 0,
  canPair: { allowed: true, why: noted("") },
  model: null,
});
const soon = () => new Promise((resolve) => setTimeout(resolve, 40));

test("an answer of another shape is an error, never a value", async () => {
  const { bridge, wire, lastCall } = setup();
  wire.up();
  const asked = bridge.request("workspace.create", { name: "x", server: { kind: "embedded", reach: "computer" } });
  wire.frame({ f: "ok", id: lastCall().id, result: { wid: 7 } });
  await expect(asked).rejects.toMatchObject({ code: "bad-answer" });
});

test("a refusal keeps its fact", async () => {
  const { bridge, wire, lastCall } = setup();
  wire.up();
  const asked = bridge.request("link.take", {});
  wire.frame({
    f: "error",
    id: lastCall().id,
    error: told("invite-used"),
  });
  const error = await asked.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(Failure);
  expect(error).toMatchObject({
    code: "invite-used",
    fact: told("invite-used"),
  });
});

test("a lost connection answers every waiting request, and says that nothing more is sent", async () => {
  const { bridge, wire, sent } = setup();
  wire.up();
  const asked = bridge.request("link.take", {});
  wire.down(null);
  await expect(asked).rejects.toMatchObject({ code: "host-away" });
  const before = sent.length;
  await expect(bridge.request("link.take", {})).rejects.toMatchObject({ code: "host-away" });
  expect(sent.length).toBe(before);
});

test("after a new connection every topic is asked for again, and its last value stays meanwhile", async () => {
  const { bridge, wire, sent, lastCall } = setup();
  let heard = 0;
  bridge.watch("status", WID, () => (heard += 1));
  wire.up();
  wire.frame({ f: "ok", id: lastCall().id, result: status(0) });
  await soon();
  expect(bridge.read("status", WID).value?.queued).toBe(0);
  wire.down(null);
  wire.up();
  expect(sent.filter((frame) => frame.f === "call" && frame.method === "watch")).toHaveLength(2);
  expect(bridge.read("status", WID).value?.queued).toBe(0);
  wire.frame({ f: "topic", n: 1, topic: `status/${WID}`, value: status(3) });
  expect(bridge.read("status", WID).value?.queued).toBe(3);
  expect(heard).toBe(2);
});

test("a change that is read before the answer that it builds on is not made to the value of the host before", async () => {
  const { bridge, wire, sent, lastCall } = setup();
  bridge.watch("status", WID, () => undefined);
  wire.up();
  wire.frame({ f: "ok", id: lastCall().id, result: status(1) });
  await soon();
  wire.down(null);
  wire.up();
  const field = (name: string, value: number) => [name, { kind: "is", value }];
  const change = { kind: "fields", put: [field("serverAhead", 5)], gone: [] };
  wire.frame({ f: "ok", id: lastCall().id, result: status(2) });
  wire.frame({ f: "change", n: 1, topic: `status/${WID}`, since: 0, change });
  expect(bridge.read("status", WID).value).toMatchObject({ queued: 1, serverAhead: 0 });
  await soon();
  // What it could not be made to is asked for once more.
  expect(sent.filter((frame) => frame.f === "call" && frame.method === "watch")).toHaveLength(3);
  wire.frame({ f: "ok", id: lastCall().id, result: { ...status(2), serverAhead: 5 } });
  await soon();
  expect(bridge.read("status", WID).value).toMatchObject({ queued: 2, serverAhead: 5 });
});

test("a change that comes twice is made once, and the whole is asked for", async () => {
  const { bridge, wire, sent, lastCall } = setup();
  bridge.watch("team", WID, () => undefined);
  bridge.watch("status", WID, () => undefined);
  wire.up();
  wire.frame({ f: "ok", id: lastCall().id, result: status(1) });
  await soon();
  const change = { kind: "fields", put: [["queued", { kind: "is", value: 4 }]], gone: [] };
  const frame = { f: "change", n: 1, topic: `status/${WID}`, since: 0, change } as const;
  wire.frame(frame);
  expect(bridge.read("status", WID).value?.queued).toBe(4);
  const before = sent.length;
  wire.frame(frame);
  expect(sent.slice(before)).toMatchObject([{ f: "call", method: "watch", params: { topic: `status/${WID}` } }]);
});

test("a topic of another shape keeps the value that is shown, and says so", () => {
  const { bridge, wire } = setup();
  bridge.watch("status", WID, () => undefined);
  wire.up();
  wire.frame({ f: "topic", n: 1, topic: `status/${WID}`, value: status(1) });
  wire.frame({ f: "topic", n: 2, topic: `status/${WID}`, value: { ...status(2), extra: true } });
  expect(bridge.read("status", WID)).toMatchObject({ value: { queued: 1 }, error: { code: "bad-answer" } });
});

test("events are acknowledged with the highest number that was handled", async () => {
  const { bridge, wire, sent } = setup();
  wire.up();
  const heard: string[] = [];
  bridge.onThread("t", (event) => heard.push(event.kind));
  wire.frame({ f: "thread", n: 1, event: { kind: "delta", thread: "t", message: "m", text: "a" } });
  wire.frame({ f: "thread", n: 2, event: { kind: "reload", thread: "t" } });
  wire.frame({ f: "thread", n: 3, event: { kind: "nonsense" } });
  await soon();
  expect(heard).toEqual(["delta", "reload"]);
  expect(sent.filter((frame) => frame.f === "ack")).toEqual([{ f: "ack", n: 3 }]);
});

test("a host that failed shows why, and one that is ready again is asked again", () => {
  const { bridge, wire, sent } = setup();
  bridge.watch("app", undefined, () => undefined);
  wire.up();
  wire.frame({
    f: "host",
    state: "failed",
    error: told("store-locked"),
  });
  expect(bridge.link()).toMatchObject({ state: "failed", error: { code: "store-locked" } });
  wire.frame({ f: "host", state: "ready", error: null });
  expect(bridge.link().state).toBe("up");
  expect(sent.filter((frame) => frame.f === "call" && frame.method === "watch")).toHaveLength(2);
});
