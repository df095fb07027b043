/**
 * Whatever changes in a list, and whatever a window misses of it while it is frozen, away or follows only some rows: once
 * it has heard everything it has the same rows as a page that opens now.
 */
import { noted, wordsOf } from "../helpers/worded.ts";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { UNACKED_EVENTS_MAX, type ToWindow } from "#bridge/frames.ts";
import { ListEvent, type ListHead, type ListState } from "#bridge/list.ts";
import type { ThreadSummary } from "#bridge/thread.ts";
import { createLog } from "../../electron/host/log.ts";
import { createRpc } from "../../electron/host/rpc/serve.ts";
import { createTopics } from "../../electron/host/rpc/topics.ts";
import type { Handlers } from "../../electron/host/seams.ts";
import { createLists } from "../../renderer/lists.ts";

const TOPIC = "threads/w";
type Step =
  | { readonly kind: "put"; readonly id: number; readonly at: number; readonly title: string }
  | { readonly kind: "drop"; readonly id: number }
  /** More at once than an event tells, or a change whose row nobody names. */
  | { readonly kind: "all"; readonly by: number; readonly many: boolean }
  /** More events than a window may have unanswered. */
  | { readonly kind: "flood"; readonly id: number }
  | { readonly kind: "turn" | "pass" | "freeze" | "wake" | "reconnect" }
  | { readonly kind: "need"; readonly from: number }
  | { readonly kind: "pin"; readonly id: number };
const id = fc.integer({ min: 0, max: 160 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("put" as const),
      id,
      at: fc.integer({ min: 0, max: 9 }),
      title: fc.constantFrom("a", "b"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("drop" as const), id }) },
  fc.record({ kind: fc.constant("all" as const), by: fc.integer({ min: 1, max: 3 }), many: fc.boolean() }),
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom("turn" as const, "pass" as const) }) },
  fc.record({ kind: fc.constantFrom("freeze" as const, "wake" as const, "reconnect" as const) }),
  fc.record({ kind: fc.constant("flood" as const), id }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("need" as const), from: fc.integer({ min: 0, max: 170 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("pin" as const), id }) },
);
const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));

/** A host with one list, on turns and time that pass when the test says so. */
const hostOf = () => {
  const rows = new Map<string, ThreadSummary>();
  const due: (() => void)[] = [];
  const rests: (() => void)[] = [];
  const topics = createTopics(
    (_kind, error) => {
      throw error;
    },
    { soon: (work) => void due.push(work), later: (_ms, work) => (rests.push(work), () => undefined) },
  );
  topics.provideList("threads", { all: () => [...rows.values()], one: (_wid, key) => rows.get(key) ?? null });
  const silent = createLog(
    () => undefined,
    () => 0,
  );
  const rpc = createRpc({
    handlers: {} as Handlers,
    topics,
    log: silent,
    rights: { may: () => ({ allowed: true, why: noted("") }), workspaceOf: () => "w" },
  });
  const put = (key: string, at: number, title: string): void =>
    void rows.set(key, { id: key, wid: "w", title, updatedAt: at, state: "idle", boundary: "private" });
  const go = async (): Promise<void> => {
    due.splice(0).forEach((work) => work());
    await turn();
  };
  const passNow = (): void => {
    rests.splice(0).forEach((work) => work());
    due.splice(0).forEach((work) => work());
  };
  return { rows, topics, rpc, put, go, passNow, pass: () => (passNow(), turn()) };
};

