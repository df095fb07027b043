import { noted, wordsOf } from "../../../helpers/worded.ts";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { ThreadEvent } from "../../../../electron/bridge/thread.ts";
import { told, type Told } from "#bridge/told.ts";
import { FRAME_MAX, UNACKED_EVENTS_MAX, type ToWindow } from "../../../../electron/bridge/frames.ts";
import { createLog } from "../../../../electron/host/log.ts";
import { createRpc, WATCHES_MAX } from "../../../../electron/host/rpc/serve.ts";
import { createTopics } from "../../../../electron/host/rpc/topics.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { type Handlers } from "../../../../electron/host/seams.ts";
import { storeRefusal } from "../../../../electron/host/store/refusals.ts";
import { until } from "../../../helpers/wait.ts";
import { refused } from "#bridge/refused.ts";

interface Wire {
  readonly got: ToWindow[];
  send(frame: unknown): void;
  close(): void;
  /** Calls a method and answers its frame. */
  call(method: string, params: unknown): Promise<ToWindow>;
}
const serve = (handlers: Partial<Handlers> = {}) => {
  const topics = createTopics();
  const lines: string[] = [];
  const rpc = createRpc({
    handlers: handlers as Handlers,
    topics,
    rights: { may: () => ({ allowed: true, why: noted("") }), workspaceOf: () => "w".repeat(22) },
    log: createLog(
      (line) => lines.push(line),
      () => 0,
    ),
  });
  onTestFinished(() => topics.close());
  const attach = (kind: "main" | "popup" = "main"): Wire => {
    const got: ToWindow[] = [];
    let onFrame: (frame: unknown) => void = () => undefined;
    let onClose: () => void = () => undefined;
    let id = 0;
    rpc.attach(
      {
        send: (frame) => void got.push(frame),
        onFrame: (listener) => (onFrame = listener),
        onClose: (listener) => (onClose = listener),
      },
      kind,
    );
    return {
      got,
      send: (frame) => onFrame(frame),
      close: () => onClose(),
      call: async (method, params) => {
        const mine = ++id;
        onFrame({ f: "call", id: mine, method, params });
        return until(() => got.find((frame) => "id" in frame && frame.id === mine), "the answer");
      },
    };
  };
  return { topics, rpc, lines, attach };
};
const errorOf = (frame: ToWindow): string => (frame.f === "error" ? frame.error.code : `not an error: ${frame.f}`);
const summary = { id: "t1", wid: "w".repeat(22), title: "", updatedAt: 0, state: "idle", boundary: "private" } as const;

/** The change of a list of one row, whose time is now another. */
const updated = (from: number, at: number) => ({
  kind: "rows",
  rows: [{ from, change: { kind: "fields", put: [["updatedAt", { kind: "is", value: at }]], gone: [] } }],
});

