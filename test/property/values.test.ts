/**
 * Whatever becomes of a value, and whatever a window misses of it, is told falsely of it or hears late: it shows only values
 * that the host had, and once it has heard everything it shows what a page shows that opens now.
 */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { afterChange, changeBetween, withSame } from "#bridge/change.ts";
import { topics as topicRows } from "#bridge/contract.ts";
import { UNACKED_EVENTS_MAX, type ToWindow } from "#bridge/frames.ts";
import { refused } from "#bridge/refused.ts";
import { noted } from "../helpers/worded.ts";
import type { ToolsView } from "#bridge/tool.ts";
import { createLog } from "../../electron/host/log.ts";
import { createRpc } from "../../electron/host/rpc/serve.ts";
import { createTopics } from "../../electron/host/rpc/topics.ts";
import type { Handlers } from "../../electron/host/seams.ts";
import { createWatches } from "../../renderer/watches.ts";

const copyOf = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));
const field = fc.constantFrom("a", "b", "id", "name", "__proto__", "constructor", "7");
const leaf = fc.oneof(fc.constantFrom<unknown>(null, true, 0, 1, "", "x", "y"), fc.string({ maxLength: 3 }));
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    fc.array(tie("json"), { maxLength: 5 }),
    fc.dictionary(field, tie("json"), { maxKeys: 5 }),
    fc.uniqueArray(fc.record({ id: fc.constantFrom("p", "q", "r", "s"), is: tie("json") }), {
      selector: (row) => row.id,
    }),
  ),
}));
const frozen = <T>(value: T): T => {
  if (typeof value === "object" && value !== null) for (const each of Object.values(Object.freeze(value))) frozen(each);
  return value;
};

test("what changed between two values makes the second of the first, in its order, and harms neither", () => {
  fc.assert(
    fc.property(json, json, (a, b) => {
      const [before, after] = [frozen(copyOf(a)), frozen(copyOf(b))];
      const change = changeBetween(before, after);
      if (change === null) expect(JSON.stringify(after)).toBe(JSON.stringify(before));
      else expect(JSON.stringify(afterChange(before, copyOf(change)))).toBe(JSON.stringify(after));
      expect(JSON.stringify(withSame(before, after))).toBe(JSON.stringify(after));
    }),
    { numRuns: 2_000 },
  );
});

test("of a list whose rows have no names, or two the same, only rows that read otherwise are sent", () => {
  const row = (n: number) => ({ at: n, text: "some words" });
  const [a, b, c] = [row(1), row(2), row(3)];
  const fourth = { kind: "fields", put: [["at", { kind: "is", value: 4 }]], gone: [] };
  expect(changeBetween([a, b, c], [b, c, row(4)])).toEqual({
    kind: "rows",
    rows: [{ from: 1, count: 2 }, { value: row(4) }],
  });
  expect(changeBetween([a, b, c], [a, row(4), c, b])).toEqual({
    kind: "rows",
    rows: [{ from: 0, count: 1 }, { value: row(4) }, { from: 2, count: 1 }, { from: 1, count: 1 }],
  });
  expect(changeBetween([a, b, c], [a, row(4), c])).toEqual({
    kind: "rows",
    rows: [
      { from: 0, count: 1 },
      { from: 1, change: fourth },
      { from: 2, count: 1 },
    ],
  });
  const twice = (n: number) => ({ member: "ada", at: n });
  const first = [twice(1), twice(2), { member: "ben", at: 3 }];
  const ended = [first[0], { member: "ada", at: 9 }, first[2]];
  expect(changeBetween(first, ended)).toMatchObject({
    rows: [
      { from: 0, count: 1 },
      { from: 1, change: { kind: "fields" } },
      { from: 2, count: 1 },
    ],
  });
  expect(changeBetween([a, a, b], [b, a, a, a])).toMatchObject({
    rows: [{ from: 2 }, { from: 0, count: 2 }, { value: a }],
  });
});

