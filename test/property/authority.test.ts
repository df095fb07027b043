/**
 * Random members, devices, roles, invites, requests, votes, delegations and epochs, delayed, reordered, sent twice and
 * too late, judged at log positions that lag behind: the fold must take exactly what the reference model takes, and know
 * the same afterwards.
 */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { startFromCheckpoint, stateHashOf } from "#core/checkpoint.ts";
import { writeEntry } from "#core/entry.ts";
import { LOG, queueDoc } from "#core/ids.ts";
import type { DocName, Hash } from "#core/ids.ts";
import { deviceActive, owners, policyPosition, roleOf } from "#core/may.ts";
import { DEFAULT_QUEUE, newApprovalDoc, newLog } from "#core/state.ts";
import type { ApprovalDoc } from "#core/state.ts";
import { readApprovals, writeApprovals, writeState } from "#core/state-text.ts";
import { crypto } from "../helpers/node-crypto.ts";
import { createTeam, deviceBody, ingestInto, joinBody, makeDevice, lane, makeInvite, makePerson, queueOf, requestBody } from "../helpers/people.ts";
import type { InviteKit, Person, Team } from "../helpers/people.ts";
import { createModel } from "./reference-model.ts";
import type { Command, Queue, Rung } from "./reference-model.ts";

const MINUTE = 60_000;
/** Each threshold: how many, and of which roles or people. */
const rung = (afterMs: number, ...all: [number, ...(string | number)[]][]): Rung => ({
  afterMs,
  all: all.map(([n, ...named]) => ({ n, roles: named.filter((name) => typeof name === "string"), people: named.filter((name) => typeof name === "number") })),
});
const QUEUES: Queue[] = [
  { rungs: [rung(0, [1, "owner", "admin", "approver"])], deny: 1, decideMs: 60 * MINUTE, practice: true },
  { rungs: [rung(0, [2, "approver", "admin"], [1, "admin", "owner"])], deny: 2, decideMs: 60 * MINUTE, practice: false },
  { rungs: [rung(0, [2, "approver"]), rung(10 * MINUTE, [1, "admin"]), rung(20 * MINUTE, [1, "owner"])], deny: 2, decideMs: 30 * MINUTE, practice: true },
  { rungs: [rung(0, [1, 1], [2, "approver", 2])], deny: 3, decideMs: 60 * MINUTE, practice: false },
];
const queueBody = (known: readonly Person[], { rungs, ...rest }: Queue) => {
  const all = rungs.map((item) => ({ afterMs: item.afterMs, all: item.all.map(({ n, roles, people }) => ({ n, roles: [...roles], members: people.map((i) => (known[i] as Person).member) })) }));
  return queueOf("approvers", all[0]?.all ?? [], { ...rest, steps: all.slice(1) });
};
const ROLES = ["owner", "admin", "approver", "member", "auditor", "guest", "helper"];
const CAPS = [
  ["tools.use"],
  ["tools.use", "approvals.decide"],
  ["knowledge.read", "members.invite"],
  ["knowledge.read", "members.invite", "members.remove", "members.assign"],
  ["members.assign", "knowledge.read", "approvals.decide", "tools.use"],
  [],
];

