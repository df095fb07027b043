/** Role × command, written out: what each role may send, and the refusal where it may not. */
import { describe, expect, test } from "vitest";
import { stateHashOf } from "#core/rules/checkpoint.ts";
import { bodies } from "#core/protocol/command.ts";
import type { Kind, QueuePolicy } from "#core/protocol/command.ts";
import { ADMIN, LOG } from "#core/protocol/ids.ts";
import type { DocName, Hash, RoleId, ServerId } from "#core/protocol/ids.ts";
import { may, mayRead, policyAt, policyPosition, roleNamed } from "#core/rules/may.ts";
import type { Resource } from "#core/rules/may.ts";
import type { Parser } from "#core/protocol/parse.ts";
import { CAPABILITIES } from "#core/protocol/capabilities.ts";
import { CAPABILITY_WORDS } from "#text/capability-words.ts";
import type { Capability } from "#core/protocol/capabilities.ts";
import type { Request } from "#core/rules/state.ts";
import { crypto } from "../../helpers/node-crypto.ts";
import {
  createTeam,
  deviceBody,
  rotateBody,
  joinBody,
  makeDevice,
  makeInvite,
  makePerson,
  QUEUE,
  queueOf,
  requestBody,
} from "../../helpers/people.ts";
import type { Person, Team } from "../../helpers/people.ts";
import { worded } from "../../helpers/worded.ts";
import { factWords } from "#text/facts.ts";

const ROLES = ["owner", "admin", "approver", "member", "auditor", "guest", "steward"] as const;
type RoleName = (typeof ROLES)[number];
/** A custom role: some of an Admin's rights, none over people. */
const STEWARD = ["tools.use", "audit.export", "members.invite", "policy.edit"];

interface Stage {
  readonly team: Team;
  readonly by: Person;
  readonly guest: Person;
  readonly member: Person;
  /** A request of `member`. */
  readonly asked: Hash;
}
const stage = (role: RoleName): Stage => {
  const team = createTeam();
  team.given(team.ada, LOG, "role.define", { id: "steward", name: "Steward", caps: STEWARD });
  team.given(team.ada, LOG, "tool.define", {
    id: TOOL,
    name: "Files",
    launch: { kind: "http", url: "https://tools.example", headers: [], vars: [] },
    tools: [],
    policy: null,
  });
  const [guest, member] = [team.member("Gus", "guest"), team.member("Mia")];
  const asked = team.given(member, QUEUE, "approval.request", requestBody());
  return { team, by: role === "owner" ? team.ada : team.member("Ben", role), guest, member, asked };
};
const TOOL = "A".repeat(22);

const toolAt = (team: Team): number => team.log.servers.get(TOOL as ServerId)?.position ?? 0;

/** One command that would be right if its author had the right to send it. */
type Attempt = (stage: Stage) => readonly [doc: DocName, kind: string, body: unknown];
const bosses = { owner: "ok", admin: "ok" };
const none = "not-allowed";

