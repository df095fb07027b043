/**
 * The world of the model-based test: real keys and commands on one side, the reference model on the other. A step is a
 * few numbers, a letter is the command that it became, and delivering a letter compares what both say.
 */
import * as fc from "fast-check";
import { expect } from "vitest";
import { LOG, queueDoc } from "#core/protocol/ids.ts";
import type { DocName, Hash } from "#core/protocol/ids.ts";
import { policyPosition } from "#core/rules/may.ts";
import { DEFAULT_QUEUE } from "#core/rules/state.ts";
import type { ApprovalDoc } from "#core/rules/state.ts";
import {
  createTeam,
  deviceBody,
  rotateBody,
  joinBody,
  makeDevice,
  makeInvite,
  makePerson,
  queueOf,
  requestBody,
} from "../helpers/people.ts";
import type { InviteKit, Person, Team } from "../helpers/people.ts";
import { createModel } from "./reference-model.ts";
import type { Command, Queue, Rung } from "./reference-model.ts";

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
/** Each threshold: how many, and of which roles or people. */
const rung = (afterMs: number, ...all: [number, ...(string | number)[]][]): Rung => ({
  afterMs,
  all: all.map(([n, ...named]) => ({
    n,
    roles: named.filter((name) => typeof name === "string"),
    people: named.filter((name) => typeof name === "number"),
  })),
});
export const QUEUES: Queue[] = [
  {
    rungs: [rung(0, [1, "owner", "admin", "approver"])],
    deny: 1,
    decideMs: 60 * MINUTE,
    practice: true,
    oneForTwo: false,
  },
  {
    rungs: [rung(0, [2, "approver", "admin"], [1, "admin", "owner"])],
    deny: 2,
    decideMs: 60 * MINUTE,
    practice: false,
    oneForTwo: true,
  },
  {
    rungs: [rung(0, [2, "approver", "helper"]), rung(10 * MINUTE, [1, "admin"]), rung(20 * MINUTE, [1, "owner"])],
    deny: 2,
    decideMs: 30 * MINUTE,
    practice: true,
    oneForTwo: false,
  },
  { rungs: [rung(0, [1, 1], [2, "approver", 2])], deny: 3, decideMs: 60 * MINUTE, practice: true, oneForTwo: true },
  {
    rungs: [rung(0, [3, "approver", "admin"]), rung(10 * MINUTE, [1, "approver", "admin"])],
    deny: 1,
    decideMs: 60 * MINUTE,
    practice: false,
    oneForTwo: false,
  },
  { rungs: [rung(0, [2, "approver"])], deny: 2, decideMs: 60 * MINUTE, practice: true, oneForTwo: false },
];
const queueBody = (known: readonly Person[], { rungs, ...rest }: Queue) => {
  const all = rungs.map((item) => ({
    afterMs: item.afterMs,
    all: item.all.map(({ n, roles, people }) => ({
      n,
      roles: [...roles],
      members: people.map((i) => (known[i] as Person).member),
    })),
  }));
  return queueOf("approvers", all[0]?.all ?? [], { ...rest, steps: all.slice(1) });
};
const ROLES = ["owner", "admin", "approver", "member", "auditor", "guest", "helper", "clerk"];
/** Another custom role, whose holders may redefine roles that have more rights than they. */
const CLERK = ["members.assign", "threads.create"];
export const CAPS = [
  ["tools.use"],
  ["tools.use", "approvals.decide"],
  ["threads.create", "members.invite"],
  ["threads.create", "members.invite", "members.remove", "members.assign"],
  ["members.assign", "threads.create", "approvals.decide", "tools.use"],
  [],
];

export const KINDS = [
  "role",
  "role",
  "remove",
  "revoke",
  "add",
  "rotate",
  "define",
  "invite",
  "join",
  "join",
  "uninvite",
  "delegate",
  "delegate",
  "undelegate",
  "policy",
  "ask",
  "ask",
  "ask",
  "vote",
  "vote",
  "vote",
  "vote",
  "vote",
  "cancel",
  "use",
  "wait",
  "epoch",
  "rewrap",
  "fall",
  "again",
  "lend",
] as const;
export type Kind = (typeof KINDS)[number] | "invite";
/** Numbers are read modulo what there is, so that a step means something after others were taken away by shrinking. */
export const stepOf = (kinds: readonly Kind[]) =>
  fc.record({
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
    /** How long it is good for, ms: the usual week, too short for a delay, or longer than is allowed. */
    life: fc.oneof(
      { weight: 7, arbitrary: fc.constant(7 * DAY) },
      { weight: 1, arbitrary: fc.constantFrom(2 * MINUTE, 8 * DAY) },
    ),
  });
export type Step = ReturnType<typeof stepOf> extends fc.Arbitrary<infer T> ? T : never;

