/**
 * What the recorded logs play: people who do what the rules are about, and what they must refuse. A scenario is never
 * changed once its log is recorded, since the log stays; a new rule gets a new scenario.
 */
import { stateHashOf } from "#core/rules/checkpoint.ts";
import { ADMIN, laneDoc, LOG, queueDoc } from "#core/protocol/ids.ts";
import type { Hash, QueueId } from "#core/protocol/ids.ts";
import { policyPosition, roleOf } from "#core/rules/may.ts";
import { crypto } from "../helpers/node-crypto.ts";
import {
  createTeam,
  deviceBody,
  rotateBody,
  joinBody,
  lane,
  makeDevice,
  makeInvite,
  makePerson,
  QUEUE,
  queueOf,
  requestBody,
} from "../helpers/people.ts";
import type { Person, Team } from "../helpers/people.ts";

const HOUR = 3_600_000;
const ask = (team: Team, by: Person, over: Record<string, unknown> = {}, doc = QUEUE): Hash =>
  team.given(by, doc, "approval.request", requestBody(over));
const vote = (team: Team, by: Person, request: Hash, v: "approve" | "reject" = "approve", doc = QUEUE) =>
  team.send(by, doc, "approval.vote", { request, v, note: null });
const role = (team: Team, by: Person, of: Person, from: string, to: string) =>
  team.send(by, LOG, "member.role", { member: of.member, from, to });
const queues = (team: Team, ...list: ReturnType<typeof queueOf>[]) =>
  team.given(team.ada, LOG, "policy.set", { base: policyPosition(team.log), unnamed: "ask", rules: [], queues: list });

const members = (team: Team): void => {
  const { ada } = team;
  const [ben, cleo, dana] = [team.member("Ben"), team.member("Cleo", "admin"), team.member("Dana", "owner")];
  role(team, ben, ben, "member", "owner");
  role(team, cleo, ben, "member", "admin");
  role(team, cleo, ben, "member", "approver");
  role(team, cleo, ben, "member", "guest");
  team.send(ada, LOG, "role.define", { id: "helper", name: "Helper", caps: ["tools.use", "threads.create"] });
  team.send(ben, LOG, "role.define", { id: "boss", name: "Boss", caps: ["members.assign"] });
  const both = [
    team.sign(ada, LOG, "member.role", { member: dana.member, from: "owner", to: "helper" }),
    team.sign(dana, LOG, "member.role", { member: ada.member, from: "owner", to: "helper" }),
  ];
  for (const command of both) team.take(team.log, command);
  team.send(ada, LOG, "member.remove", { member: ada.member });
  const phone = makeDevice(ben);
  team.send(ben, LOG, "device.add", deviceBody(team.wid, phone));
  team.send(phone, LOG, "device.rotate", rotateBody(team.wid, makeDevice(ben)));
  team.send(phone, LOG, "device.add", deviceBody(team.wid, makeDevice(ben)));
  team.send(cleo, LOG, "device.revoke", { device: ben.device });
  team.send(cleo, LOG, "member.remove", { member: ben.member });
  team.send(cleo, LOG, "member.remove", { member: ada.member });
  team.send(cleo, LOG, "tool.define", {
    id: "A".repeat(22),
    name: "Files",
    launch: { kind: "http", url: "https://tools.example", headers: [], vars: [] },
    tools: [],
    policy: null,
  });
  team.send(dana, LOG, "server.key", { x: ada.key.x });
  team.send(ada, LOG, "server.key", { x: ada.key.x });
};

const invites = (team: Team): void => {
  const { ada } = team;
  const join = (who: Person, invite: ReturnType<typeof makeInvite>) =>
    team.send(who, LOG, "member.join", joinBody(team.wid, invite, who));
  const twice = makeInvite(ada, team.wid, team.now, { uses: 2 });
  team.send(ada, ADMIN, "invite.create", { invite: twice.jws, label: "for the new ones" });
  const [ben, cleo] = [makePerson("Ben"), makePerson("Cleo")];
  for (const who of [ben, cleo, makePerson("Eve")]) join(who, twice);
  const revoked = makeInvite(ada, team.wid, team.now);
  team.send(ada, LOG, "invite.revoke", { id: revoked.id });
  join(makePerson("Eve"), revoked);
  join(makePerson("Eve"), makeInvite(ada, team.wid, team.now, { exp: team.now - 1 }));
  join(makePerson("Eve"), makeInvite(ben, team.wid, team.now));
  join(makePerson("Eve"), makeInvite(ada, team.wid, team.now, { role: "approver" }));
  join(makePerson("Dana"), makeInvite(ada, team.wid, team.now, { role: "approver", mode: "confirm" }));
  const back = makeInvite(ada, team.wid, team.now, { member: ben.member });
  join(makeDevice(cleo), back);
  join(makeDevice(ben), back);
  join(makeDevice(ben), back);
  const own = makeInvite(ada, team.wid, team.now, { role: "owner", mode: "confirm", member: ada.member });
  join(makeDevice(ada), own);
  team.given(ada, LOG, "member.remove", { member: cleo.member });
  join({ ...cleo, member: makePerson("Cleo").member }, makeInvite(ada, team.wid, team.now));
};