const table: [title: string, verdicts: Partial<Record<RoleName | "else", string>>, attempt: Attempt][] = [
  [
    "gives a Guest the role Member",
    { ...bosses, else: none },
    ({ guest }) => [LOG, "member.role", { member: guest.member, from: "guest", to: "member" }],
  ],
  [
    "gives a Member the role Admin",
    { owner: "ok", admin: "owners-only", else: none },
    ({ member }) => [LOG, "member.role", { member: member.member, from: "member", to: "admin" }],
  ],
  [
    "gives a Member the role Owner",
    { owner: "ok", admin: "owners-only", else: none },
    ({ member }) => [LOG, "member.role", { member: member.member, from: "member", to: "owner" }],
  ],
  [
    "takes the founder's role",
    { owner: "last-owner", admin: "owners-only", else: none },
    ({ team }) => [LOG, "member.role", { member: team.ada.member, from: "owner", to: "guest" }],
  ],
  [
    "refuses a role that nobody was promised",
    { else: "stale" },
    ({ member }) => [LOG, "member.refuse", { member: member.member }],
  ],
  ["changes the own name", { else: "ok" }, () => [LOG, "member.rename", { name: "Somebody else" }]],
  ["removes a Member", { ...bosses, else: none }, ({ member }) => [LOG, "member.remove", { member: member.member }]],
  [
    "removes the founder",
    { owner: "last-owner", admin: "owners-only", else: none },
    ({ team }) => [LOG, "member.remove", { member: team.ada.member }],
  ],
  ["leaves", { owner: "last-owner", else: "ok" }, ({ by }) => [LOG, "member.remove", { member: by.member }]],
  ["adds an own device", { else: "ok" }, ({ team, by }) => [LOG, "device.add", deviceBody(team.wid, makeDevice(by))]],
  [
    "rotates the own key",
    { else: "ok" },
    ({ team, by }) => [LOG, "device.rotate", rotateBody(team.wid, makeDevice(by))],
  ],
  [
    "revokes a Member's device",
    { ...bosses, else: none },
    ({ member }) => [LOG, "device.revoke", { device: member.device }],
  ],
  [
    "defines a role",
    { ...bosses, else: none },
    () => [LOG, "role.define", { id: "reader", name: "Reader", caps: ["threads.create"] }],
  ],
  [
    "invites a Guest",
    { ...bosses, steward: "ok", else: none },
    ({ team, by }) => [
      ADMIN,
      "invite.create",
      { invite: makeInvite(by, team.wid, team.now, { role: "guest" }).jws, label: "x" },
    ],
  ],
  [
    "invites a Member",
    { ...bosses, steward: "inviter-lost-right", else: none },
    ({ team, by }) => [ADMIN, "invite.create", { invite: makeInvite(by, team.wid, team.now).jws, label: "x" }],
  ],
  [
    "invites an Owner",
    { owner: "ok", admin: "inviter-lost-right", steward: "inviter-lost-right", else: none },
    ({ team, by }) => [
      ADMIN,
      "invite.create",
      { invite: makeInvite(by, team.wid, team.now, { role: "owner", mode: "confirm" }).jws, label: "x" },
    ],
  ],
  [
    "lets a Member come back",
    { ...bosses, steward: "inviter-lost-right", else: none },
    ({ team, by, member }) => [
      ADMIN,
      "invite.create",
      { invite: makeInvite(by, team.wid, team.now, { member: member.member }).jws, label: "x" },
    ],
  ],
  ["revokes an invite", { ...bosses, steward: "ok", else: none }, () => [LOG, "invite.revoke", { id: TOOL }]],
  [
    "defines a tool server",
    { ...bosses, else: none },
    () => [
      LOG,
      "tool.define",
      {
        id: "B".repeat(22),
        name: "Notes",
        launch: { kind: "http", url: "https://notes.example", headers: [], vars: [] },
        tools: [],
        policy: null,
      },
    ],
  ],
  [
    "accepts a changed tool",
    { ...bosses, else: none },
    ({ team }) => [
      LOG,
      "tool.accept",
      {
        server: TOOL,
        base: toolAt(team),
        tool: "read",
        schema: crypto.sha256("read"),
        readOnly: true,
        destructive: false,
      },
    ],
  ],
  [
    "takes back a definition that is not there",
    { owner: "no-such-definition", admin: "no-such-definition", else: none },
    ({ team }) => [
      LOG,
      "tool.withdraw",
      { server: TOOL, base: toolAt(team), tool: "read", schema: crypto.sha256("read") },
    ],
  ],
  ["removes a tool server", { ...bosses, else: none }, () => [LOG, "tool.remove", { id: TOOL }]],
  [
    "changes the policy",
    { ...bosses, steward: "ok", else: none },
    ({ team }) => [
      LOG,
      "policy.set",
      {
        base: policyPosition(team.log),
        unnamed: "ask",
        rules: [],
        queues: [queueOf("approvers", [{ n: 1, roles: ["owner"] }])],
      },
    ],
  ],
  ["names the server's key", { ...bosses, else: none }, ({ by }) => [LOG, "server.key", { x: by.key.x }]],
  [
    "signs a checkpoint",
    { owner: "ok", else: "owner-signs" },
    ({ team }) => [
      LOG,
      "checkpoint",
      { v: 2, at: [team.log.seq, team.log.head], stateHash: stateHashOf(crypto, team.log) },
    ],
  ],
  [
    "raises the level to one that nobody knows",
    { owner: "newer", else: "owner-signs" },
    () => [LOG, "workspace.level", { from: 1, to: 2 }],
  ],
  ["says what the own device knows", { else: "ok" }, () => [LOG, "device.knows", { version: "2.0.0", knows: 2 }]],
  ["opens an epoch", { ...bosses, else: none }, () => [LOG, "epoch.open", { doc: QUEUE, n: 2 }]],
  [
    "names a delegate",
    { ...bosses, approver: "ok", else: none },
    ({ team, guest }) => [LOG, "approval.delegate", { to: guest.member, until: team.now + 1_000 }],
  ],
  ["takes back a delegation that is not there", { else: "stale" }, () => [LOG, "approval.undelegate", {}]],
  ["asks for approval", { auditor: none, guest: none, else: "ok" }, () => [QUEUE, "approval.request", requestBody()]],
  [
    "approves what a Member asked",
    { ...bosses, approver: "ok", else: "not-approver" },
    ({ asked }) => [QUEUE, "approval.vote", { request: asked, v: "approve", note: null }],
  ],
  [
    "rejects what a Member asked",
    { ...bosses, approver: "ok", else: "not-approver" },
    ({ asked }) => [QUEUE, "approval.vote", { request: asked, v: "reject", note: null }],
  ],
  [
    "cancels what a Member asked",
    { else: "not-requester" },
    ({ asked }) => [QUEUE, "approval.cancel", { request: asked }],
  ],
  [
    "seals again what a Member asked",
    { else: "not-requester" },
    ({ asked }) => [QUEUE, "approval.rewrap", { request: asked, jwe: "x" }],
  ],
  [
    "says that a Member's call was made",
    { else: "not-requester" },
    ({ asked }) => [QUEUE, "approval.used", { request: asked, result: "ok" }],
  ],
  ["founds the workspace again", { else: "wrong-doc" }, () => [LOG, "genesis", { text: "x" }]],
  // Joining is judged by the invite, and then by the key: for those who may invite, the key is what is wrong.
  [
    "joins with a key that is a member already",
    { owner: "already-exists", admin: "already-exists", else: "inviter-lost-right" },
    ({ team, by }) => {
      const invite = makeInvite(by, team.wid, team.now);
      return [LOG, "member.join", joinBody(team.wid, invite, by)];
    },
  ],
];
describe.each(table)("%s", (_title, verdicts, attempt) => {
  test.each(ROLES)("[T5] [T6] [T7] [T14] the role %s", (role) => {
    const here = stage(role);
    const before = JSON.stringify([...here.team.log.members, ...here.team.log.devices]);
    const taken = here.team.send(here.by, ...attempt(here));
    expect(taken.ok ? "ok" : taken.code).toBe(verdicts[role] ?? verdicts.else);
    if (!taken.ok) expect(JSON.stringify([...here.team.log.members, ...here.team.log.devices])).toBe(before);
  });
});

