/** How the protocol grows: levels, marks, and what an app does with what it does not know. */
import { readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { BUILD, KINDS } from "#core/protocol/levels.ts";
import type { Build, KindRow } from "#core/protocol/levels.ts";
import { acceptedFields } from "#core/protocol/documents.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { DeviceId } from "#core/protocol/ids.ts";
import { label, record } from "#core/protocol/parse.ts";
import { ingestLog } from "#core/rules/fold.ts";
import { behind, bodyAt, levelAt, nextLevel } from "#core/rules/level.ts";
import { may } from "#core/rules/may.ts";
import { readState, writeState } from "#core/rules/state-text.ts";
import type { Device } from "#core/rules/state.ts";
import { writeEntry } from "#core/protocol/entry.ts";
import { crypto } from "../../helpers/node-crypto.ts";
import { createTeam, deviceBody, makeDevice, QUEUE, queueOf, requestBody } from "../../helpers/people.ts";
import type { Over, Person, Team } from "../../helpers/people.ts";

const no = (code: string) => ({ ok: false, code });
const DAY = 86_400_000;

/** A build of later days: one kind that is not critical, one right, one field of `member.rename`. */
const later: Build = {
  ...BUILD,
  knows: 2,
  kinds: {
    ...BUILD.kinds,
    "card.seen": { since: 1, critical: false, phone: false, click: false, fields: {} },
    "member.rename": {
      ...KINDS["member.rename"],
      fields: { name: 1, short: { since: 2, least: null } },
    } as KindRow,
  },
  bodies: {
    ...BUILD.bodies,
    "member.rename": record({ name: label(80), short: (value: unknown) => (value === null ? null : label(8)(value)) }),
  },
  capabilities: { ...BUILD.capabilities, "vault.open": 2 },
};
/** The next entry of the log as that build folds it. */
const offer = (team: Team, build: Build, by: Person, kind: string, body: unknown, over: Over = {}, admit = false) =>
  ingestLog(
    { crypto, build },
    team.log,
    writeEntry({
      s: team.log.seq + 1,
      p: team.log.head as never,
      t: team.now,
      c: team.sign(by, LOG, kind, body, over),
      m: null,
    }),
    { admit },
  );
const raise = (team: Team) => offer(team, later, team.ada, "workspace.level", { from: 1, to: 2 });

describe("the table", () => {
  test("names each field of each kind that the parsers take, and no other", () => {
    const accepted = acceptedFields();
    for (const [kind, { fields }] of Object.entries(KINDS)) {
      const known = new Set(Object.keys(fields));
      for (const path of accepted[kind] ?? []) {
        const plain = path.replaceAll("[]", "");
        expect(known.has(plain), `${kind} ${plain}`).toBe(true);
      }
    }
  });

  test("[PH16] lets a phone sign a vote and what it knows, and nothing else", () => {
    expect(Object.entries(KINDS).flatMap(([kind, { phone }]) => (phone ? [kind] : []))).toEqual([
      "device.knows",
      "approval.vote",
    ]);
    const team = createTeam();
    const ben = team.member("Ben", "approver");
    const asked = team.given(team.ada, QUEUE, "approval.request", requestBody());
    (team.log.devices.get(ben.device) as { kind: Device["kind"] }).kind = "phone";
    const vote = (v: string) => team.send(ben, QUEUE, "approval.vote", { request: asked, v, note: null });
    expect(team.send(ben, LOG, "member.rename", { name: "Benno" })).toEqual(no("not-allowed"));
    expect(vote("approve")).toEqual(no("not-served"));
    expect(team.send(ben, LOG, "device.knows", { version: "2", knows: 2 }).ok).toBe(true);
    expect(vote("reject").ok).toBe(true);
  });
});

describe("the level", () => {
  test("[LV2] is raised by an Owner, from the one in force to the next, and by nobody who does not know it", () => {
    const team = createTeam();
    const dana = team.member("Dana", "admin");
    expect(offer(team, later, dana, "workspace.level", { from: 1, to: 2 })).toEqual(no("owner-signs"));
    expect(offer(team, later, team.ada, "workspace.level", { from: 2, to: 3 })).toEqual(no("stale"));
    expect(offer(team, later, team.ada, "workspace.level", { from: 1, to: 3 })).toEqual(no("malformed"));
    expect(offer(team, BUILD, team.ada, "workspace.level", { from: 1, to: 2 })).toEqual(no("newer"));
    expect([levelAt(team.log), nextLevel(team.log, BUILD), nextLevel(team.log, later)]).toEqual([
      1,
      null,
      { from: 1, to: 2 },
    ]);
    expect(raise(team).ok).toBe(true);
    expect([levelAt(team.log), levelAt(team.log, team.log.seq - 1), nextLevel(team.log, later)]).toEqual([2, 1, null]);
    expect(raise(team)).toEqual(no("stale"));
    expect(offer(team, later, team.ada, "workspace.level", { from: 2, to: 3 })).toEqual(no("newer"));
  });

  test("[LV3] what a device knows stands in the log, by its own word and only where it changed; who said nothing is behind", () => {
    const team = createTeam();
    const ben = team.member("Ben");
    const laptop = makeDevice(ben);
    team.given(ben, LOG, "device.add", { ...deviceBody(team.wid, laptop), name: "Ben's laptop" });
    const names = (to: number): (DeviceId | string)[] => behind(team.log, to).map(({ id, name }) => name ?? id);
    expect(names(1)).toEqual(["Ben's laptop"]);
    expect(names(2)).toEqual([team.ada.device, ben.device, "Ben's laptop"]);
    expect(team.send(laptop, LOG, "device.knows", { version: "1.4.0", knows: 2 }).ok).toBe(true);
    expect(team.send(laptop, LOG, "device.knows", { version: "1.4.0", knows: 2 })).toEqual(no("already-exists"));
    expect(names(2)).toEqual([team.ada.device, ben.device]);
    expect(readState(writeState(team.log))).toEqual(team.log);
    team.given(team.ada, LOG, "member.remove", { member: ben.member });
    expect(names(2)).toEqual([team.ada.device]);
  });

  test("[LV8] a raise gives built-in roles what it brings, from there on, and custom roles nothing", () => {
    const team = createTeam();
    team.given(team.ada, LOG, "role.define", { id: "boss", name: "Boss", caps: Object.keys(BUILD.capabilities) });
    const ben = team.member("Ben", "boss");
    const held = (by: Person, position?: number) =>
      team.log.roles
        .get(team.log.members.get(by.member)?.role.at(-1)?.[1] as never)
        ?.findLast(([from]) => from <= (position ?? team.log.seq))?.[1]
        .caps.has("vault.open" as never);
    expect(offer(team, later, team.ada, "role.define", { id: "keys", name: "Keys", caps: ["vault.open"] })).toEqual(
      no("above-level"),
    );
    expect(held(team.ada)).toBe(false);
    expect(raise(team).ok).toBe(true);
    expect([held(team.ada), held(team.ada, team.log.seq - 1), held(ben)]).toEqual([true, false, false]);
    const define = (by: Person) =>
      offer(team, later, by, "role.define", { id: "keys", name: "Keys", caps: ["vault.open"] });
    expect(define(ben)).toEqual(no("not-yours-to-give"));
    expect(define(team.ada).ok).toBe(true);
    expect(may(team.log, ben.member, "policy.edit").allowed).toBe(true);
  });

  test("[LV8] a right that this app does not know is newer, and what is no right is malformed", () => {
    const team = createTeam();
    const define = (caps: string[]) => team.send(team.ada, LOG, "role.define", { id: "keys", name: "Keys", caps });
    expect([define(["vault.open"]), define(["root"]), define(["Tools.use"])]).toEqual([
      no("newer"),
      no("malformed"),
      no("malformed"),
    ]);
    expect(define(["tools.use"]).ok).toBe(true);
  });

  test("[LV1] a command has the shape of the level that its author had seen, for a week after the raise", () => {
    const team = createTeam();
    const ben = team.member("Ben");
    const before = team.seen();
    const rename = (body: object, over: Over = {}, by = ben) => offer(team, later, by, "member.rename", body, over);
    expect(rename({ name: "Benno", short: "B" })).toEqual(no("above-level"));
    expect(rename({ name: "Benno" }).ok).toBe(true);
    expect(raise(team).ok).toBe(true);
    expect(rename({ name: "Benja" })).toEqual(no("malformed"));
    expect(rename({ name: "Benja" }, { seen: before }).ok).toBe(true);
    expect(rename({ name: "Ben", short: "B" }, { seen: before })).toEqual(no("malformed"));
    expect(rename({ name: "Ben", short: "B" }).ok).toBe(true);
    team.pass(7 * DAY + 600_001);
    expect(rename({ name: "Benno" }, { seen: before })).toEqual(no("below-level"));
    // What has one shape at both levels is not about a shape: who is behind may always leave.
    expect(offer(team, later, ben, "member.remove", { member: ben.member }, { seen: before }).ok).toBe(true);
  });

  test("[LV1] what an older shape lacks has the value that gives least", () => {
    const team = createTeam();
    const asked = { kind: "member.rename", body: { name: "B" }, position: 1, seen: 1, time: team.now };
    expect(bodyAt(team.log, later, asked)).toEqual({ body: { name: "B", short: null } });
    expect(bodyAt(team.log, BUILD, asked)).toEqual({ body: { name: "B" } });
  });
});

describe("what is not critical", () => {
  const seen = (team: Team, by: Person, body: unknown, over: Over = {}, build = BUILD, admit = false) =>
    offer(team, build, by, "card.seen", body, { x: false, ...over }, admit);

  test("[LV6] [LV7] is chained and passed over alike by who knows the kind and who does not, whatever its body says", () => {
    const team = createTeam();
    const ben = team.member("Ben");
    const copy = readState(writeState(team.log));
    if (copy === undefined) throw new Error("no copy");
    for (const body of [{}, { at: 1 }, { anything: [1, 2, { a: "b" }] }, []]) {
      const text = writeEntry({
        s: team.log.seq + 1,
        p: team.log.head as never,
        t: team.now,
        c: team.sign(ben, LOG, "card.seen", body, { x: false }),
        m: null,
      });
      const taken = ingestLog({ crypto }, team.log, text);
      expect(taken).toMatchObject({ ok: true, kind: null });
      expect(ingestLog({ crypto, build: later }, copy, text)).toEqual(taken);
    }
    expect(writeState(copy)).toBe(writeState(team.log));
  });

  test("[LV6] is judged by its envelope: signature, author, counter and life hold as for anything", () => {
    const team = createTeam();
    const ben = team.member("Ben");
    const other = team.member("Cleo");
    expect(seen(team, { ...other, device: ben.device }, {}, { n: 9 })).toEqual(no("bad-signature"));
    expect(seen(team, ben, {}, { exp: team.now - 1 })).toEqual(no("command-expired"));
    expect(seen(team, ben, {}, { n: 5 }).ok).toBe(true);
    expect(seen(team, ben, {}, { n: 5 })).toEqual(no("replay"));
    team.given(team.ada, LOG, "member.remove", { member: ben.member });
    expect(seen(team, ben, {}, { n: 7 })).toEqual(no("unknown-device"));
  });

  test("[LV9] is at most 2,048 characters in every version, and a server takes only kinds that it knows", () => {
    const team = createTeam();
    const text = (length: number) => ({ t: "x".repeat(length - 8) });
    expect(seen(team, team.ada, text(2_049))).toEqual(no("too-large"));
    expect(seen(team, team.ada, text(2_049), {}, later)).toEqual(no("too-large"));
    expect(seen(team, team.ada, text(2_048), {}, BUILD, true)).toEqual(no("unknown-command"));
    expect(seen(team, team.ada, text(2_048), {}, later, true).ok).toBe(true);
    expect(seen(team, team.ada, text(2_048)).ok).toBe(true);
  });

  test("[LV9] says so in its mark: another one than the table's is refused by who knows the kind", () => {
    const team = createTeam();
    expect(seen(team, team.ada, {}, { x: true }, later)).toEqual(no("malformed"));
    expect(seen(team, team.ada, {}, { x: true })).toEqual(no("newer"));
    expect(seen(team, team.ada, {}, {}, later).ok).toBe(true);
  });
});

describe("what is named and not served", () => {
  test("is refused at this level: phones and runners, votes and grants that nothing counts", () => {
    const team = createTeam();
    const add = (kind: string) =>
      team.send(team.ada, LOG, "device.add", { ...deviceBody(team.wid, makeDevice(team.ada)), kind });
    expect([add("phone"), add("runner"), add("toaster")]).toEqual([
      no("not-served"),
      no("not-served"),
      no("malformed"),
    ]);
    expect(add("desktop").ok).toBe(true);
    const set = (over: object) =>
      team.send(team.ada, LOG, "policy.set", {
        base: 0,
        unnamed: "ask",
        rules: [],
        queues: [queueOf("approvers", [{ n: 2, roles: ["approver"] }], { ...over })],
      });
    expect([set({ phone: "one" }), set({ phone: "full" }), set({ grants: "allow" })]).toEqual([
      no("not-served"),
      no("not-served"),
      no("not-served"),
    ]);
    expect([set({ phone: "sometimes" }), set({ phone: "none" }).ok]).toEqual([no("malformed"), true]);
  });
});

describe("[UN1] text", () => {
  const CORE = resolve(import.meta.dirname, "../../../sync-server/core");
  /** Where such a word stands for a reason. */
  const REASONS: Readonly<Record<string, string>> = {
    "protocol/link.ts": "a link as a person pasted it, before anything is signed",
    "protocol/pair.ts": "a code as a person pasted it, before anything is signed",
  };
  const WORDS =
    /\\p\{|\.normalize\(|\.to(?:Locale)?(?:Lower|Upper)Case\(|localeCompare|\.trim(?:Start|End)?\(|\bIntl\b/;
  const files = readdirSync(CORE, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  const code = (source: string): string => source.replaceAll(/\/\*[^]*?\*\/|\/\/.*$/gm, "");

  test("no verdict of the core depends on tables of an engine", () => {
    expect(files.length).toBeGreaterThan(20);
    const found = files.filter((name) => WORDS.test(code(readFileSync(resolve(CORE, name), "utf8"))));
    expect(found.filter((name) => REASONS[name] === undefined)).toEqual([]);
  });
  test("the search finds what it is for", () => {
    for (const bad of ["/\\p{Cc}/u", "a.normalize()", "b.toLowerCase()", "a.localeCompare(b)", "x.trim()", "Intl.x"])
      expect(WORDS.test(code(bad)), bad).toBe(true);
    expect(WORDS.test(code("/** never `trim()` */ const a = 1;"))).toBe(false);
  });
});