const approvals = (team: Team): void => {
  const { ada } = team;
  const [ben, cleo, dana, gus] = [
    team.member("Ben"),
    team.member("Cleo", "approver"),
    team.member("Dana", "admin"),
    team.member("Gus", "guest"),
  ];
  const steps = [{ afterMs: HOUR, all: [{ n: 1, roles: ["owner"], members: [] }] }];
  queues(
    team,
    queueOf(
      "approvers",
      [
        { n: 2, roles: ["approver", "admin", "owner"] },
        { n: 1, roles: ["admin", "owner"] },
      ],
      { deny: 2, steps, practice: true, decideMs: 2 * HOUR },
    ),
  );
  team.send(gus, QUEUE, "approval.request", requestBody());
  const first = ask(team, ben);
  vote(team, ben, first);
  vote(team, cleo, first);
  vote(team, cleo, first, "reject");
  vote(team, dana, first);
  vote(team, ada, first);
  const edited = ask(team, ben, { replaces: first });
  team.send(ben, QUEUE, "approval.used", { request: first, result: "ok" });
  team.send(ben, QUEUE, "approval.rewrap", { request: edited, jwe: "again" });
  team.send(ada, LOG, "approval.delegate", { to: cleo.member, until: team.now + HOUR });
  team.send(cleo, LOG, "approval.delegate", { to: dana.member, until: team.now + 30 * HOUR });
  vote(team, cleo, edited);
  team.send(ben, QUEUE, "approval.used", { request: edited, result: "unknown" });
  team.send(ben, QUEUE, "approval.used", { request: edited, result: "ok" });
  const denied = ask(team, ben);
  vote(team, dana, denied, "reject");
  const slow = ask(team, ben, { ttlMs: 2 * HOUR });
  vote(team, cleo, slow);
  role(team, ada, cleo, "approver", "member");
  team.pass(HOUR);
  vote(team, dana, slow, "reject");
  vote(team, ada, slow);
  const late = ask(team, ben);
  const queued = team.sign(
    ada,
    QUEUE,
    "approval.vote",
    { request: late, v: "approve", note: null },
    { exp: team.now + 24 * HOUR },
  );
  team.pass(HOUR + 1);
  team.take(team.queue, queued);
  const practice = ask(team, ada, { practice: true });
  vote(team, ada, practice);
  vote(team, dana, practice);
  team.send(ada, QUEUE, "approval.used", { request: practice, result: "ok" });
  const canceled = ask(team, ben);
  team.send(cleo, QUEUE, "approval.cancel", { request: canceled });
  team.send(ben, QUEUE, "approval.cancel", { request: canceled });
};

const lanes = (team: Team): void => {
  const [ben, cleo] = [team.member("Ben"), team.member("Cleo", "approver")];
  const both = (by: Person, kind: string, body: unknown, doc = QUEUE, own = lane(ben)): Hash => {
    const command = team.sign(by, doc, kind, body);
    const taken = team.take(team.chain(doc), command);
    team.take(team.chain(own), command);
    return taken.ok ? taken.command : ("" as Hash);
  };
  const open = both(ben, "approval.request", requestBody());
  team.given(team.ada, LOG, "epoch.open", { doc: QUEUE, n: 2 });
  team.given(team.ada, LOG, "epoch.open", { doc: laneDoc(ben.member), n: 2 });
  both(ben, "approval.request", requestBody());
  const [later, own] = [queueDoc("approvers" as QueueId, 2), laneDoc(ben.member, 2)];
  const next = both(ben, "approval.request", requestBody(), later, own);
  both(cleo, "approval.vote", { request: open, v: "approve", note: null });
  both(cleo, "approval.vote", { request: next, v: "reject", note: "sealed" }, later, own);
  both(ben, "approval.used", { request: open, result: "ok" });
  team.send(team.ada, LOG, "checkpoint", {
    v: 2,
    at: [team.log.seq, team.log.head],
    stateHash: stateHashOf(crypto, team.log),
  });
  team.send(team.ada, LOG, "checkpoint", {
    v: 2,
    at: [team.log.seq, team.log.head],
    stateHash: crypto.sha256("wrong"),
  });
  team.send(team.ada, LOG, "member.role", {
    member: ben.member,
    from: roleOf(team.log, ben.member) ?? "",
    to: "approver",
  });
};