test.each(table)(
  "[T25] %s: with one key more than the list has, the command is not read",
  (_title, _verdicts, attempt) => {
    const [, kind, body] = attempt(stage("owner"));
    const parse = bodies[kind as Kind] as Parser<unknown>;
    expect(parse(body)).toEqual(body);
    for (const key of ["title", "thread", "args"]) expect(parse({ ...(body as object), [key]: "x" })).toBeUndefined();
  },
);

test("the table names every kind of command", () => {
  const kinds = new Set(table.map(([, , attempt]) => attempt(stage("owner"))[1]));
  expect(Object.keys(bodies).filter((kind) => !kinds.has(kind))).toEqual([]);
});

test("[T5] [T7] every answer names the role and the right that decided, for built-in and custom roles alike", () => {
  for (const role of ROLES) {
    const { team, by } = stage(role);
    const name = role.replace(/^./, (first) => first.toUpperCase());
    for (const capability of CAPABILITIES) {
      const { allowed, why } = may(team.log, by.member, capability);
      const rule = factWords(why);
      expect(rule).not.toContain(capability);
      expect(rule).toBe(`The role ${name} ${allowed ? "may" : "may not"} ${CAPABILITY_WORDS[capability]}.`);
    }
  }
  const { team, by } = stage("steward");
  expect(CAPABILITIES.filter((capability) => may(team.log, by.member, capability).allowed)).toEqual([
    "tools.use",
    "policy.edit",
    "members.invite",
    "audit.export",
  ]);
  expect(may(team.log, by.member, "tools.configure").allowed).toBe(false);
  team.given(team.ada, LOG, "member.remove", { member: by.member });
  expect(may(team.log, by.member, "tools.use")).toEqual({
    allowed: false,
    why: worded("Not an active member of this workspace."),
  });
  expect(may(team.log, makePerson("Eve").member, "tools.use").allowed).toBe(false);
});