test("each list that grows with a workspace names its rows, so that one row that changes is not the whole list", () => {
  const rows = [...Array(50).keys()].map((n) => String(n));
  const lists = {
    members: rows.map((id) => ({ id, role: "member" })),
    arrivals: rows.map((member) => ({ member, role: "member" })),
    heads: rows.map((doc) => ({ doc, seq: 1 })),
    cameBack: rows.map((device) => ({ device, name: "Laptop", by: "Ada" })),
    kinds: rows,
  };
  const after = {
    members: lists.members.with(7, { id: "7", role: "owner" }).slice(1),
    arrivals: lists.arrivals.with(7, { member: "7", role: "owner" }).slice(1),
    heads: [...lists.heads.with(7, { doc: "7", seq: 2 }), { doc: "new", seq: 1 }],
    cameBack: lists.cameBack.with(7, { device: "7", name: "Laptop", by: "Ben" }).slice(1),
    kinds: [...rows.slice(0, 7), "new", ...rows.slice(7)],
  };
  const change = changeBetween(lists, after);
  expect(afterChange(lists, copyOf(change))).toEqual(after);
  expect(JSON.stringify(change).length).toBeLessThan(JSON.stringify(after).length / 5);
});

test("a part that reads as before stays the same object, in a row that moved too", () => {
  const before = {
    rows: [
      { id: "a", of: { n: 1 } },
      { id: "b", of: { n: 1 } },
    ],
    other: [{ text: "x" }],
  };
  const after = {
    rows: [
      { id: "c", of: {} },
      { id: "b", of: { n: 1 } },
      { id: "a", of: { n: 2 } },
    ],
    other: [{ text: "x" }],
  };
  const shown = withSame(before, after);
  expect(shown).toEqual(after);
  expect(shown.rows[1]).toBe(before.rows[1]);
  expect(shown.other).toBe(before.other);
  expect(withSame(before, copyOf(before))).toBe(before);
});

test("a change that somebody invented is refused or makes a value, and throws never", () => {
  const { level } = fc.letrec<{ level: unknown }>((tie) => ({
    level: fc.oneof(
      { depthSize: "small" },
      json,
      fc.record({ kind: fc.constant("is"), value: json }),
      fc.record({
        kind: fc.constant("fields"),
        put: fc.array(fc.tuple(field, tie("level")), { maxLength: 3 }),
        gone: fc.array(field, { maxLength: 2 }),
      }),
      fc.record({
        kind: fc.constant("rows"),
        rows: fc.array(
          fc.oneof(
            fc.record({ from: fc.integer({ min: -1, max: 5 }), count: fc.constantFrom(0, 1, 2, 1e9) }),
            fc.record({ from: fc.nat({ max: 5 }), change: tie("level") }),
            fc.record({ value: json }),
          ),
          { maxLength: 4 },
        ),
      }),
    ),
  }));
  fc.assert(
    fc.property(json, level, (value, change) => {
      const before = frozen(copyOf(value));
      const after = afterChange(before, change);
      expect(after === undefined || JSON.stringify(after) !== undefined).toBe(true);
      expect(Object.getPrototypeOf({})).toBe(Object.prototype);
      expect(JSON.stringify(before)).toBe(JSON.stringify(value));
    }),
    { numRuns: 2_000 },
  );
  let deep: unknown = { kind: "is", value: 1 };
  for (let n = 0; n < 20_000; n += 1) deep = { kind: "fields", put: [["a", deep]], gone: [] };
  expect(afterChange({}, deep)).toBeUndefined();
});

const tool = fc.record({
  name: fc.constantFrom("t1", "t2", "t3", "t4"),
  description: fc.constantFrom("a", "b"),
  inputSchema: fc.dictionary(fc.constantFrom("a", "b", "name", "__proto__"), json, { maxKeys: 3 }),
  own: fc.constantFrom(null, { kind: "deny" }, { kind: "ask", queue: "q" }),
});
const value = fc
  .uniqueArray(
    fc.record({
      id: fc.constantFrom("s1", "s2", "s3"),
      restarts: fc.nat({ max: 2 }),
      tools: fc.uniqueArray(tool, { selector: ({ name }) => name, maxLength: 4 }),
    }),
    { selector: ({ id }) => id, maxLength: 3 },
  )
  .map((servers) => {
    const verdict = { allowed: true, why: noted("") };
    const full = servers.map((server) => ({
      ...server,
      name: server.id,
      launch: { kind: "stdio", command: "c", args: [], env: [], vars: [] },
      addedBy: "Ada",
      state: "ready",
      error: null,
      review: null,
      filled: [],
      tools: server.tools.map((each) => ({
        ...each,
        title: null,
        readOnly: false,
        destructive: false,
        effect: { kind: "allow" },
        rule: { code: "x", args: [] },
        change: null,
        accepted: [],
        overruledBy: null,
      })),
    }));
    return { wid: "w", servers: full, queues: [], mayEdit: verdict, mayAccept: verdict } as unknown as ToolsView;
  });