const KINDS = ["role", "role", "remove", "revoke", "add", "rotate", "define", "invite", "join", "join", "uninvite", "delegate", "delegate", "undelegate", "policy", "ask", "ask", "ask", "vote", "vote", "vote", "vote", "vote", "cancel", "use", "wait", "epoch", "rewrap"] as const;
type Kind = (typeof KINDS)[number] | "invite";
/** Numbers are read modulo what there is, so that a step means something after others were taken away by shrinking. */
const stepOf = (kinds: readonly Kind[]) => fc.record({
  kind: fc.constantFrom(...kinds),
  by: fc.oneof({ weight: 2, arbitrary: fc.nat(2) }, { weight: 1, arbitrary: fc.nat(11) }),
  of: fc.nat(11),
  pick: fc.nat(11),
  yes: fc.boolean(),
  /** Delivered that many steps after it was signed. */
  delay: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 6 }) }),
  /** How far behind the newest the log position is at which an approval is judged. */
  lag: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }) }),
  /** The same bytes arrive a second time. */
  twice: fc.oneof({ weight: 7, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  /** What was signed to be good for ten minutes only. */
  brief: fc.oneof({ weight: 7, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});
type Step = ReturnType<typeof stepOf> extends fc.Arbitrary<infer T> ? T : never;

interface Letter {
  readonly command: Command;
  readonly jws: string;
  readonly doc: DocName;
  readonly counter: string;
  readonly n: number;
  readonly seen: number;
  readonly exp: number;
  readonly twice: boolean;
  /** The device that comes to be when it is taken. */
  readonly arrives: Person | null;
  readonly lag: number;
}

const openWorld = ({ roles, caps, queue }: Start) => {
  const team = createTeam();
  team.given(team.ada, LOG, "role.define", { id: "helper", name: "Helper", caps });
  const devices: Person[] = [team.ada, ...roles.map((role, i) => team.member(`Person ${i}`, role))];
  const people: Person[] = [...devices];
  team.given(team.ada, LOG, "policy.set", { base: 0, rules: [], queues: [queueBody(people, queue)] });
  const start = team.log.seq;
  const model = createModel({ roles: ["owner", ...roles], custom: { helper: caps }, queue }, start);
  return { team, devices, people, model, start, kits: [] as InviteKit[], requests: [] as Hash[], counters: new Map<string, number>(), lastPosition: start };
};
type World = ReturnType<typeof openWorld>;
interface Start {
  readonly roles: readonly string[];
  readonly caps: readonly string[];
  readonly queue: Queue;
}

const queueOfEpoch = (epoch: number): DocName => queueDoc(DEFAULT_QUEUE, epoch);
const queueIn = ({ team }: { readonly team: Team }, epoch: number): ApprovalDoc => team.chain(queueOfEpoch(epoch)) as ApprovalDoc;
const pickFrom = <T>(items: readonly T[], n: number): T => items[n % items.length] as T;

const commandOf = (world: World, { kind, by, of, pick, yes }: Step): Command | null => {
  const { devices, people, model, kits, requests, team } = world;
  const device = by % devices.length;
  const person = of % people.length;
  const request = requests.length === 0 ? null : requests.length - 1 - (pick % Math.min(2, requests.length));
  // Mostly where it belongs.
  const epoch = pick === 11 ? 1 + (of % 3) : request === null || kind === "ask" ? model.now().epoch : (model.asks[request]?.epoch ?? 1);
  switch (kind) {
    case "role":
      return { k: "role", device, of: person, from: yes ? (model.now().roles[person] ?? "guest") : pickFrom(ROLES, by), to: pickFrom(ROLES, pick) };
    case "remove":
      return { k: "remove", device, of: person };
    case "revoke":
      return { k: "revoke", device, which: of % devices.length };
    case "add":
    case "rotate":
      return { k: kind, device };
    case "define":
      return { k: "define", device, role: "helper", caps: pickFrom(CAPS, pick) };
    case "join":
      return kits.length === 0 ? null : { k: "join", invite: kits.length - 1 - (pick % Math.min(2, kits.length)), as: of < 9 ? (model.invites[kits.length - 1 - (pick % Math.min(2, kits.length))]?.for ?? null) : null };
    case "uninvite":
      return kits.length === 0 ? null : { k: "uninvite", device, invite: pick % kits.length };
    case "delegate":
      return { k: "delegate", device, to: person, until: team.now + (pick - 1) * 15 * MINUTE };
    case "undelegate":
      return { k: "undelegate", device };
    case "policy":
      return { k: "policy", device, queue: pickFrom(QUEUES, pick), base: model.now().policies };
    case "ask":
      // An edit stays where its request is.
      return { k: "ask", device, epoch: yes && of > 7 && request !== null && pick !== 11 ? (model.asks[request]?.epoch ?? 1) : epoch, practice: pick < 4, replaces: yes && of > 7 ? request : null, ttlMs: (of + 1) * 5 * MINUTE };
    case "epoch":
      return { k: "epoch", device, n: model.now().epoch + (pick === 11 ? 2 : 1) };
    case "vote":
      return request === null ? null : { k: "vote", device: of % devices.length, epoch, request, yes };
    case "cancel":
    case "use":
    case "rewrap":
      // Mostly by who asked: others are refused before anything else is asked.
      return request === null ? null : { k: kind, device: yes ? (model.asks[request]?.device ?? device) : device, epoch, request };
    default:
      return null;
  }
};

/** Kind, body, sender and the device that it makes. */
const wordsOf = (world: World, command: Command): { kind: string; body: unknown; sender: Person; arrives: Person | null; doc: DocName } => {
  const { team, people, devices, kits, requests } = world;
  const sender = "device" in command ? (devices[command.device] as Person) : team.ada;
  const log = (kind: string, body: unknown, arrives: Person | null = null, from = sender) => ({ kind, body, sender: from, arrives, doc: LOG });
  const queue = (kind: string, body: unknown) => ({ kind, body, sender, arrives: null, doc: "epoch" in command ? queueOfEpoch(command.epoch) : LOG });
  switch (command.k) {
    case "role":
      return log("member.role", { member: people[command.of]?.member, from: command.from, to: command.to });
    case "remove":
      return log("member.remove", { member: people[command.of]?.member });
    case "revoke":
      return log("device.revoke", { device: devices[command.which]?.device });
    case "add":
    case "rotate": {
      const next = makeDevice(sender);
      return log(`device.${command.k}`, deviceBody(team.wid, next), next);
    }
    case "define":
      return log("role.define", { id: command.role, name: "Helper", caps: command.caps });
    case "join": {
      const who = command.as === null ? makePerson("New") : makeDevice(people[command.as] as Person);
      return log("member.join", joinBody(team.wid, kits[command.invite] as InviteKit, who), who, who);
    }
    case "uninvite":
      return log("invite.revoke", { id: kits[command.invite]?.id });
    case "delegate":
      return log("approval.delegate", { to: people[command.to]?.member, until: command.until });
    case "undelegate":
      return log("approval.undelegate", {});
    case "policy":
      return log("policy.set", { base: policyPosition(team.log), rules: [], queues: [queueBody(people, command.queue)] });
    case "epoch":
      return log("epoch.open", { doc: queueOfEpoch(1), n: command.n });
    case "ask":
      return queue("approval.request", requestBody({ practice: command.practice, replaces: command.replaces === null ? null : requests[command.replaces], ttlMs: command.ttlMs }));
    case "vote":
      return queue("approval.vote", { request: requests[command.request], v: command.yes ? "approve" : "reject", note: null });
    case "cancel":
      return queue("approval.cancel", { request: requests[command.request] });
    case "use":
      return queue("approval.used", { request: requests[command.request], result: "ok" });
    case "rewrap":
      return queue("approval.rewrap", { request: requests[command.request], jwe: "sealed again" });
  }
};

const write = (world: World, item: Step): Letter | null => {
  const { team, model, devices, kits, people } = world;
  if (item.kind === "invite") {
    const by = item.by % devices.length;
    const back = item.pick > 7 ? item.of % people.length : null;
    const role = back === null ? pickFrom(ROLES, item.pick) : (model.now().roles[back] ?? "member");
    const invite = { by, role, confirm: item.yes, uses: back === null ? 1 + (item.of % 2) : 1, exp: team.now + 30 * MINUTE, for: back };
    model.invites.push(invite);
    kits.push(makeInvite(devices[by] as Person, team.wid, team.now, { role, mode: invite.confirm ? "confirm" : "direct", uses: invite.uses, exp: invite.exp, ...(back === null ? {} : { member: (people[back] as Person).member }) }));
  }
  if (item.kind === "wait") team.pass(item.pick * MINUTE);
  const command = commandOf(world, item);
  if (command === null) return null;
  const { kind, body, sender, arrives, doc } = wordsOf(world, command);
  const exp = team.now + (item.brief ? 10 * MINUTE : 7 * 86_400_000);
  const jws = team.sign(sender, doc, kind, body, { exp });
  return { command, jws, doc, counter: `${sender.device} ${doc}`, n: sender.counters.get(doc) ?? 0, seen: team.log.seq, exp, twice: item.twice, arrives, lag: item.lag };
};

const deliver = (world: World, letter: Letter): void => {
  const { command, jws, doc, counter, n, seen, exp, arrives, lag } = letter;
  const { team, model, counters, devices, people, requests } = world;
  const position = doc === LOG ? team.log.seq : Math.max(world.lastPosition, team.log.seq - lag);
  const inTime = n > (counters.get(counter) ?? 0) && seen <= position && team.now <= exp;
  const should = inTime && (doc === LOG ? model.log(command, team.now, team.log.seq + 1) : model.queue(command, team.now, position));
  const taken = team.take(team.chain(doc), jws, { m: [position, team.log.hashes.at(position) ?? ""] });
  expect([command, taken.ok ? "ok" : taken.code]).toEqual([command, should ? "ok" : expect.not.stringMatching(/^ok$/)]);
  if (!taken.ok) return;
  if (letter.twice) expect([command, team.take(team.chain(doc), jws).ok]).toEqual([command, false]);
  counters.set(counter, n);
  if (doc !== LOG) world.lastPosition = position;
  if (command.k === "ask") requests.push(taken.command);
  if (arrives === null) return;
  devices.push(arrives);
  if (command.k === "join" && command.as === null) people.push(arrives);
};

const agree = (world: World): void => {
  const { team, model, people, devices, requests } = world;
  const { roles, promised, devices: known } = model.now();
  expect(people.map(({ member }) => roleOf(team.log, member))).toEqual(roles);
  expect(people.map(({ member }) => team.log.members.get(member)?.promised)).toEqual(promised);
  expect(devices.map(({ device }) => deviceActive(team.log, device) !== undefined)).toEqual(known.map(({ works }) => works));
  expect(owners(team.log).length).toBeGreaterThan(0);
  const indexOf = (member: string) => people.findIndex((person) => person.member === member);
  const folded = requests.map((id, i) => queueIn(world, model.asks[i]?.epoch ?? 1).requests.get(id)).map((item) => [item?.state, item?.copies.length, item?.votes.map(({ member, by, v }) => [indexOf(member), indexOf(by), v === "approve"])]);
  expect(folded).toEqual(model.asks.map(({ state, copies, votes }) => [state, copies, votes.map(({ of, by, yes }) => [of, by, yes])]));
};

/** The lane of each person gets the same signed bytes at the same times and positions, and must come to the same decisions. */
const lanesAgree = ({ team, model, people, requests }: World): void => {
  const lanes = people.map((person) => newApprovalDoc(lane(person)));
  const owner = new Map<string, number>(requests.map((id, i) => [id, model.asks[i]?.by ?? 0]));
  for (const { doc, text } of team.entries) {
    if (!doc.startsWith("queue:")) continue;
    const { t, c, m } = JSON.parse(text) as { t: number; c: string; m: [number, Hash] };
    const { k, b } = JSON.parse(crypto.decode(c.split(".")[1] ?? "") ?? "") as { k: string; b: { request?: string } };
    const of = lanes[owner.get(k === "approval.request" ? crypto.sha256(c) : (b.request ?? "")) ?? 0] as ApprovalDoc;
    expect(ingestInto(team.log, of, writeEntry({ s: of.seq + 1, p: of.head, t, c, m }))).toMatchObject({ ok: true });
  }
  requests.forEach((id, i) => expect(lanes[owner.get(id) ?? 0]?.requests.get(id)).toEqual(queueIn({ team }, model.asks[i]?.epoch ?? 1).requests.get(id)));
};

/** Every replica, and every start from a checkpoint in between, comes to the same state. */
const replicasAgree = (team: Team, at: { seq: number; state: string } | null): void => {
  const log = newLog(team.wid);
  const queues = new Map<DocName, ApprovalDoc>();
  const copyOf = (doc: DocName): ApprovalDoc => {
    const copy = queues.get(doc) ?? newApprovalDoc(doc);
    queues.set(doc, copy);
    return copy;
  };
  for (const { doc, text } of team.entries) expect(ingestInto(log, doc === LOG ? log : copyOf(doc), text).ok).toBe(true);
  expect(log).toEqual(team.log);
  for (const [doc, copy] of queues) {
    expect(copy).toEqual(team.chain(doc));
    expect(readApprovals(writeApprovals(copy))).toEqual(copy);
  }
  if (at === null) return;
  const tail = team.entries.filter(({ doc }) => doc === LOG).map(({ text }) => text).slice(at.seq);
  const start = startFromCheckpoint(crypto, { state: at.state, entries: tail, pin: [team.log.seq, team.log.head as Hash] });
  if (!start.ok) throw new Error(start.code);
  for (const text of tail) expect(ingestInto(start.log, start.log, text).ok).toBe(true);
  expect(start.log).toEqual(team.log);
};

const run = (start: Start, steps: readonly Step[], checkpointAt: number): void => {
  const world = openWorld(start);
  const waiting: { at: number; letter: Letter }[] = [];
  let checkpoint: { seq: number; state: string } | null = null;
  steps.forEach((item, i) => {
    for (const { letter } of waiting.filter(({ at }) => at === i)) deliver(world, letter);
    const letter = write(world, item);
    if (letter === null) return;
    if (item.delay > 0) waiting.push({ at: i + item.delay, letter });
    else deliver(world, letter);
    agree(world);
    if (i === checkpointAt) checkpoint = signCheckpoint(world);
  });
  for (const { letter } of waiting.filter(({ at }) => at >= steps.length)) deliver(world, letter);
  agree(world);
  lanesAgree(world);
  replicasAgree(world.team, checkpoint);
};

/** By the first Owner who has a device; the model sees a log entry that changes nothing. */
const signCheckpoint = ({ team, model, devices, counters }: World): { seq: number; state: string } | null => {
  const { roles, devices: known } = model.now();
  const by = devices[known.findIndex(({ of, works }) => works && roles[of] === "owner")];
  if (by === undefined) return null;
  const made = { seq: team.log.seq, state: writeState(team.log) };
  team.given(by, LOG, "checkpoint", { v: 1, at: [team.log.seq, team.log.head], stateHash: stateHashOf(crypto, team.log) });
  counters.set(`${by.device} ${LOG}`, by.counters.get(LOG) ?? 0);
  model.idle(team.log.seq);
  return made;
};

/** Worlds where one thing happens often, so that rare meetings happen at all. */
interface Mix {
  readonly name: string;
  readonly roles: readonly string[];
  readonly queues: readonly Queue[];
  readonly kinds: readonly Kind[];
}
const MIXES: readonly Mix[] = [
  { name: "a bit of everything", roles: ["owner", "admin", "approver", "approver", "member", "guest", "helper"], queues: QUEUES, kinds: KINDS },
  // Votes, and people who gain and lose the right to them in between.
  { name: "a busy queue", roles: ["approver", "approver", "approver", "admin", "helper"], queues: QUEUES.slice(1), kinds: ["ask", "ask", "vote", "vote", "vote", "vote", "vote", "vote", "role", "role", "define", "remove", "delegate", "delegate", "undelegate", "wait"] },
  // People who come, lose their devices and come back.
  { name: "a busy door", roles: ["owner", "admin", "admin", "member", "helper"], queues: QUEUES.slice(0, 1), kinds: ["invite", "invite", "join", "join", "join", "uninvite", "role", "role", "define", "remove", "revoke", "add", "wait"] },
];
const startOf = ({ roles, queues }: Mix): fc.Arbitrary<Start> => {
  const role = fc.constantFrom(...roles);
  return fc.record({ roles: fc.tuple(role, role, role, role), caps: fc.constantFrom(...CAPS), queue: fc.constantFrom(...queues) });
};

test.each(MIXES)("[MB2] [MB5] [MB6] [MB7] [MB14] [IN3] [IN4] [IN11] [IN12] [CH10] [CH11] [AP9] [AP13] [AP15] [AP16] [AP18] [AP19] [AP20] [EP2] [EP3] [CK3] [T15] [T20] the fold takes what the reference model takes, whatever people do in whatever order: $name", (mix) => {
  fc.assert(
    fc.property(startOf(mix), fc.array(stepOf(mix.kinds), { minLength: 1, maxLength: 60, size: "max" }), fc.nat(40), (beginning, steps, checkpointAt) => run(beginning, steps, checkpointAt)),
    { numRuns: 150 },
  );
}, 120_000);