/** Questions that a screen asks before it offers an act, each with the act. */
const questions: [
  title: string,
  ask: (stage: Stage, to: RoleId) => readonly [Capability, Resource],
  act: (stage: Stage, to: RoleId) => readonly [DocName, string, unknown],
][] = [
  [
    "gives a Member a role",
    ({ member }, to) => ["members.assign", { member: member.member, to }],
    ({ member }, to) => [LOG, "member.role", { member: member.member, from: "member", to }],
  ],
  [
    "takes the founder's role",
    ({ team }, to) => ["members.assign", { member: team.ada.member, to }],
    ({ team }, to) => [LOG, "member.role", { member: team.ada.member, from: "owner", to }],
  ],
  [
    "removes a Member",
    ({ member }) => ["members.remove", { member: member.member }],
    ({ member }) => [LOG, "member.remove", { member: member.member }],
  ],
  [
    "removes the founder",
    ({ team }) => ["members.remove", { member: team.ada.member }],
    ({ team }) => [LOG, "member.remove", { member: team.ada.member }],
  ],
  [
    "leaves",
    ({ by }) => ["members.remove", { member: by.member }],
    ({ by }) => [LOG, "member.remove", { member: by.member }],
  ],
  [
    "revokes a Member's device",
    ({ member }) => ["members.remove", { device: member.device }],
    ({ member }) => [LOG, "device.revoke", { device: member.device }],
  ],
  [
    "invites for a role",
    (_stage, role) => ["members.invite", { role }],
    ({ team, by }, role) => [
      ADMIN,
      "invite.create",
      { invite: makeInvite(by, team.wid, team.now, { role, mode: "confirm" }).jws, label: "" },
    ],
  ],
  [
    "defines a role with the rights of another",
    ({ team }, to) => ["members.assign", { rights: rightsOf(team, to) }],
    ({ team }, to) => [LOG, "role.define", { id: "copy", name: "Copy", caps: [...rightsOf(team, to)] }],
  ],
  [
    "decides what a Member asked",
    ({ team, asked }) => ["approvals.decide", { request: requestOf(team, asked), time: team.now }],
    ({ asked }) => [QUEUE, "approval.vote", { request: asked, v: "approve", note: null }],
  ],
  [
    "decides in a queue",
    ({ team, member }) => ["approvals.decide", { queue: defaultQueue(team), requester: member.member }],
    ({ asked }) => [QUEUE, "approval.vote", { request: asked, v: "approve", note: null }],
  ],
];
const rightsOf = (team: Team, role: RoleId): ReadonlySet<Capability> => roleNamed(team.log, role)?.caps ?? new Set();
const requestOf = (team: Team, id: Hash): Request => team.queue.requests.get(id) as Request;
const defaultQueue = (team: Team): QueuePolicy => policyAt(team.log).queues[0] as QueuePolicy;

describe.each(questions)("whether one %s", (_title, ask, act) => {
  test.each(ROLES)("[MB16] [T5] [T7] is answered for the role %s as the act is judged", (role) => {
    for (const to of ROLES as readonly string[] as readonly RoleId[]) {
      const here = stage(role);
      const answer = may(here.team.log, here.by.member, ...ask(here, to));
      const taken = here.team.send(here.by, ...act(here, to));
      expect([to, answer.allowed, factWords(answer.why)]).toEqual([to, taken.ok, expect.stringMatching(/^[A-Z].*\.$/)]);
    }
  });
});

test("[T6] [AU4] an Auditor reads the log, the invites and every queue, and nobody's lane", () => {
  const { team, by } = stage("auditor");
  const reads = (doc: string) => mayRead(team.log, by.member, doc as DocName).allowed;
  expect([LOG, QUEUE, ADMIN, `lane:${team.ada.member}`].map(reads)).toEqual([true, true, true, false]);
  expect(
    [may(team.log, by.member, "audit.read"), may(team.log, by.member, "audit.export")].map(({ allowed }) => allowed),
  ).toEqual([true, true]);
});

test("[T14] an Admin opens nobody else's lane and does not decide their own request", () => {
  const { team, by } = stage("admin");
  expect(mayRead(team.log, by.member, `lane:${team.ada.member}` as DocName).allowed).toBe(false);
  const own = team.given(by, QUEUE, "approval.request", requestBody());
  expect(team.send(by, QUEUE, "approval.vote", { request: own, v: "approve", note: null })).toEqual({
    ok: false,
    code: "own-request",
  });
});
