/** Accepted definitions of tools, and a server that comes with its rules. */
import { expect, test } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import type { ServerId } from "#core/protocol/ids.ts";
import { policyAt, policyPosition } from "#core/rules/may.ts";
import { DEFINITIONS_MAX } from "#core/rules/policy.ts";
import { crypto } from "../../helpers/node-crypto.ts";
import { createTeam } from "../../helpers/people.ts";
import type { Person, Team } from "../../helpers/people.ts";

const ID = "T".repeat(22) as ServerId;
const seen = (name: string, text = "1") => ({ name, schema: crypto.sha256(text), readOnly: false, destructive: true });
const define = (team: Team, by: Person, over: Record<string, unknown> = {}) =>
  team.send(by, LOG, "tool.define", {
    id: ID,
    name: "Files",
    launch: { kind: "http", url: "https://tools.example", headers: [], vars: [] },
    tools: [seen("read"), seen("write")],
    policy: null,
    ...over,
  });
const rule = (id: string, over: Record<string, unknown> = {}) => ({
  id,
  server: ID,
  tools: ["read"],
  except: false,
  args: [],
  roles: [],
  effect: { kind: "allow" },
  ...over,
});
const withRules = (team: Team, ...rules: unknown[]) => ({ policy: { base: policyPosition(team.log), rules } });
const accept = (team: Team, by: Person, tool: string, text: string, base = team.log.servers.get(ID)?.position ?? 0) =>
  team.send(by, LOG, "tool.accept", {
    server: ID,
    base,
    tool,
    schema: crypto.sha256(text),
    readOnly: false,
    destructive: false,
  });
const acceptedOf = (team: Team, tool: string) =>
  team.log.servers
    .get(ID)
    ?.tools.find(({ name }) => name === tool)
    ?.accepted.map(({ schema }) => schema);
const no = (code: string) => ({ ok: false, code });

test("[TD2] a new server's tools are accepted as they were seen, and further definitions stand beside them, eight at most", () => {
  const team = createTeam();
  define(team, team.ada);
  expect(acceptedOf(team, "read")).toEqual([crypto.sha256("1")]);
  expect(accept(team, team.ada, "read", "1")).toEqual(no("already-exists"));
  for (let n = 2; n <= DEFINITIONS_MAX; n += 1) expect(accept(team, team.ada, "read", String(n)).ok).toBe(true);
  expect(accept(team, team.ada, "read", "9")).toEqual(no("too-many"));
  expect(acceptedOf(team, "write")).toEqual([crypto.sha256("1")]);
  const withdraw = { server: ID, base: team.log.servers.get(ID)?.position, tool: "read", schema: crypto.sha256("1") };
  expect(team.send(team.ada, LOG, "tool.withdraw", withdraw).ok).toBe(true);
  expect(team.send(team.ada, LOG, "tool.withdraw", withdraw)).toEqual(no("no-such-definition"));
  expect(accept(team, team.ada, "read", "9").ok).toBe(true);
});

test("[TD1] a tool that was not there is accepted by its name", () => {
  const team = createTeam();
  define(team, team.ada);
  expect(acceptedOf(team, "new")).toBeUndefined();
  expect(accept(team, team.ada, "new", "1").ok).toBe(true);
  expect(acceptedOf(team, "new")).toEqual([crypto.sha256("1")]);
});

test("[TD5] a server that is defined anew keeps nothing that was accepted of the one before", () => {
  const team = createTeam();
  define(team, team.ada);
  const before = team.log.servers.get(ID)?.position ?? 0;
  expect(
    define(team, team.ada, { launch: { kind: "http", url: "https://other.example", headers: [], vars: [] } }).ok,
  ).toBe(true);
  expect(acceptedOf(team, "read")).toEqual([]);
  expect(accept(team, team.ada, "read", "1", before)).toEqual(no("stale"));
  expect(accept(team, team.ada, "read", "1").ok).toBe(true);
});

test("[T25] a server and its rules come in one act, or neither does", () => {
  const team = createTeam();
  const nothing = (taken: unknown, code: string) => {
    expect(taken).toEqual(no(code));
    expect(team.log.servers.size).toBe(0);
    expect(policyAt(team.log).rules).toEqual([]);
  };
  nothing(define(team, team.ada, withRules(team, rule("r1", { server: "U".repeat(22) }))), "no-such-server");
  nothing(define(team, team.ada, withRules(team, rule("r1", { tools: [] }))), "malformed");
  nothing(define(team, team.ada, withRules(team, rule("r1", { tools: ["read", "read"] }))), "malformed");
  nothing(define(team, team.ada, withRules(team, rule("r1"), rule("r1"))), "already-exists");
  nothing(
    define(team, team.ada, withRules(team, rule("r1", { effect: { kind: "ask", queue: "nowhere" } }))),
    "no-such-queue",
  );
  nothing(define(team, team.ada, { policy: { base: 99, rules: [] } }), "stale");
  nothing(define(team, team.ada, { tools: [seen("read"), seen("read", "2")] }), "malformed");
  team.given(team.ada, LOG, "role.define", { id: "keeper", name: "Keeper", caps: ["tools.configure"] });
  const kim = team.member("Kim");
  team.given(team.ada, LOG, "member.role", { member: kim.member, from: "member", to: "keeper" });
  nothing(define(team, kim, withRules(team, rule("r1"))), "not-allowed");
  expect(define(team, kim).ok).toBe(true);
  team.given(team.ada, LOG, "tool.remove", { id: ID });
  expect(
    define(team, team.ada, withRules(team, rule("r1"), rule("r2", { except: true, effect: { kind: "confirm" } }))).ok,
  ).toBe(true);
  expect(policyAt(team.log).rules.map(({ id }) => id)).toEqual(["r1", "r2"]);
  team.given(team.ada, LOG, "tool.remove", { id: ID });
  expect(policyAt(team.log).rules).toEqual([]);
});

test("[PO7] rules that come with servers never grow the policy beyond the one command that could change it again", () => {
  const team = createTeam();
  const tools = (n: number) => Array.from({ length: 200 }, (_, i) => `tool_${n}_${i}_`.padEnd(60, "x"));
  const server = (n: number) => `${"T".repeat(20)}${n}0` as ServerId;
  const add = (n: number) =>
    define(team, team.ada, {
      id: server(n),
      ...withRules(
        team,
        rule(`rule-${n}`, { server: server(n), tools: tools(n), except: true, effect: { kind: "deny" } }),
      ),
    });
  const verdicts = [1, 2, 3, 4, 5].map(add).map((taken) => (taken.ok ? "ok" : taken.code));
  expect(verdicts).toEqual(["ok", "ok", "ok", "too-large", "too-large"]);
  const { rules, queues } = policyAt(team.log);
  expect(rules.map(({ id }) => id)).toEqual(["rule-1", "rule-2", "rule-3"]);
  expect(team.log.servers.has(server(4))).toBe(false);
  expect(
    team.send(team.ada, LOG, "policy.set", { base: policyPosition(team.log), unnamed: "deny", rules, queues }).ok,
  ).toBe(true);
});