export interface Letter {
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

export const openWorld = ({ roles, caps, queue }: Start) => {
  const team = createTeam();
  team.given(team.ada, LOG, "role.define", { id: "helper", name: "Helper", caps });
  team.given(team.ada, LOG, "role.define", { id: "clerk", name: "Clerk", caps: CLERK });
  const devices: Person[] = [team.ada, ...roles.map((role, i) => team.member(`Person ${i}`, role))];
  const people: Person[] = [...devices];
  team.given(team.ada, LOG, "policy.set", { base: 0, unnamed: "ask", rules: [], queues: [queueBody(people, queue)] });
  const start = team.log.seq;
  const model = createModel({ roles: ["owner", ...roles], custom: { helper: caps, clerk: CLERK }, queue }, start);
  return {
    team,
    devices,
    people,
    model,
    start,
    kits: [] as InviteKit[],
    requests: [] as Hash[],
    counters: new Map<string, number>(),
    lastPosition: start,
  };
};
export type World = ReturnType<typeof openWorld>;
export interface Start {
  readonly roles: readonly string[];
  readonly caps: readonly string[];
  readonly queue: Queue;
}

export const queueOfEpoch = (epoch: number): DocName => queueDoc(DEFAULT_QUEUE, epoch);
export const queueIn = ({ team }: { readonly team: Team }, epoch: number): ApprovalDoc =>
  team.chain(queueOfEpoch(epoch)) as ApprovalDoc;
const pickFrom = <T>(items: readonly T[], n: number): T => items[n % items.length] as T;

const commandOf = (world: World, { kind, by, of, pick, yes }: Step): Command | null => {
  const { devices, people, model, kits, requests, team } = world;
  const device = by % devices.length;
  const person = of % people.length;
  const request = requests.length === 0 ? null : requests.length - 1 - (pick % Math.min(2, requests.length));
  // Mostly where it belongs.
  const epoch =
    pick === 11
      ? 1 + (of % 3)
      : request === null || kind === "ask"
        ? model.now().epoch
        : (model.asks[request]?.epoch ?? 1);
  const votes = request === null ? [] : (model.asks[request]?.votes ?? []);
  const deviceOf = (who: number): number =>
    model.now().devices.findLastIndex((known) => known.of === who && known.works);
  switch (kind) {
    case "role":
      return {
        k: "role",
        device,
        of: person,
        from: yes ? (model.now().roles[person] ?? "guest") : pickFrom(ROLES, by),
        to: pickFrom(ROLES, pick),
      };
    // Somebody who voted, or for whom was voted, gets another role from the founder.
    case "fall": {
      const voter = yes
        ? pickFrom([...votes.map(({ of: who }) => who), person], of)
        : pickFrom([...votes.map(({ by: who }) => who), person], of);
      return {
        k: "role",
        device: 0,
        of: voter,
        from: model.now().roles[voter] ?? "guest",
        to: pickFrom(["member", "helper", "approver", "guest"], pick),
      };
    }
    case "remove":
      return { k: "remove", device, of: person };
    case "revoke":
      return { k: "revoke", device, which: of % devices.length };
    case "add":
    case "rotate":
      return { k: kind, device };
    case "define":
      return { k: "define", device, role: of % 4 === 0 ? "clerk" : "helper", caps: pickFrom(CAPS, pick) };
    case "join":
      return kits.length === 0
        ? null
        : {
            k: "join",
            invite: kits.length - 1 - (pick % Math.min(2, kits.length)),
            as: of < 9 ? (model.invites[kits.length - 1 - (pick % Math.min(2, kits.length))]?.for ?? null) : null,
          };
    case "uninvite":
      return kits.length === 0 ? null : { k: "uninvite", device, invite: pick % kits.length };
    case "delegate":
      return { k: "delegate", device, to: person, until: team.now + (pick - 1) * 15 * MINUTE };
    case "undelegate":
      return { k: "undelegate", device };
    case "policy":
      return { k: "policy", device, queue: pickFrom(QUEUES, pick), base: model.now().policies - (of === 11 ? 1 : 0) };
    case "ask":
      // An edit stays where its request is.
      return {
        k: "ask",
        device,
        epoch: yes && of > 7 && request !== null && pick !== 11 ? (model.asks[request]?.epoch ?? 1) : epoch,
        practice: pick < 4,
        replaces: yes && of > 7 ? request : null,
        ttlMs: (of + 1) * 5 * MINUTE,
      };
    case "epoch":
      return { k: "epoch", device, n: model.now().epoch + (pick === 11 ? 2 : 1) };
    case "vote":
      return request === null ? null : { k: "vote", device: of % devices.length, epoch, request, yes };
    // Who answered already, or asked, votes.
    case "again": {
      const who =
        request === null
          ? -1
          : deviceOf(pickFrom([...votes.map(({ by: caster }) => caster), model.asks[request]?.by ?? 0], of));
      return request === null || who < 0 ? null : { k: "vote", device: who, epoch, request, yes };
    }
    // Somebody lets a person stand in who answered already, or who asked.
    case "lend":
      return request === null
        ? null
        : {
            k: "delegate",
            device,
            to: pickFrom([...votes.map(({ by: caster }) => caster), model.asks[request]?.by ?? 0], of),
            until: team.now + (1 + pick) * 15 * MINUTE,
          };
    case "cancel":
    case "use":
    case "rewrap": {
      // Mostly by who asked, or by another device of that person: others are refused before anything else is asked.
      const asked = request === null ? undefined : model.asks[request];
      const other = asked === undefined ? -1 : deviceOf(asked.by);
      return request === null || asked === undefined
        ? null
        : { k: kind, device: yes ? asked.device : other >= 0 && of % 2 === 0 ? other : device, epoch, request };
    }
    default:
      return null;
  }
};

/** Kind, body, sender and the device that it makes. */
const wordsOf = (
  world: World,
  command: Command,
): { kind: string; body: unknown; sender: Person; arrives: Person | null; doc: DocName } => {
  const { team, people, devices, kits, requests } = world;
  const sender = "device" in command ? (devices[command.device] as Person) : team.ada;
  const log = (kind: string, body: unknown, arrives: Person | null = null, from = sender) => ({
    kind,
    body,
    sender: from,
    arrives,
    doc: LOG,
  });
  const queue = (kind: string, body: unknown) => ({
    kind,
    body,
    sender,
    arrives: null,
    doc: "epoch" in command ? queueOfEpoch(command.epoch) : LOG,
  });
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
      return log(`device.${command.k}`, (command.k === "add" ? deviceBody : rotateBody)(team.wid, next), next);
    }
    case "define":
      return log("role.define", { id: command.role, name: "Some role", caps: command.caps });
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
      return log("policy.set", {
        base: command.base === world.model.now().policies ? policyPosition(team.log) : 0,
        unnamed: "ask",
        rules: [],
        queues: [queueBody(people, command.queue)],
      });
    case "epoch":
      return log("epoch.open", { doc: queueOfEpoch(1), n: command.n });
    case "ask":
      return queue(
        "approval.request",
        requestBody({
          practice: command.practice,
          replaces: command.replaces === null ? null : requests[command.replaces],
          ttlMs: command.ttlMs,
        }),
      );
    case "vote":
      return queue("approval.vote", {
        request: requests[command.request],
        v: command.yes ? "approve" : "reject",
        note: null,
      });
    case "cancel":
      return queue("approval.cancel", { request: requests[command.request] });
    case "use":
      return queue("approval.used", { request: requests[command.request], result: "ok" });
    case "rewrap":
      return queue("approval.rewrap", { request: requests[command.request], jwe: "sealed again" });
  }
};