/** As a window reads it. */
const textOf = (of: ToolsView): string => JSON.stringify(topicRows.tools.value.parse(copyOf(of)));

/** A host with one value, on turns and time that pass when the test says so. */
const hostOf = (first: ToolsView) => {
  let now = first;
  const had = new Set([textOf(first)]);
  const due: (() => void)[] = [];
  const rests: (() => void)[] = [];
  const timers = {
    soon: (work: () => void) => void due.push(work),
    later: (_ms: number, work: () => void) => (rests.push(work), () => undefined),
  };
  const topics = createTopics(undefined, timers);
  let gone = false;
  topics.provide("tools", () => {
    if (gone) throw refused("not-here");
    return now;
  });
  const log = createLog(
    () => undefined,
    () => 0,
  );
  const rights = { may: () => ({ allowed: true, why: noted("") }), workspaceOf: () => "w" };
  const rpc = createRpc({ handlers: {} as Handlers, topics, log, rights });
  return {
    rpc,
    had,
    now: () => now,
    set: (next: ToolsView): void => {
      now = next;
      had.add(textOf(next));
      topics.publish("tools", "w");
    },
    /** The value cannot be built for a while, as of a workspace that is being opened. */
    absent: (is: boolean): void => {
      gone = is;
      topics.publish("tools", "w");
    },
    pass: (): Promise<void> => {
      rests.splice(0).forEach((work) => work());
      due.splice(0).forEach((work) => work());
      return turn();
    },
    flood: (): void => {
      for (let n = 0; n < UNACKED_EVENTS_MAX + 9; n += 1) rpc.emit({ kind: "reload", thread: "t" });
    },
  };
};

type Wrong = (frame: Extract<ToWindow, { f: "change" }>) => ToWindow;
/** A window with its own code, over the RPC as it is, from which frames get lost or come falsely. */
const windowOf = (host: ReturnType<typeof hostOf>) => {
  let answers = new Map<number, { resolve: (result: never) => void; reject: (error: unknown) => void }>();
  let send: (frame: unknown) => void = () => undefined;
  let close: () => void = () => undefined;
  let [last, asleep, losing] = [0, false, 0];
  let wrong: Wrong | undefined;
  let again = false;
  const kept: ToWindow[] = [];
  const call = (method: string, params: object): Promise<never> =>
    new Promise((resolve, reject) => {
      last += 1;
      answers.set(last, { resolve, reject });
      send({ f: "call", id: last, method, params });
    });
  const watches = createWatches({ isUp: () => true, call, request: call });
  const shown: unknown[] = [];
  const take = (frame: ToWindow): void => {
    if (frame.f === "ok") answers.get(frame.id)?.resolve(frame.result as never);
    if (frame.f === "error") answers.get(frame.id)?.reject(frame.error);
    if (frame.f !== "topic" && frame.f !== "change" && frame.f !== "thread") return;
    if (frame.f !== "thread" && losing > 0) losing -= 1;
    else if (frame.f === "topic") watches.heard(frame);
    else if (frame.f === "change") {
      const given = wrong?.(frame) ?? frame;
      wrong = undefined;
      for (let times = again ? 2 : 1; times > 0; times -= 1) if (given.f === "change") watches.heard(given);
      again = false;
    }
    send({ f: "ack", n: frame.n });
  };
  const connect = (): void => {
    answers = new Map();
    kept.length = 0;
    const mine = answers;
    host.rpc.attach(
      {
        send: (frame) => {
          if (mine !== answers) return;
          if (asleep) kept.push(structuredClone(frame));
          else take(structuredClone(frame));
        },
        onFrame: (listener) => void (send = listener),
        onClose: (listener) => void (close = listener),
      },
      "main",
    );
  };
  connect();
  watches.watch("tools", "w", () => void shown.push(watches.read("tools", "w").value));
  return {
    shown,
    state: () => watches.read("tools", "w"),
    sleep: () => void (asleep = true),
    wake: () => {
      asleep = false;
      kept.splice(0).forEach(take);
    },
    twice: () => void (again = true),
    lose: () => void (losing += 1),
    loseNoMore: () => void (losing = 0),
    lie: (with_: Wrong) => void (wrong = with_),
    reconnect: () => {
      close();
      connect();
      watches.again();
    },
  };
};