const forgeries = (team: Team): void => {
  const [ben, eve] = [team.member("Ben"), makePerson("Eve")];
  const command = team.sign(ben, QUEUE, "approval.request", requestBody());
  team.take(team.queue, command, { s: 2 });
  team.take(team.queue, command, { p: crypto.sha256("other") });
  team.take(team.queue, command, { m: [team.log.seq + 1, team.log.head] });
  team.take(team.queue, command, { m: [team.log.seq, crypto.sha256("fork")] });
  team.take(team.log, command);
  team.take(team.queue, `${command}A`);
  team.take(team.queue, command);
  team.take(team.queue, command);
  team.take(team.queue, command, { t: team.now - 1 });
  team.send({ ...eve, device: ben.device }, QUEUE, "approval.request", requestBody());
  team.send(eve, QUEUE, "approval.request", requestBody());
  team.send(ben, QUEUE, "approval.request", requestBody(), { exp: team.now - 1 });
  team.send(ben, QUEUE, "approval.request", requestBody(), { exp: team.now + 30 * 24 * HOUR });
  team.send(ben, QUEUE, "approval.request", requestBody(), { seen: [1, crypto.sha256("fork")] });
  team.send(ben, QUEUE, "approval.request", requestBody({ title: "my thread" }));
  team.send(ben, QUEUE, "approval.request", requestBody(), { typ: "bulkhead-auth+jws" });
  team.send(ben, LOG, "member.fly", {});
  team.send(ben, LOG, "device.revoke", { device: ben.device });
};

const removedQueue = (team: Team): void => {
  const [ben, cleo, dana] = [team.member("Ben"), team.member("Cleo", "approver"), team.member("Dana", "admin")];
  const deploys = queueDoc("deploys" as QueueId);
  const rest = queueOf("approvers", [{ n: 1, roles: ["owner"] }]);
  queues(team, rest, queueOf("deploys", [{ n: 1, roles: ["approver", "admin"] }]));
  const [first, second, third, fourth] = [
    ask(team, ben, {}, deploys),
    ask(team, ben, {}, deploys),
    ask(team, ben, {}, deploys),
    ask(team, ben, {}, deploys),
  ];
  vote(team, cleo, first, "approve", deploys);
  queues(team, rest);
  team.send(ben, deploys, "approval.request", requestBody());
  team.send(ben, deploys, "approval.request", requestBody({ replaces: second }));
  team.send(team.ada, LOG, "epoch.open", { doc: deploys, n: 2 });
  team.send(ben, deploys, "approval.used", { request: first, result: "ok" });
  vote(team, team.ada, second, "approve", deploys);
  vote(team, cleo, second, "approve", deploys);
  vote(team, dana, third, "reject", deploys);
  team.send(ben, deploys, "approval.cancel", { request: fourth });
  queues(team, rest, queueOf("deploys", [{ n: 1, roles: ["owner"] }]));
  vote(team, cleo, ask(team, ben, {}, deploys), "approve", deploys);
};

