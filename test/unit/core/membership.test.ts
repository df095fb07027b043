import { describe, expect, test } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import { deviceActive, may, roleOf } from "#core/rules/may.ts";
import { CAPABILITIES } from "#core/protocol/capabilities.ts";
import { createTeam, deviceBody, makeDevice, makePerson, QUEUE, queueOf, requestBody } from "../../helpers/people.ts";
import type { Person, Team } from "../../helpers/people.ts";
import { worded } from "../../helpers/worded.ts";

const role = (team: Team, by: Person, of: Person, from: string, to: string) =>
  team.send(by, LOG, "member.role", { member: of.member, from, to });
const remove = (team: Team, by: Person, of: Person) => team.send(by, LOG, "member.remove", { member: of.member });
const no = (code: string) => ({ ok: false, code });

describe("roles", () => {
  const cases: [title: string, actor: string, from: string, to: string, verdict: string][] = [
    ["[MB2] a Member gives no role", "member", "guest", "member", "not-allowed"],
    ["[MB2] an Approver gives no role", "approver", "guest", "member", "not-allowed"],
    ["[MB2] an Auditor gives no role", "auditor", "guest", "member", "not-allowed"],
    ["[MB2] a Guest gives no role", "guest", "guest", "member", "not-allowed"],
    ["[MB2] an Admin makes an Approver", "admin", "member", "approver", "ok"],
    ["[MB4] [T15] an Admin makes no Owner", "admin", "member", "owner", "owners-only"],
    ["[MB4] an Admin makes no other Admin", "admin", "member", "admin", "owners-only"],
    ["[MB4] an Admin takes no Admin's role", "admin", "admin", "member", "owners-only"],
    ["[MB4] an Owner makes an Owner", "owner", "member", "owner", "ok"],
    ["[MB4] an Owner takes an Admin's role", "owner", "admin", "member", "ok"],
    ["[MB3] a change from a role that is no longer held", "owner", "approver", "admin", "stale"],
    ["a role that does not exist", "owner", "member", "captain", "no-such-role"],
  ];
  test.each(cases)("%s", (title, actor, from, to, verdict) => {
    const team = createTeam();
    const by = actor === "owner" ? team.ada : team.member("Ben", actor);
    const of = team.member("Cleo", title.includes("no longer") ? "member" : from);
    const taken = role(team, by, of, from, to);
    expect(taken.ok ? "ok" : taken.code).toBe(verdict);
    expect(roleOf(team.log, of.member)).toBe(verdict === "ok" ? to : title.includes("no longer") ? "member" : from);
  });

  test("[MB2] [T15] nobody raises their own role", () => {
    const team = createTeam();
    const ben = team.member("Ben");
    const cleo = team.member("Cleo", "admin");
    expect(role(team, ben, ben, "member", "admin")).toEqual(no("not-allowed"));
    expect(role(team, cleo, cleo, "admin", "owner")).toEqual(no("owners-only"));
  });

  test("[MB5] a custom role hands out only what it holds itself, and cannot grow by being defined again", () => {
    const team = createTeam();
    team.given(team.ada, LOG, "role.define", {
      id: "greeter",
      name: "Greeter",
      caps: ["threads.create", "members.assign"],
    });
    team.given(team.ada, LOG, "role.define", { id: "reader", name: "Reader", caps: ["threads.create"] });
    const ben = team.member("Ben", "greeter");
    const cleo = team.member("Cleo", "guest");
    expect(role(team, ben, cleo, "guest", "member")).toEqual(no("not-yours-to-give"));
    expect(role(team, ben, cleo, "guest", "reader").ok).toBe(true);
    const define = (id: string, caps: string[]) => team.send(ben, LOG, "role.define", { id, name: "Mine", caps });
    expect(define("greeter", ["threads.create", "members.assign", "tools.use"])).toEqual(no("not-yours-to-give"));
    expect(define("owner", ["threads.create"])).toEqual(no("already-exists"));
    expect(define("door", ["threads.create"]).ok).toBe(true);
    expect(define("twice", ["threads.create", "threads.create"])).toEqual(no("malformed"));
    expect(define("odd", ["root"])).toEqual(no("malformed"));
  });

  test("[MB10] [T5] a custom role without policy.edit is refused changing the policy, and the answer names the rule", () => {
    const team = createTeam();
    team.given(team.ada, LOG, "role.define", { id: "helper", name: "Helper", caps: ["tools.use", "threads.create"] });
    const ben = team.member("Ben", "helper");
    expect(may(team.log, ben.member, "tools.use")).toEqual({
      allowed: true,
      why: worded("The role Helper may use tools."),
    });
    expect(may(team.log, ben.member, "policy.edit")).toEqual({
      allowed: false,
      why: worded("The role Helper may not change rules and queues."),
    });
  });
});