const LIES: readonly Wrong[] = [
  (frame) => ({ ...frame, since: frame.since + 1 }),
  (frame) => ({ ...frame, change: null }),
  (frame) => ({ ...frame, change: { kind: "is", value: { wid: "w" } } }),
  (frame) => ({ ...frame, change: { kind: "fields", put: [["wid", { kind: "is", value: 7 }]], gone: [] } }),
  (frame) => ({ ...frame, change: { kind: "fields", put: [], gone: ["servers"] } }),
  (frame) => ({
    ...frame,
    change: { kind: "fields", put: [["servers", { kind: "rows", rows: [{ from: 0, count: 99 }] }]], gone: [] },
  }),
];
type Befalls = "sleep" | "wake" | "lose" | "twice" | "reconnect";
type Step =
  | { readonly kind: "set"; readonly to: ToolsView }
  | { readonly kind: "lie"; readonly window: number; readonly which: number }
  | { readonly kind: Befalls; readonly window: number }
  | { readonly kind: "pass" | "flood" | "open" | "absent" | "present" };
const window = fc.nat({ max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("set" as const), to: value }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("pass" as const) }) },
  fc.record({ kind: fc.constant("lie" as const), window, which: fc.nat({ max: LIES.length - 1 }) }),
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom<Befalls>("sleep", "wake", "lose", "twice", "reconnect"), window }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom("flood", "open", "absent", "present") as fc.Arbitrary<"open"> }),
  },
);

test("windows that followed a value through losses, lies, repeats and new connections have what a fresh one has, and showed nothing else", async () => {
  await fc.assert(
    fc.asyncProperty(value, value, fc.array(step, { minLength: 1, maxLength: 40 }), async (first, last, steps) => {
      const host = hostOf(first);
      const windows = [windowOf(host)];
      await turn();
      for (const each of steps) {
        if (each.kind === "set") host.set(each.to);
        else if (each.kind === "pass") await host.pass();
        else if (each.kind === "flood") host.flood();
        else if (each.kind === "absent" || each.kind === "present") host.absent(each.kind === "absent");
        else if (each.kind === "open") windows.push(windowOf(host));
        else if (each.kind === "lie") windows[each.window]?.lie(LIES[each.which] as Wrong);
        else if ("window" in each) windows[each.window]?.[each.kind]();
      }
      host.absent(false);
      for (const each of windows) each.wake();
      for (let round = 0; round < 4; round += 1) await host.pass();
      // What was lost last is found out with the next change.
      for (const each of windows) each.loseNoMore();
      for (const allowed of [false, true, false]) {
        const to = { ...last, mayEdit: { ...last.mayEdit, allowed } };
        host.set(to);
        await host.pass();
        await host.pass();
      }
      const fresh = windowOf(host);
      await turn();
      for (const each of windows) expect(each.state()).toEqual(fresh.state());
      expect(JSON.stringify(fresh.state().value?.servers.map(({ id }) => id))).toBe(
        JSON.stringify(host.now().servers.map(({ id }) => id)),
      );
      const shown = windows.flatMap((each) => each.shown).filter((each) => each !== undefined);
      for (const each of shown) expect(host.had.has(JSON.stringify(each))).toBe(true);
    }),
    { numRuns: 200 },
  );
});