/** A window with the list's own code, over the RPC as it is. */
const windowOf = (rpc: ReturnType<typeof hostOf>["rpc"]) => {
  let state: ListState<unknown> | undefined;
  let answers = new Map<number, (result: unknown) => void>();
  let send: (frame: unknown) => void = () => undefined;
  let close: () => void = () => undefined;
  let [last, heard, frozen] = [0, 0, false];
  const kept: ToWindow[] = [];
  const call = (method: string, params: object): Promise<never> =>
    new Promise((resolve) => {
      last += 1;
      answers.set(last, resolve as (result: unknown) => void);
      send({ f: "call", id: last, method, params });
    });
  const lists = createLists({
    ask: (topic) => void call("watch", { topic }).then((head) => lists.head(topic, head as ListHead<unknown>)),
    page: (topic, from, limit) => call("list.page", { topic, from, limit }),
    row: (topic, key) => call("list.row", { topic, key }),
    changed: (_topic, now) => void (state = now),
  });
  const take = (frame: ToWindow): void => {
    if (frame.f === "ok") answers.get(frame.id)?.(frame.result);
    if (frame.f === "error") throw new Error(wordsOf(frame.error));
    if (frame.f !== "list") return;
    lists.event(ListEvent.parse(frame.event));
    heard = frame.n;
    send({ f: "ack", n: heard });
  };
  const connect = (): void => {
    answers = new Map();
    kept.length = 0;
    lists.cut();
    rpc.attach(
      {
        send: (frame) => (frozen ? void kept.push(structuredClone(frame)) : take(structuredClone(frame))),
        onFrame: (listener) => void (send = listener),
        onClose: (listener) => void (close = listener),
      },
      "main",
    );
    void call("watch", { topic: TOPIC }).then((head) => lists.head(TOPIC, head as ListHead<unknown>));
  };
  connect();
  return {
    lists,
    state: () => state,
    freeze: () => void (frozen = true),
    wake: () => {
      frozen = false;
      kept.splice(0).forEach(take);
    },
    reconnect: () => {
      close();
      connect();
    },
  };
};

const everyRow = async (host: ReturnType<typeof hostOf>, window: ReturnType<typeof windowOf>): Promise<unknown> => {
  window.wake();
  for (let round = 0; round < 12; round += 1) {
    await host.pass();
    for (let from = 0; from < (window.state()?.rows.length ?? 0); from += 50) window.lists.need(TOPIC, from, from + 50);
    await turn();
  }
  return { counts: window.state()?.counts, rows: window.state()?.rows };
};

test("a window that followed a list through losses, reloads and new connections has what a fresh one has", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60 }), async (steps) => {
      const host = hostOf();
      for (let n = 0; n < 140; n += 1) host.put(`t${n}`, n % 7, "first");
      const window = windowOf(host.rpc);
      const pinned = new Set<string>();
      await turn();
      for (const each of steps) {
        const key = "id" in each ? `t${each.id}` : "";
        if (each.kind === "put") host.put(key, each.at, each.title);
        if (each.kind === "drop") host.rows.delete(key);
        if (each.kind === "put" || each.kind === "drop") host.topics.publish("threads", "w", [key]);
        if (each.kind === "all") {
          const some = [...host.rows.values()].slice(0, each.many ? 140 : 3);
          for (const row of some) host.put(row.id, row.updatedAt + each.by, row.title);
          host.topics.publish("threads", "w");
        }
        for (let n = 0; each.kind === "flood" && n < UNACKED_EVENTS_MAX + 20; n += 1) {
          host.put(key, n % 9, `flood ${n}`);
          host.topics.publish("threads", "w", [key]);
          host.passNow();
        }
        if (each.kind === "turn") await host.go();
        if (each.kind === "pass") await host.pass();
        if (each.kind === "freeze" || each.kind === "wake" || each.kind === "reconnect") window[each.kind]();
        if (each.kind === "need") window.lists.need(TOPIC, each.from, each.from + 20);
        if (each.kind === "pin") {
          pinned.add(key);
          window.lists.pin(TOPIC, key);
        }
      }
      const fresh = windowOf(host.rpc);
      expect(await everyRow(host, window)).toEqual(await everyRow(host, fresh));
      expect(fresh.state()?.rows.map((row) => (row as ThreadSummary).id)).toEqual(
        [...host.rows.values()]
          .toSorted((a, b) => b.updatedAt - a.updatedAt || (a.id < b.id ? -1 : 1))
          .map((row) => row.id),
      );
      for (const key of pinned) expect(window.lists.row(TOPIC, key)).toEqual(host.rows.get(key) ?? null);
    }),
    { numRuns: 150 },
  );
});