export const write = (world: World, item: Step): Letter | null => {
  const { team, model, devices, kits, people } = world;
  if (item.kind === "invite") {
    const by = item.by % devices.length;
    const back = item.pick > 7 ? item.of % people.length : null;
    const role = back === null ? pickFrom(ROLES, item.pick) : (model.now().roles[back] ?? "member");
    const invite = {
      by,
      role,
      confirm: item.yes,
      uses: back === null ? 1 + (item.of % 2) : 1,
      exp: team.now + (1 + (item.of % 4)) * 8 * MINUTE,
      for: back,
    };
    model.invites.push(invite);
    kits.push(
      makeInvite(devices[by] as Person, team.wid, team.now, {
        role,
        mode: invite.confirm ? "confirm" : "direct",
        uses: invite.uses,
        exp: invite.exp,
        ...(back === null ? {} : { member: (people[back] as Person).member }),
      }),
    );
  }
  if (item.kind === "wait") team.pass(item.pick * MINUTE);
  const command = commandOf(world, item);
  if (command === null) return null;
  const { kind, body, sender, arrives, doc } = wordsOf(world, command);
  const exp = team.now + item.life;
  const jws = team.sign(sender, doc, kind, body, { exp });
  return {
    command,
    jws,
    doc,
    counter: `${sender.device} ${doc}`,
    n: sender.counters.get(doc) ?? 0,
    seen: team.log.seq,
    exp,
    twice: item.twice,
    arrives,
    lag: item.lag,
  };
};

export const deliver = (world: World, letter: Letter): void => {
  const { command, jws, doc, counter, n, seen, exp, arrives, lag } = letter;
  const { team, model, counters, devices, people, requests } = world;
  const position = doc === LOG ? team.log.seq : Math.max(world.lastPosition, team.log.seq - lag);
  const inTime =
    n > (counters.get(counter) ?? 0) && seen <= position && team.now <= exp && exp <= team.now + 7 * DAY + 10 * MINUTE;
  const should =
    inTime && (doc === LOG ? model.log(command, team.now, team.log.seq + 1) : model.queue(command, team.now, position));
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
