import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { FromShell } from "#bridge/shell-port.ts";
import { HOST_STOP_MS, startHostProcess } from "../../../electron/shell/host-process.ts";
import type { HostState } from "../../../electron/shell/host-process.ts";
import { told } from "#bridge/told.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const running = () => {
  const children: { say: (message: unknown) => void; die: () => void; got: FromShell[]; killed: boolean }[] = [];
  const states: HostState[] = [];
  const requests: unknown[] = [];
  const sent: unknown[] = [];
  const host = startHostProcess(
    () => {
      const child = {
        say: (message: unknown): void => void message,
        die: (): void => undefined,
        got: [] as FromShell[],
        killed: false,
      };
      children.push(child);
      return {
        post: (message) => child.got.push(message),
        onMessage: (listener) => (child.say = listener),
        onExit: (listener) => (child.die = listener),
        kill: () => {
          child.killed = true;
          child.die();
        },
      };
    },
    {
      state: (state) => states.push(state),
      request: (id, method, params, reply) => (
        requests.push([id, method, params]),
        reply({ s: "answer", id, ok: true, value: 1 })
      ),
      windowSend: (...of) => sent.push(of),
    },
  );
  const child = (n = children.length - 1) => children[n] as (typeof children)[number];
  return { host, children, child, states, requests, sent };
};
const ready = { s: "ready", version: "1" };

test("messages of a known shape are passed on, all others are dropped", () => {
  const { child, requests, sent, states } = running();
  child().say(ready);
  child().say({ s: "request", id: 1, method: "keys.get", params: {} });
  child().say({ s: "window.send", window: 3, frame: { f: "ok" } });
  for (const bad of [
    null,
    1,
    "ready",
    {},
    { s: "ready" },
    { s: "request", id: "1", method: "x", params: {} },
    { s: "window.send", window: 1, frame: {}, extra: 1 },
  ])
    child().say(bad);
  expect(states).toEqual([{ state: "ready", error: null }]);
  expect(requests).toEqual([[1, "keys.get", {}]]);
  expect(sent).toEqual([[3, { f: "ok" }]]);
});

test("a host that is still starting is answered", () => {
  const { child } = running();
  child().say({ s: "request", id: 7, method: "keys.get", params: {} });
  expect(child().got).toEqual([{ s: "answer", id: 7, ok: true, value: 1 }]);
});

test("a host that dies is started again, and its late words are not heard", () => {
  const { children, child, states, requests } = running();
  child().say(ready);
  child().die();
  expect(states.at(-1)).toMatchObject({ state: "starting", error: { code: "host-restarting" } });
  vi.advanceTimersByTime(250);
  expect(children).toHaveLength(2);
  child(0).say({ s: "request", id: 1, method: "keys.get", params: {} });
  expect(requests).toEqual([]);
  child(1).say(ready);
  expect(states.at(-1)).toEqual({ state: "ready", error: null });
});

test("a host that keeps dying is said to fail, and is tried more and more rarely but for ever", () => {
  const { children, child, states } = running();
  for (let round = 0; round < 12; round++) {
    child().die();
    vi.advanceTimersByTime(10_000);
  }
  expect(children).toHaveLength(13);
  expect(states.at(-1)).toMatchObject({ state: "failed", error: { code: "host-failing" } });
  child().say(ready);
  expect(states.at(-1)).toMatchObject({ state: "ready" });
});

test("what the host says of its own failure stays on the screen when it ends", () => {
  const { child, states } = running();
  child().say({ s: "failed", error: told("store-locked") });
  child().die();
  expect(states.at(-1)).toEqual({
    state: "failed",
    error: told("store-locked"),
  });
});

test("a host that never answers is ended and started again", () => {
  const { children, child } = running();
  vi.advanceTimersByTime(30_000);
  expect(child(0).killed).toBe(true);
  vi.advanceTimersByTime(250);
  expect(children).toHaveLength(2);
});

test("nothing is posted to a host that is not ready", () => {
  const { host, child } = running();
  host.post({ s: "link", url: "early" });
  child().say(ready);
  host.post({ s: "link", url: "now" });
  expect(child().got).toEqual([{ s: "link", url: "now" }]);
});

test("stopping is polite first, and does not start the host again", async () => {
  const { host, child, children } = running();
  child().say(ready);
  const stopped = host.stop();
  expect(child().got).toEqual([{ s: "stop" }]);
  expect(child().killed).toBe(false);
  child().die();
  await stopped;
  vi.advanceTimersByTime(60_000);
  expect(children).toHaveLength(1);
});

test("a host that does not stop is ended", async () => {
  const { host, child } = running();
  child().say(ready);
  const stopped = host.stop();
  vi.advanceTimersByTime(HOST_STOP_MS);
  await stopped;
  expect(child().killed).toBe(true);
});
