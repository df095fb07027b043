/**
 * An app of today meets a workspace of later days. A log as a future build would write it, signed and chained, with one
 * invented example of each way to grow, is played through the real replica: each ends in "update the app" or is passed
 * over, none in a lie. Positive control of each: the same entry, tampered with, is a lie.
 */
import { describe, expect, test } from "vitest";
import { COMMAND_TYP } from "#core/protocol/command.ts";
import { writeEntry } from "#core/protocol/entry.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { DocName, Hash } from "#core/protocol/ids.ts";
import { BUILD, KINDS } from "#core/protocol/levels.ts";
import type { Build } from "#core/protocol/levels.ts";
import { ingestLog } from "#core/rules/fold.ts";
import { stateHashOf } from "#core/rules/checkpoint.ts";
import { newLog } from "#core/rules/state.ts";
import { writeState } from "#core/rules/state-text.ts";
import { createReplica } from "#client/copy/replica.ts";
import type { WorkspaceRow } from "#client/ports/store.ts";
import { platform } from "../../electron/host/ways/platform.ts";
import { openStore } from "../../electron/host/store/open.ts";
import { createWorkspaceStore } from "../../electron/host/store/workspaces.ts";
import { crypto } from "../helpers/node-crypto.ts";
import { createTeam, deviceBody, makeDevice, QUEUE, queueOf, requestBody } from "../helpers/people.ts";
import type { Person, Team } from "../helpers/people.ts";
import { tempDir } from "../helpers/temp.ts";

/** Builds of later days: they know level 2, and 3, and a kind that is passed over. */
const knowing = (knows: number): Build => ({
  ...BUILD,
  knows,
  kinds: {
    ...BUILD.kinds,
    "card.seen": { since: 1, critical: false, phone: false, click: false, fields: {} },
  },
  capabilities: { ...BUILD.capabilities, "vault.open": 2 },
});

/** Appends what a later build signed, without judging it. */
const createFuture = () => {
  const team = createTeam();
  const ben = team.member("Ben", "approver");
  const texts = new Map<DocName, string[]>();
  for (const { doc, text } of team.entries) texts.set(doc, [...(texts.get(doc) ?? []), text]);
  const listOf = (doc: DocName): string[] => {
    const known = texts.get(doc) ?? [];
    texts.set(doc, known);
    return known;
  };
  const seen = (): [number, string] => {
    const log = listOf(LOG);
    return [log.length, crypto.sha256(log.at(-1) ?? "")];
  };
  const append = (doc: DocName, command: string): string => {
    const list = listOf(doc);
    const [s, h] = seen();
    const last = list.at(-1);
    const text = writeEntry({
      s: list.length + 1,
      p: (last === undefined ? "" : crypto.sha256(last)) as Hash,
      t: team.now,
      c: command,
      m: doc === LOG ? null : [s, h as Hash],
    });
    list.push(text);
    return text;
  };
  /** Signs any header and payload. */
  const sign = (by: Person, header: object, payload: object): string => {
    const input = `${crypto.encode(JSON.stringify({ alg: "Ed25519", typ: COMMAND_TYP, kid: by.device, ...header }))}.${crypto.encode(JSON.stringify(payload))}`;
    return `${input}.${by.key.sign(input)}`;
  };
  const payload = (by: Person, kind: string, body: unknown, over: object = {}) => {
    const n = (by.counters.get(LOG) ?? 0) + 1;
    by.counters.set(LOG, n);
    return { v: 1, w: team.wid, d: LOG, n, seen: seen(), exp: team.now + 600_000, k: kind, x: true, b: body, ...over };
  };
  const put = (kind: string, body: unknown, over: object = {}, header: object = {}, by = team.ada): string =>
    append(LOG, sign(by, header, payload(by, kind, body, over)));
  return { team, ben, listOf, append, put, sign, payload };
};
type Future = ReturnType<typeof createFuture>;