/** [T7] Role and capability, written out: what is not in the row is refused. */
const member = ["threads.create", "tools.use"];
const table: [string, readonly string[]][] = [
  ["owner", CAPABILITIES],
  ["admin", CAPABILITIES],
  ["approver", [...member, "approvals.decide"]],
  ["member", member],
  ["auditor", ["audit.read", "audit.export"]],
  ["guest", []],
];
test.each(table)("[MB11] [T7] the role %s allows exactly what the table says", (name, allowed) => {
  const team = createTeam();
  const who = name === "owner" ? team.ada : team.member("Ben", name);
  for (const capability of CAPABILITIES)
    expect([capability, may(team.log, who.member, capability).allowed]).toEqual([
      capability,
      allowed.includes(capability),
    ]);
});

/** [T6] Every kind of command that writes configuration, as an Auditor, a Guest and a Member would send it. */
const configuration: [string, unknown][] = [
  ["role.define", { id: "mine", name: "Mine", caps: [] }],
  ["invite.revoke", { id: "A".repeat(22) }],
  [
    "tool.define",
    {
      id: "A".repeat(22),
      name: "Files",
      launch: { kind: "http", url: "https://tools.example", headers: [], vars: [] },
      tools: [],
      policy: null,
    },
  ],
  ["tool.remove", { id: "A".repeat(22) }],
  ["policy.set", { base: 0, unnamed: "ask", rules: [], queues: [queueOf("approvers", [{ n: 1, roles: ["member"] }])] }],
  ["server.key", { x: `${"B".repeat(42)}A` }],
];
test.each(["auditor", "guest", "member", "approver"])("[MB12] [T6] the role %s writes no configuration", (name) => {
  const team = createTeam();
  const who = team.member("Ben", name);
  for (const [kind, body] of configuration)
    expect([kind, team.send(who, LOG, kind, body)]).toEqual([kind, no("not-allowed")]);
  for (const [kind, body] of configuration.filter(([kind]) => kind !== "tool.remove"))
    expect([kind, team.send(team.ada, LOG, kind, body).ok]).toEqual([kind, true]);
});

describe("the last Owner", () => {
  test("[MB6] [T15] cannot be demoted or removed, also not by themselves", () => {
    const team = createTeam();
    const { ada } = team;
    expect(role(team, ada, ada, "owner", "admin")).toEqual(no("last-owner"));
    expect(remove(team, ada, ada)).toEqual(no("last-owner"));
    const ben = team.member("Ben", "owner");
    expect(remove(team, ada, ada).ok).toBe(true);
    expect(remove(team, ben, ben)).toEqual(no("last-owner"));
  });

  test("[MB6] [T15] stays when two Owners demote each other at the same time: the second command finds its author demoted", () => {
    const team = createTeam();
    const ben = team.member("Ben", "owner");
    const both = [
      team.sign(team.ada, LOG, "member.role", { member: ben.member, from: "owner", to: "member" }),
      team.sign(ben, LOG, "member.role", { member: team.ada.member, from: "owner", to: "member" }),
    ];
    expect(both.map((command) => team.take(team.log, command)).map((taken) => (taken.ok ? "ok" : taken.code))).toEqual([
      "ok",
      "not-allowed",
    ]);
    expect(roleOf(team.log, team.ada.member)).toBe("owner");
  });
});