describe("the gate of the RPC", () => {
  test.each([
    ["an unknown method", "thread.steal", {}],
    ["a name of the prototype", "__proto__", {}],
    ["a method of every object", "toString", {}],
    ["the constructor", "constructor", {}],
    ["an unknown key", "thread.create", { wid: "w".repeat(22), admin: true }],
    ["a missing key", "thread.create", {}],
    ["a wrong type", "thread.create", { wid: ["w".repeat(22)] }],
    ["no object", "thread.create", null],
    ["a text that is too long", "thread.send", { thread: "t", text: "x".repeat(200_001) }],
    ["a topic that is none", "watch", { topic: "secrets" }],
    ["a topic without its argument", "watch", { topic: "thread" }],
    ["a topic with a path in it", "watch", { topic: "thread/../../etc" }],
    ["a topic of the prototype", "watch", { topic: "constructor/x" }],
  ])("refuses %s and calls nothing", async (_what, method, params) => {
    const called = vi.fn();
    const { attach } = serve(
      new Proxy(
        {},
        {
          get: () => called,
          getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true, value: called }),
        },
      ) as Partial<Handlers>,
    );
    expect(errorOf(await attach().call(method, params))).toMatch(/^(?:bad-request|too-long)$/);
    expect(called).not.toHaveBeenCalled();
  });

  test.each([
    ["no object", 7],
    ["nothing", null],
    ["a text", "call"],
    ["another kind of frame", { f: "topic", n: 1, topic: "app", value: {} }],
    ["a key too many", { f: "ack", n: 1, extra: 1 }],
    ["a negative id", { f: "call", id: -1, method: "thread.create", params: {} }],
  ])("takes no notice of a frame that is %s", async (_what, frame) => {
    const create = vi.fn();
    const { attach } = serve({ "thread.create": create });
    const wire = attach();
    wire.send(frame);
    await Promise.resolve();
    expect(wire.got).toEqual([]);
    expect(create).not.toHaveBeenCalled();
  });

  test("answers a frame that is too large, or that cannot be written as JSON, with bad-request", async () => {
    const { attach } = serve();
    const wire = attach();
    wire.send({ f: "call", id: 1, method: "search", params: { text: "x".repeat(FRAME_MAX) } });
    const cyclic: Record<string, unknown> = { f: "call", id: 2, method: "search" };
    cyclic["params"] = cyclic;
    wire.send(cyclic);
    expect(wire.got.map(errorOf)).toEqual(["bad-request", "bad-request"]);
  });

  test("the popup may only read and decide cards; a main window may never decide one", async () => {
    const { attach, topics } = serve({ "card.decide": () => ({}), "thread.create": () => summary });
    topics.provideList("cards", { all: () => [], one: () => null });
    const decide = { wid: "w".repeat(22), request: "r", vote: "approve", note: "" };
    const [popup, main] = [attach("popup"), attach("main")];
    expect(errorOf(await main.call("card.decide", decide))).toBe("wrong-window");
    expect(await popup.call("card.decide", decide)).toMatchObject({ f: "ok" });
    expect(errorOf(await popup.call("thread.create", { wid: "w".repeat(22) }))).toBe("wrong-window");
    expect(errorOf(await popup.call("watch", { topic: "thread/t1" }))).toBe("wrong-window");
    expect(await popup.call("watch", { topic: "cards/w" })).toMatchObject({ f: "ok", result: { rows: [] } });
  });

  test("a list is given in pieces to whoever may watch it, and to no other window", async () => {
    const { attach, topics } = serve();
    topics.provideList("threads", { all: () => [summary], one: () => summary });
    topics.provideList("cards", { all: () => [], one: () => null });
    const [popup, main] = [attach("popup"), attach("main")];
    const page = (kind: string) => ({ topic: `${kind}/w`, from: 0, limit: 10 });
    expect(await main.call("list.page", page("threads"))).toMatchObject({ f: "ok", result: { rows: [summary] } });
    expect(await popup.call("list.page", page("cards"))).toMatchObject({ f: "ok", result: { rows: [] } });
    expect(errorOf(await popup.call("list.page", page("threads")))).toBe("wrong-window");
    expect(errorOf(await popup.call("list.row", { topic: "threads/w", key: "t1" }))).toBe("wrong-window");
    expect(errorOf(await main.call("list.page", page("team")))).toBe("bad-request");
  });

  test("a refusal crosses as code and arguments; anything else as one code, and the log keeps neither content nor arguments", async () => {
    const { attach, lines } = serve({
      "thread.create": () => {
        throw new Refusal(told("no-such-tool", "canary"), new TypeError("cannot read a secret"));
      },
      "run.stop": () => {
        throw new TypeError("canary: cannot read 'secret' of undefined");
      },
    });
    const wire = attach();
    const crossed = await wire.call("thread.create", { wid: "w".repeat(22) });
    expect(crossed).toEqual({ f: "error", id: expect.any(Number), error: { code: "no-such-tool", args: ["canary"] } });
    const fault = await wire.call("run.stop", { thread: "t" });
    expect(errorOf(fault)).toBe("rpc-internal");
    expect(JSON.stringify(fault)).not.toMatch(/canary|secret| at /);
    expect(lines.join("")).toContain("rpc.fault");
    expect(lines.join("")).not.toContain("canary");
  });

  test("a window that calls without end is told to wait, and others are served", async () => {
    const { attach } = serve({ "model.detect": () => new Promise(() => undefined), "thread.create": () => summary });
    const [greedy, other] = [attach(), attach()];
    for (let id = 0; id < 70; id += 1) greedy.send({ f: "call", id, method: "model.detect", params: {} });
    await until(() => greedy.got.length === 6, "six frames");
    expect(greedy.got.map(errorOf)).toEqual(Array.from({ length: 6 }, () => "too-many-calls"));
    expect(await other.call("thread.create", { wid: "w".repeat(22) })).toMatchObject({ f: "ok" });
  });

  test("watches are bounded", async () => {
    const { attach, topics } = serve();
    topics.provide("team", () => ({}) as never);
    const wire = attach();
    for (let n = 0; n < WATCHES_MAX; n += 1)
      expect(await wire.call("watch", { topic: `team/w${n}` })).toMatchObject({ f: "ok" });
    expect(errorOf(await wire.call("watch", { topic: "team/more" }))).toBe("too-many-watches");
  });
});