const copyOf = (team: Team) => {
  const store = openStore({ dir: tempDir() });
  const rows = createWorkspaceStore(store);
  const row: WorkspaceRow = {
    wid: team.wid,
    member: team.ada.member,
    device: team.ada.device,
    nextDevice: null,
    server: "http://127.0.0.1:1",
    embedded: null,
    paused: false,
    halt: null,
    pin: [0, ""],
  };
  rows.add(row, 0);
  const replica = createReplica({
    platform,
    row,
    rows,
    write: store.write,
    now: () => 1,
    monotonic: () => 0,
    changed: () => undefined,
    halted: () => undefined,
  });
  return { replica, rows };
};

const raise = (future: Future): void => void future.put("workspace.level", { from: 1, to: 2 });
const policy = (queue: object, rules: readonly object[] = []) => ({
  base: 0,
  unnamed: "ask",
  rules,
  queues: [{ ...queueOf("approvers", [{ n: 1, roles: ["approver", "owner"] }]), ...queue }],
});
const rule = (over: object) => ({
  id: "r1",
  server: null,
  tools: [],
  except: true,
  args: [],
  roles: [],
  effect: { kind: "deny" },
  ...over,
});

/** Each way to grow that an app of level 1 cannot read on over: what a server may send once an Owner raised the level. */
const growths: readonly (readonly [title: string, grow: (future: Future) => unknown])[] = [
  ["a level", raise],
  ["a critical kind", ({ put }) => put("vault.open", { to: "somebody" })],
  ["a critical kind at its level", (future) => [raise(future), future.put("vault.open", {})]],
  ["a field", (future) => [raise(future), future.put("policy.set", policy({ witnesses: 2 }))]],
  ["a right", (future) => [raise(future), future.put("role.define", { id: "keys", name: "K", caps: ["vault.open"] })]],
  [
    "an operator",
    (future) => [
      raise(future),
      future.put("policy.set", policy({}, [rule({ args: [{ path: "a", op: "between", value: "1 2" }] })])),
    ],
  ],
  [
    "an effect",
    (future) => [raise(future), future.put("policy.set", policy({}, [rule({ effect: { kind: "delay" } })]))],
  ],
  [
    "a kind of device",
    (future) => [
      raise(future),
      future.put("device.add", { ...deviceBody(future.team.wid, makeDevice(future.team.ada)), kind: "watch" }),
    ],
  ],
  ["a class of document", ({ put }) => put("thread.open", {}, { d: `shared:${"a".repeat(22)}` })],
  ["a class of document that nobody named yet", ({ put }) => put("plan.open", {}, { d: "plan:harbour" })],
  ["another algorithm", ({ put }) => put("server.key", { x: "k".repeat(43) }, {}, { alg: "ES256" })],
  ["another purpose of a signature", ({ put }) => put("server.key", {}, {}, { typ: "bulkhead-cmd2+jws" })],
  ["another version of the envelope", ({ put }) => put("server.key", {}, { v: 2, z: "more" })],
];