describe("removal", () => {
  test("[MB7] closes all devices of the member from that position on, and keeps what they did before", () => {
    const team = createTeam();
    const ben = team.member("Ben");
    const phone = makeDevice(ben);
    team.given(ben, LOG, "device.add", deviceBody(team.wid, phone));
    const before = team.log.seq;
    expect(remove(team, team.ada, ben).ok).toBe(true);
    for (const device of [ben, phone]) {
      expect(team.send(device, LOG, "member.remove", { member: ben.member })).toEqual(no("unknown-device"));
      expect(deviceActive(team.log, device.device, before)).toBeDefined();
      expect(deviceActive(team.log, device.device)).toBeUndefined();
    }
    expect(roleOf(team.log, ben.member, before)).toBe("member");
  });

  test("[MB7] is everybody's own choice, and otherwise needs the right and a role one could give", () => {
    const team = createTeam();
    const ben = team.member("Ben");
    const cleo = team.member("Cleo", "admin");
    expect(remove(team, ben, cleo)).toEqual(no("not-allowed"));
    expect(remove(team, cleo, team.ada)).toEqual(no("owners-only"));
    expect(remove(team, ben, ben).ok).toBe(true);
    expect(remove(team, cleo, ben)).toEqual(no("no-such-member"));
  });
});

describe("devices", () => {
  test("[MB8] a new device proves that it holds its key, for this member and this workspace", () => {
    const team = createTeam();
    const ben = team.member("Ben");
    const phone = makeDevice(ben);
    const body = deviceBody(team.wid, phone);
    expect(team.send(ben, LOG, "device.add", { ...body, enc: makePerson("x").enc })).toEqual(no("bad-proof"));
    expect(team.send(team.ada, LOG, "device.add", body)).toEqual(no("bad-proof"));
    expect(team.send(ben, LOG, "device.add", deviceBody(createTeam().wid, makeDevice(ben)))).toEqual(no("bad-proof"));
    expect(team.send(ben, LOG, "device.add", body).ok).toBe(true);
    expect(team.send(ben, LOG, "device.add", body)).toEqual(no("already-exists"));
    expect(team.send(phone, QUEUE, "approval.request", requestBody()).ok).toBe(true);
  });

  test("[MB9] a device is revoked by another device of its member or by somebody who may remove that member; never by itself", () => {
    const team = createTeam();
    const ben = team.member("Ben");
    const cleo = team.member("Cleo");
    const admin = team.member("Dana", "admin");
    const phone = makeDevice(ben);
    team.given(ben, LOG, "device.add", deviceBody(team.wid, phone));
    const revoke = (by: Person, of: Person) => team.send(by, LOG, "device.revoke", { device: of.device });
    expect(revoke(ben, ben)).toEqual(no("own-device"));
    expect(revoke(cleo, phone)).toEqual(no("not-allowed"));
    expect(revoke(admin, team.ada)).toEqual(no("owners-only"));
    expect(revoke(ben, phone).ok).toBe(true);
    expect(revoke(ben, phone)).toEqual(no("no-such-device"));
    expect(team.send(phone, QUEUE, "approval.request", requestBody())).toEqual(no("unknown-device"));
    expect(revoke(admin, ben).ok).toBe(true);
  });

  test("[MB9] a command signed before the revocation and delivered after it is refused: the position counts, not the date", () => {
    const team = createTeam();
    const ben = team.member("Ben", "admin");
    const held = team.sign(ben, LOG, "server.key", { x: ben.key.x });
    team.given(team.ada, LOG, "device.revoke", { device: ben.device });
    expect(team.take(team.log, held)).toEqual(no("unknown-device"));
  });
});

test("[MB13] a tool server is defined, replaced and removed by those who may configure tools", () => {
  const team = createTeam();
  const id = "A".repeat(22);
  const tool = (name: string) => ({
    id,
    name,
    launch: { kind: "stdio", command: "npx", args: ["files"], env: [{ name: "TOKEN", secret: true }], vars: [] },
    tools: [],
    policy: null,
  });
  team.given(team.ada, LOG, "tool.define", tool("Files"));
  team.given(team.ada, LOG, "tool.define", tool("Notes"));
  expect([...team.log.servers.values()].map(({ name }) => name)).toEqual(["Notes"]);
  expect(
    team.send(team.ada, LOG, "tool.define", {
      ...tool("Bad"),
      launch: {
        kind: "stdio",
        command: "npx",
        args: [],
        env: [{ name: "TOKEN", secret: true, value: "leak" }],
        vars: [],
      },
    }),
  ).toEqual(no("malformed"));
  team.given(team.ada, LOG, "tool.remove", { id });
  expect(team.send(team.ada, LOG, "tool.remove", { id })).toEqual(no("no-such-server"));
});