describe("topics", () => {
  const topicFrames = (wire: Wire): unknown[] =>
    wire.got.flatMap((frame) => (frame.f === "topic" ? [frame.value] : frame.f === "change" ? [frame.change] : []));

  test("a change is sent once, coalesced, and only where the value differs", async () => {
    const { attach, topics } = serve();
    let value = 0;
    const build = vi.fn(() => [{ ...summary, updatedAt: value }]);
    topics.provide("team", build as never);
    const wire = attach();
    expect(await wire.call("watch", { topic: "team/w" })).toMatchObject({ result: [{ updatedAt: 0 }] });
    topics.publish("team", "w");
    await until(() => build.mock.calls.length === 2, "a second build");
    for (value = 1; value < 20; value += 1) topics.publish("team", "w");
    topics.publish("team", "other");
    await until(() => topicFrames(wire).length > 0, "the topic");
    expect(topicFrames(wire)).toEqual([updated(0, 20)]);
    expect(build).toHaveBeenCalledTimes(3);
  });

  test("without an argument every topic of the kind is looked at again", async () => {
    const { attach, topics } = serve();
    let value = 0;
    topics.provide("team", (() => [{ ...summary, updatedAt: value }]) as never);
    const wire = attach();
    for (const wid of ["a", "b"]) await wire.call("watch", { topic: `team/${wid}` });
    value = 1;
    topics.publish("team");
    await until(() => topicFrames(wire).length > 1, "the topic");
    expect(topicFrames(wire)).toHaveLength(2);
  });

  test("after unwatch, and after the window is gone, nothing is sent", async () => {
    const { attach, topics, rpc } = serve();
    let value = 0;
    topics.provide("team", (() => [{ ...summary, updatedAt: value++ }]) as never);
    const [left, closed, stays] = [attach(), attach(), attach()];
    for (const wire of [left, closed, stays]) await wire.call("watch", { topic: "team/w" });
    await left.call("unwatch", { topic: "team/w" });
    closed.close();
    topics.publish("team", "w");
    await until(() => topicFrames(stays).length === 1, "the topic");
    expect([...topicFrames(left), ...topicFrames(closed)]).toEqual([]);
    expect(rpc.windows()).toHaveLength(2);
  });

  /** A window that is behind with a value, which it watches. */
  const behind = async () => {
    const { attach, topics, rpc } = serve();
    let value = 0;
    const build = vi.fn(() => [{ ...summary, updatedAt: value }]);
    topics.provide("team", build as never);
    topics.provide("thread", () => ({}) as never);
    const wire = attach();
    for (const topic of ["team/w", "thread/t1"]) await wire.call("watch", { topic });
    for (let n = 0; n < UNACKED_EVENTS_MAX; n += 1) rpc.emit({ kind: "reload", thread: "t1" });
    value = 1;
    topics.publish("team", "w");
    await until(() => rpc.windows()[0]?.held.topics === 1, "the window to be behind");
    wire.got.length = 0;
    return { wire, topics, build, set: (to: number) => void (value = to) };
  };

  test("what changes between an answer to watch and its sending is sent after it, as a change of it", async () => {
    const { wire, set } = await behind();
    const asked = wire.call("watch", { topic: "team/w" });
    set(2);
    wire.send({ f: "ack", n: UNACKED_EVENTS_MAX });
    expect(await asked).toMatchObject({ f: "ok", result: [{ updatedAt: 1 }] });
    expect(wire.got.map((frame) => frame.f)).toEqual(["ok", "change"]);
    expect(wire.got[1]).toMatchObject({ since: 0, change: updated(0, 2) });
  });

  test("of many changes that a window could not be sent it gets one, from what it was sent last", async () => {
    const { wire, topics, build, set } = await behind();
    for (let n = 2; n < 5; n += 1) {
      const before = build.mock.calls.length;
      set(n);
      topics.publish("team", "w");
      await until(() => build.mock.calls.length > before, "the value to be looked at");
    }
    expect(wire.got).toEqual([]);
    wire.send({ f: "ack", n: UNACKED_EVENTS_MAX });
    expect(wire.got).toMatchObject([{ f: "change", since: 0, change: updated(0, 4) }]);
  });

  test("two windows that begin at different times each get what changed from what they have", async () => {
    const { attach, topics } = serve();
    let value = 0;
    topics.provide("team", (() => [{ ...summary, updatedAt: value }]) as never);
    const [first, second] = [attach(), attach()];
    await first.call("watch", { topic: "team/w" });
    value = 1;
    topics.publish("team", "w");
    await until(() => topicFrames(first).length === 1, "the first change");
    value = 2;
    await second.call("watch", { topic: "team/w" });
    value = 3;
    topics.publish("team", "w");
    await until(() => topicFrames(first).length === 2 && topicFrames(second).length === 1, "the second change");
    const sinces = [first, second].map(({ got }) => got.flatMap((frame) => (frame.f === "change" ? frame.since : [])));
    expect(sinces).toEqual([[0, 1], [0]]);
    expect([topicFrames(first).at(-1), topicFrames(second).at(-1)]).toEqual([updated(0, 3), updated(0, 3)]);
  });

  test("for each value that it watches a window costs one copy, and none once it has left", async () => {
    const { attach, topics, rpc } = serve();
    let value = 0;
    topics.provide("team", (() => [{ ...summary, updatedAt: value }]) as never);
    const wire = attach();
    for (const wid of ["a", "b", "c"]) await wire.call("watch", { topic: `team/${wid}` });
    for (value = 1; value < 4; value += 1) {
      topics.publish("team");
      await until(() => topicFrames(wire).length === 3 * value, "the changes");
    }
    const held = () => rpc.windows()[0]?.held.values;
    expect(held()).toBe(3);
    await wire.call("watch", { topic: "team/a" });
    expect(held()).toBe(3);
    for (const wid of ["a", "b", "c"]) await wire.call("unwatch", { topic: `team/${wid}` });
    expect(held()).toBe(0);
  });

  test("a value that was gone and is there again reaches who watched it all along, as far as it is another one", async () => {
    const { attach, topics } = serve();
    let value: number | null = 0;
    const build = vi.fn(() => {
      if (value === null) throw refused("not-here");
      return [{ ...summary, updatedAt: value }];
    });
    topics.provide("team", build as never);
    const wire = attach();
    await wire.call("watch", { topic: "team/w" });
    value = null;
    topics.publish("team", "w");
    await until(() => build.mock.calls.length === 2, "a look at what is gone");
    expect(errorOf(await wire.call("watch", { topic: "team/w" }))).toBe("not-here");
    expect(topicFrames(wire)).toEqual([]);
    value = 1;
    topics.publish("team", "w");
    await until(() => topicFrames(wire).length === 1, "the change");
    expect(topicFrames(wire)).toEqual([updated(0, 1)]);
  });

  test("a value that becomes null is sent as it is, and so is what comes after it", async () => {
    const { attach, topics } = serve();
    let value: unknown = [{ ...summary }];
    topics.provide("team", (() => value) as never);
    const wire = attach();
    await wire.call("watch", { topic: "team/w" });
    for (const next of [null, [{ ...summary }], [], undefined]) {
      const before = topicFrames(wire).length;
      value = next;
      topics.publish("team", "w");
      await until(() => topicFrames(wire).length > before, "the change");
    }
    const gone = { kind: "rows", rows: [] };
    expect(topicFrames(wire)).toEqual([null, [summary], gone, null]);
  });

  test("a topic whose subject is gone sends nothing and breaks nothing", async () => {
    const { attach, topics, lines } = serve();
    let gone = false;
    topics.provide("team", () => {
      if (gone) throw refused("no-such-workspace");
      return {} as never;
    });
    topics.provide("models", () => ({
      models: [],
      detected: gone ? [{ kind: "ollama", baseUrl: "http://x", models: [] }] : [],
    }));
    const wire = attach();
    await wire.call("watch", { topic: "team/w" });
    await wire.call("watch", { topic: "models" });
    gone = true;
    topics.publish("team", "w");
    topics.publish("models");
    await until(() => topicFrames(wire).length === 1, "the topic");
    expect(lines).toEqual([]);
  });
});