describe("[T30] a workspace of later days, in an app of today", () => {
  test.each(growths)("%s ends in “update the app”, and accuses nobody", (_title, grow) => {
    const future = createFuture();
    const { team, listOf } = future;
    const known = listOf(LOG).length;
    grow(future);
    const { replica, rows } = copyOf(team);
    replica.take(LOG, listOf(LOG));
    expect([replica.halt()?.code, replica.lie(), rows.evidence(team.wid), replica.log.seq]).toEqual([
      "update-app",
      null,
      [],
      known,
    ]);
    // What was verified before stays, and a promise of the server that cannot be looked at is none that it broke.
    replica.claims.welcomed(LOG, 99);
    replica.look();
    expect([replica.doubt(), rows.entries(team.wid, LOG).length]).toEqual([null, known]);
  });

  test.each(growths)("%s, tampered with, is a lie", (_title, grow) => {
    const future = createFuture();
    const { team, listOf } = future;
    const known = listOf(LOG).length;
    grow(future);
    const [first = ""] = listOf(LOG).slice(known);
    const entry = JSON.parse(first) as { p: string };
    const { replica, rows } = copyOf(team);
    replica.take(LOG, [...listOf(LOG).slice(0, known), JSON.stringify({ ...entry, p: crypto.sha256("other") })]);
    expect([replica.halt()?.code, replica.lie(), rows.evidence(team.wid).length]).toEqual([
      "tampered",
      "chain-broken",
      1,
    ]);
  });

  test("what is not critical is passed over, and approvals go on behind it", () => {
    const future = createFuture();
    const { team, ben, listOf, put, append } = future;
    put("card.seen", { what: ["ever", { it: "says" }] }, { x: false });
    const asked = append(QUEUE, team.sign(team.ada, QUEUE, "approval.request", requestBody()));
    append(
      QUEUE,
      team.sign(ben, QUEUE, "approval.vote", {
        request: crypto.sha256((JSON.parse(asked) as { c: string }).c),
        v: "approve",
        note: null,
      }),
    );
    put("card.seen", {}, { x: false });
    put("member.rename", { name: "Ada L." });
    const { replica, rows } = copyOf(team);
    replica.take(LOG, listOf(LOG));
    replica.take(QUEUE, listOf(QUEUE));
    expect([replica.halt(), replica.log.seq, rows.evidence(team.wid)]).toEqual([null, listOf(LOG).length, []]);
    expect([...replica.approvals(QUEUE).requests.values()].map(({ state }) => state)).toEqual(["approved"]);
    expect(replica.log.members.get(team.ada.member)?.name).toBe("Ada L.");
  });

  test("what is not critical, tampered with, is a lie: by its signature, and by its size", () => {
    for (const [over, code] of [
      [{ n: 1 }, "replay"],
      [{ b: { t: "x".repeat(2_100) } }, "too-large"],
    ] as const) {
      const future = createFuture();
      future.put("card.seen", {}, { x: false, ...over });
      const { replica } = copyOf(future.team);
      replica.take(LOG, future.listOf(LOG));
      expect([replica.halt()?.code, replica.lie()]).toEqual(["tampered", code]);
    }
    const future = createFuture();
    const { team, ben, listOf, append, sign, payload } = future;
    append(LOG, sign({ ...ben, device: team.ada.device }, {}, payload(team.ada, "card.seen", {}, { x: false })));
    const { replica } = copyOf(team);
    replica.take(LOG, listOf(LOG));
    expect([replica.halt()?.code, replica.lie()]).toEqual(["tampered", "bad-signature"]);
  });
});

describe("[T30] [LV14] one log, and builds of three days", () => {
  const fold = (build: Build, team: Team, texts: readonly string[]) => {
    const log = newLog(team.wid);
    const verdicts = texts.map((text) => {
      const taken = ingestLog({ crypto, build }, log, text);
      return taken.ok ? "ok" : taken.code;
    });
    return { verdicts, state: writeState(log), checkpoint: stateHashOf(crypto, log), level: log.levels.length };
  };

  test("fold what they all know to equal verdicts, equal text and equal checkpoints", () => {
    const { team, ben, listOf, put } = createFuture();
    put("card.seen", { at: 1 }, { x: false });
    put("role.define", { id: "helper", name: "Helper", caps: ["tools.use"] });
    put("card.seen", [], { x: false }, {}, ben);
    put("device.knows", { version: "2.0.0", knows: 2 }, {}, {}, ben);
    put("member.rename", { name: "Benno" }, {}, {}, ben);
    const [today, next, after] = [BUILD, knowing(2), knowing(3)].map((build) => fold(build, team, listOf(LOG)));
    expect(today?.verdicts.every((verdict) => verdict === "ok")).toBe(true);
    expect([next, after]).toEqual([today, today]);
  });

  test("and who knows level 2 goes on where who does not says so", () => {
    const future = createFuture();
    raise(future);
    future.put("role.define", { id: "keys", name: "Keys", caps: ["vault.open"] });
    const texts = future.listOf(LOG);
    const [today, next, after] = [BUILD, knowing(2), knowing(3)].map((build) => fold(build, future.team, texts));
    expect(today?.verdicts.slice(-2)).toEqual(["newer", "gap"]);
    expect(next?.verdicts.slice(-2)).toEqual(["ok", "ok"]);
    expect(after).toEqual(next);
    expect(next?.level).toBe(1);
  });

  test("no kind of level 1 may be passed over", () => {
    expect(Object.entries(KINDS).flatMap(([kind, { critical }]) => (critical ? [] : [kind]))).toEqual([]);
  });
});