const tools = (team: Team): void => {
  const { ada } = team;
  const [ben, cleo] = [team.member("Ben"), team.member("Cleo", "approver")];
  const id = "T".repeat(22);
  const seen = (name: string, text: string) => ({
    name,
    schema: crypto.sha256(text),
    readOnly: false,
    destructive: true,
  });
  const define = (by: Person, over: Record<string, unknown> = {}) =>
    team.send(by, LOG, "tool.define", {
      id,
      name: "Files",
      launch: { kind: "http", url: "https://tools.example", headers: [], vars: [] },
      tools: [seen("read", "1"), seen("write", "1")],
      policy: null,
      ...over,
    });
  const rule = (name: string, over: Record<string, unknown> = {}) => ({
    id: name,
    server: id,
    tools: ["read"],
    except: false,
    args: [],
    roles: [],
    effect: { kind: "allow" },
    ...over,
  });
  const withRules = (...rules: unknown[]) => ({ policy: { base: policyPosition(team.log), rules } });
  define(ben);
  define(ada, withRules(rule("r1", { server: "U".repeat(22) })));
  define(ada, withRules(rule("r1", { tools: [] })));
  define(ada, withRules(rule("r1"), rule("r2", { except: true, effect: { kind: "confirm" } })));
  define(ada, { policy: { base: 0, rules: [] } });
  const accept = (by: Person, tool: string, text: string, base = team.log.servers.get(id as never)?.position ?? 0) =>
    team.send(by, LOG, "tool.accept", {
      server: id,
      base,
      tool,
      schema: crypto.sha256(text),
      readOnly: true,
      destructive: false,
    });
  accept(ben, "read", "2");
  for (const text of ["1", "2", "3", "4", "5", "6", "7", "8", "9"]) accept(ada, "read", text);
  accept(ada, "new", "1");
  accept(ada, "new", "2", 1);
  const withdraw = (by: Person, tool: string, text: string) =>
    team.send(by, LOG, "tool.withdraw", {
      server: id,
      base: team.log.servers.get(id as never)?.position ?? 0,
      tool,
      schema: crypto.sha256(text),
    });
  withdraw(ben, "read", "1");
  withdraw(ada, "read", "1");
  withdraw(ada, "read", "1");
  define(ada, { launch: { kind: "http", url: "https://other.example", headers: [], vars: [] } });
  accept(ada, "read", "1");
  team.given(ada, LOG, "policy.set", {
    base: policyPosition(team.log),
    unnamed: "confirm",
    rules: [],
    queues: [
      queueOf("approvers", [{ n: 2, roles: ["approver", "owner"] }], { oneForTwo: true }),
      queueOf("strict", [{ n: 1, roles: ["approver", "admin", "owner"] }], { independent: true }),
    ],
  });
  team.send(ada, LOG, "tool.remove", { id });
  team.send(ben, LOG, "member.rename", { name: "Benjamin" });
  team.send(ben, LOG, "member.rename", { name: "Benjamin" });
  team.send(ben, LOG, "member.rename", { name: "Ben\u200b" });
  const dana = makePerson("Dana");
  team.send(
    dana,
    LOG,
    "member.join",
    joinBody(team.wid, makeInvite(ada, team.wid, team.now, { role: "approver", mode: "confirm" }), dana),
  );
  team.send(cleo, LOG, "member.refuse", { member: dana.member });
  team.send(ada, LOG, "member.refuse", { member: dana.member });
  team.send(ada, LOG, "member.refuse", { member: dana.member });
  const strict = queueDoc("strict" as QueueId);
  const own = ask(team, ada, {}, strict);
  vote(team, cleo, own, "approve", strict);
  team.pass(31 * 24 * HOUR);
  vote(team, cleo, ask(team, ada, {}, strict), "approve", strict);
};

const budgets = (team: Team): void => {
  const { ada } = team;
  const [ben, gus] = [team.member("Ben"), team.member("Gus", "guest")];
  const phones = Array.from({ length: 10 }, () => makeDevice(ben));
  for (const phone of phones) team.send(ben, LOG, "device.add", deviceBody(team.wid, phone));
  const next = makeDevice(ben);
  team.send(ben, LOG, "device.rotate", rotateBody(team.wid, next));
  team.send(next, LOG, "device.add", deviceBody(team.wid, makeDevice(ben)));
  team.send(next, LOG, "device.revoke", { device: phones[0]?.device });
  team.send(next, LOG, "device.add", deviceBody(team.wid, makeDevice(ben)));
  for (let i = 0; i <= 40; i += 1) team.send(gus, LOG, "member.rename", { name: `Gus ${i}` });
  team.pass(HOUR);
  team.send(gus, LOG, "member.rename", { name: "Gus" });
  team.send(gus, LOG, "member.rename", { name: "Gustav" });
  const open = Array.from({ length: 11 }, () => team.send(next, QUEUE, "approval.request", requestBody()));
  const [first, second] = open.flatMap((taken) => (taken.ok ? [taken.command] : []));
  team.send(next, QUEUE, "approval.request", requestBody({ replaces: second }));
  team.send(next, QUEUE, "approval.cancel", { request: first });
  team.send(next, QUEUE, "approval.request", requestBody());
  team.send(ada, ADMIN, "invite.create", { invite: makeInvite(ada, team.wid, team.now).jws, label: "" });
};

export const scenarios: Readonly<Record<string, (team: Team) => void>> = {
  members,
  invites,
  approvals,
  lanes,
  forgeries,
  "removed-queue": removedQueue,
  tools,
  budgets,
};

/** What happens when that scenario is played. */
export const play = (name: string): Team => {
  const team = createTeam();
  scenarios[name]?.(team);
  return team;
};