describe("a frozen window", () => {
  const put = (thread: string, seq: number): ThreadEvent => ({
    kind: "put",
    message: { id: `m${seq}`, threadId: thread, seq, at: 0, from: "agent", parts: [], streaming: true },
  });
  const frozen = async () => {
    const served = serve();
    let value = 0;
    served.topics.provide("thread", () => ({ n: value }) as never);
    served.topics.provide("team", (() => [{ ...summary, updatedAt: value }]) as never);
    const [wire, other] = [served.attach(), served.attach()];
    for (const each of [wire, other])
      for (const topic of ["thread/t1", "thread/t2", "team/w"]) await each.call("watch", { topic });
    return { ...served, wire, other, bump: () => void (value += 1) };
  };
  const events = (wire: Wire) =>
    wire.got.flatMap((frame) => (frame.f === "thread" || frame.f === "topic" || frame.f === "change" ? [frame] : []));

  test("costs a bounded number of frames however much happens, and another window misses nothing", async () => {
    const { rpc, wire, other } = await frozen();
    for (let n = 0; n < 10_000; n += 1) {
      rpc.emit({ kind: "delta", thread: "t1", message: "m", text: "x" });
      other.send({ f: "ack", n: n + 1 });
    }
    expect(events(wire)).toHaveLength(UNACKED_EVENTS_MAX);
    expect(events(other)).toHaveLength(10_000);
    expect(rpc.windows()[0]?.held).toEqual({ unacked: UNACKED_EVENTS_MAX, values: 3, topics: 0, behind: 1 });
  });

  test("gets one reload for each thread and the newest value of each topic when it wakes", async () => {
    const { rpc, topics, wire, bump } = await frozen();
    for (let n = 0; n < 400; n += 1)
      rpc.emit(n % 2 === 0 ? { kind: "delta", thread: "t1", message: "m", text: "x" } : put("t2", n));
    for (let n = 0; n < 3; n += 1) {
      bump();
      topics.publish("team", "w");
      await new Promise((resolve) => setTimeout(resolve, 70));
    }
    expect(events(wire)).toHaveLength(UNACKED_EVENTS_MAX);
    wire.send({ f: "ack", n: UNACKED_EVENTS_MAX });
    await until(() => events(wire).length === UNACKED_EVENTS_MAX + 3, "all events");
    expect(
      events(wire)
        .slice(UNACKED_EVENTS_MAX)
        .map((frame) => (frame.f === "thread" ? frame.event : frame.f === "change" ? frame.change : frame)),
    ).toEqual([{ kind: "reload", thread: "t1" }, { kind: "reload", thread: "t2" }, updated(0, 3)]);
    rpc.emit(put("t1", 9));
    expect(events(wire).at(-1)).toMatchObject({ n: UNACKED_EVENTS_MAX + 4, event: { kind: "put" } });
  });

  test("of a list no change is kept for it: one reload when it wakes, and the head that it then asks for is the newest", async () => {
    const { attach, topics, rpc } = serve();
    let title = "first";
    const one = vi.fn(() => ({ ...summary, title }));
    topics.provideList("threads", { all: () => [{ ...summary, title }], one });
    const wire = attach();
    await wire.call("watch", { topic: "threads/w" });
    topics.provide("thread", () => ({}) as never);
    await wire.call("watch", { topic: "thread/t1" });
    for (let n = 0; n < UNACKED_EVENTS_MAX; n += 1) rpc.emit(put("t1", n));
    for (title of ["second", "third", "fourth"]) {
      topics.publish("threads", "w", ["t1"]);
      const before = one.mock.calls.length;
      await until(() => one.mock.calls.length > before, "the row to be looked at");
    }
    expect(rpc.windows()[0]?.held).toEqual({ unacked: UNACKED_EVENTS_MAX, values: 1, topics: 0, behind: 1 });
    wire.send({ f: "ack", n: UNACKED_EVENTS_MAX });
    expect(wire.got.at(-1)).toMatchObject({ f: "list", event: { kind: "reload", list: "threads/w" } });
    expect(await wire.call("watch", { topic: "threads/w" })).toMatchObject({ result: { rows: [{ title: "fourth" }] } });
  });

  test("numbers are without gaps, and a false acknowledgement buys nothing", async () => {
    const { rpc, wire } = await frozen();
    for (let n = 0; n < 300; n += 1) rpc.emit(put("t1", n));
    wire.send({ f: "ack", n: 1_000_000 });
    for (let n = 0; n < 300; n += 1) rpc.emit(put("t2", n));
    expect(events(wire).map((frame) => frame.n)).toEqual(
      Array.from({ length: UNACKED_EVENTS_MAX }, (_, index) => index + 1),
    );
  });
});

test("[T23] a refusal that stands for an error nobody expected is answered with its words, and the log has where that came from", async () => {
  const canary = "canary-of-a-private-text";
  const { attach, lines } = serve({
    "link.take": () => {
      throw storeRefusal(new RangeError(canary));
    },
    "thread.create": () => {
      throw refused("no-such-workspace");
    },
  });
  const wire = attach();
  const answer = await wire.call("link.take", {});
  expect(errorOf(answer)).toBe("store-failed");
  expect(wordsOf((answer as { error: Told }).error)).toContain("logs/bulkhead.log");
  // Control: a refusal of our own is no error and no entry.
  expect(errorOf(await wire.call("thread.create", { wid: "w".repeat(22) }))).toBe("no-such-workspace");
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    {
      event: "rpc.fault",
      what: "link.take",
      code: "RangeError",
      frames: expect.arrayContaining([expect.stringMatching(/serve\.test\.ts/)]) as string[],
    },
  ]);
  expect(JSON.stringify([answer, lines])).not.toContain(canary);
});
