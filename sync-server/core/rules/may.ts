/**
 * The one function that answers "may this member do that to this, and which rule says so?". Server admission, client
 * replay, the host's gate, the RPC and the screens all ask it. What no rule allows is refused.
 */
import { docArgument, docBase, docEpoch } from "../protocol/ids.ts";
import type { DeviceId, DocName, MemberId, RoleId } from "../protocol/ids.ts";
import type { RejectCode } from "../facts/reject.ts";
import { why } from "../facts/why.ts";
import type { Person, QueueName, RoleName, Why } from "../facts/why.ts";
import { covers, isOwnersOnly, OWNER } from "./roles.ts";
import type { Capability } from "../protocol/capabilities.ts";
import type { Role } from "./roles.ts";
import { at } from "./state.ts";
import { tieTo } from "./ties.ts";
import type { ReadDevice, ReadLog, ReadRequest } from "./read.ts";
import type { Policy } from "./state.ts";
import type { QueuePolicy, Threshold } from "../protocol/command.ts";

export interface Answer {
  readonly allowed: boolean;
  /** The rule that decided. */
  readonly why: Why;
}

/** What a right is asked about. Without it the question is about the capability alone. */
export type Resource =
  /** A role that is given, by hand or by an invite; or the rights of one that is defined. */
  | { readonly role: RoleId }
  | { readonly rights: ReadonlySet<Capability> }
  /** With `members.assign` a person whose role changes, to `to` where that is chosen; with `members.remove` one who is removed. */
  | { readonly member: MemberId; readonly to?: RoleId }
  /** With `members.remove`: a device that is revoked. */
  | { readonly device: DeviceId }
  /** With `approvals.decide`: any request of `requester` in a queue; or one request, `time` being the server's. */
  | { readonly queue: QueuePolicy; readonly requester: MemberId }
  | { readonly request: ReadRequest; readonly time: number };

export const roleOf = (log: ReadLog, member: MemberId, position = log.seq): RoleId | null => {
  const found = log.members.get(member);
  return found === undefined ? null : (at(found.role, position) ?? null);
};

export const roleNamed = (log: ReadLog, id: RoleId, position = log.seq): Role | undefined => {
  const history = log.roles.get(id);
  return history === undefined ? undefined : at(history, position);
};

const roleHeld = (log: ReadLog, member: MemberId, position: number): Role | undefined => {
  const id = roleOf(log, member, position);
  return id === null ? undefined : roleNamed(log, id, position);
};

export const deviceActive = (log: ReadLog, id: DeviceId, position = log.seq): ReadDevice | undefined => {
  const device = log.devices.get(id);
  return device !== undefined && device.from <= position && (device.to === null || position < device.to)
    ? device
    : undefined;
};

/** Whether `now` is `then` or came after it by rotation: the same machine with a new key. */
export const isSameDevice = (log: ReadLog, then: DeviceId, now: DeviceId): boolean => {
  for (let id: DeviceId | null = now; id !== null; id = log.devices.get(id)?.rotatedFrom ?? null)
    if (id === then) return true;
  return false;
};

/** Newest epoch of a queue or lane, by its name without one. */
export const epochAt = (log: ReadLog, base: DocName, position = log.seq): number =>
  at(log.epochs.get(base) ?? [], position) ?? 1;

export const policyAt = (log: ReadLog, position = log.seq): Policy => at(log.policy, position) as Policy;
const wasQueue = (log: ReadLog, id: string | undefined, position: number): boolean =>
  log.policy.some(([since, { queues }]) => since <= position && queues.some((queue) => queue.id === id));
/** Every queue that the policy names or once named, as it last stood. What was asked in it stays where it was. */
export const queuesEver = (log: ReadLog): QueuePolicy[] => [
  ...new Map(log.policy.flatMap(([, { queues }]) => queues.map((queue) => [queue.id, queue]))).values(),
];
/** Log position of the policy in force: the `base` of the next `policy.set`. */
export const policyPosition = (log: ReadLog): number => log.policy[log.policy.length - 1]?.[0] ?? 0;

/** An answer with the code that a refused command gets. */
interface Ruling {
  readonly code: RejectCode | null;
  readonly why: Why;
}
const yes = (fact: Why): Ruling => ({ code: null, why: fact });
const no = (code: RejectCode, fact: Why = why(code)): Ruling => ({ code, why: fact });
const answered = (ruling: Ruling): Answer => ({ allowed: ruling.code === null, why: ruling.why });
const closed = (fact: Why): Answer => ({ allowed: false, why: fact });
const open = (fact: Why): Answer => ({ allowed: true, why: fact });
const NOT_ACTIVE = why("not-active");

const roleName = ({ id, name }: Role): RoleName => [id, name];
const queueName = ({ id, name }: QueuePolicy): QueueName => [id, name];
export const personNamed = (log: ReadLog, id: MemberId): Person => [id, log.members.get(id)?.name ?? ""];

const holds = (log: ReadLog, member: MemberId, capability: Capability, position: number): Ruling => {
  const role = roleHeld(log, member, position);
  if (role === undefined) return no("not-allowed", NOT_ACTIVE);
  return role.caps.has(capability)
    ? yes(why("role-may", roleName(role), capability))
    : no("not-allowed", why("role-may-not", roleName(role), capability));
};

const gives = (mine: Role, wanted: Role): Ruling =>
  covers(mine.caps, wanted.caps)
    ? yes(why("role-covers", roleName(mine), roleName(wanted)))
    : no("not-yours-to-give", why("role-lacks", roleName(mine), roleName(wanted)));

/** Nobody hands out what they do not hold, and Owner and Admin only come from an Owner. */
const handsOut = (log: ReadLog, member: MemberId, role: RoleId, position: number): Ruling => {
  const mine = roleHeld(log, member, position);
  const wanted = roleNamed(log, role, position);
  if (mine === undefined) return no("not-allowed", NOT_ACTIVE);
  if (wanted === undefined) return no("no-such-role");
  if (isOwnersOnly(role) && mine.id !== OWNER) return no("owners-only");
  return gives(mine, wanted);
};

const definesRole = (log: ReadLog, by: MemberId, rights: ReadonlySet<Capability>, position: number): Ruling => {
  const mine = roleHeld(log, by, position);
  if (mine === undefined) return no("not-allowed", NOT_ACTIVE);
  return covers(mine.caps, rights)
    ? yes(why("role-covers-rights", roleName(mine)))
    : no("not-yours-to-give", why("role-lacks-rights", roleName(mine)));
};

const isLastOwner = (log: ReadLog, role: RoleId, position: number): boolean =>
  role === OWNER && owners(log, position).length === 1;

const changesRole = (
  log: ReadLog,
  by: MemberId,
  { member, to }: { readonly member: MemberId; readonly to?: RoleId },
  position: number,
): Ruling => {
  const from = roleOf(log, member, position);
  if (from === null) return no("no-such-member");
  const rulings = [handsOut(log, by, from, position), ...(to === undefined ? [] : [handsOut(log, by, to, position)])];
  const refused = rulings.find(({ code }) => code !== null);
  if (refused !== undefined) return refused;
  return to !== OWNER && isLastOwner(log, from, position) ? no("last-owner") : (rulings.at(-1) as Ruling);
};

const removes = (log: ReadLog, by: MemberId, member: MemberId, position: number): Ruling => {
  const role = roleOf(log, member, position);
  if (role === null) return no("no-such-member");
  const right =
    by === member
      ? yes(why("may-leave"))
      : both(holds(log, by, "members.remove", position), () => handsOut(log, by, role, position));
  return right.code === null && isLastOwner(log, role, position) ? no("last-owner") : right;
};

const revokes = (log: ReadLog, by: MemberId, id: DeviceId, position: number): Ruling => {
  const device = log.devices.get(id);
  if (device === undefined || device.to !== null) return no("no-such-device");
  if (device.member === by) return yes(why("closes-own-devices"));
  const role = roleOf(log, device.member, position);
  const right = holds(log, by, "members.remove", position);
  return role === null ? right : both(right, () => handsOut(log, by, role, position));
};

const both = (first: Ruling, second: () => Ruling): Ruling => (first.code === null ? second() : first);

const rule = (
  log: ReadLog,
  by: MemberId,
  capability: Capability,
  resource: Resource | null,
  position: number,
): Ruling => {
  if (resource === null) return holds(log, by, capability, position);
  if ("queue" in resource) return votesIn(log, resource.queue, resource.requester, by, position);
  if ("request" in resource) return casts(log, resource.request, by, position, resource.time);
  // Leaving, and what belongs to oneself, needs no capability.
  if ("device" in resource) return revokes(log, by, resource.device, position);
  if ("member" in resource && capability === "members.remove") return removes(log, by, resource.member, position);
  return both(holds(log, by, capability, position), () => {
    if ("role" in resource) return handsOut(log, by, resource.role, position);
    return "rights" in resource
      ? definesRole(log, by, resource.rights, position)
      : changesRole(log, by, resource, position);
  });
};

/** Whether `member` may do that, to `resource` where the right depends on it, at a log position: the newest by default. */
export const may = (
  log: ReadLog,
  member: MemberId,
  capability: Capability,
  resource: Resource | null = null,
  position = log.seq,
): Answer => answered(rule(log, member, capability, resource, position));

/** The same as the code of a refused command; undefined where it is allowed. */
export const refusal = (
  log: ReadLog,
  member: MemberId,
  capability: Capability,
  resource: Resource | null = null,
  position = log.seq,
): RejectCode | undefined => rule(log, member, capability, resource, position).code ?? undefined;

export const owners = (log: ReadLog, position = log.seq): MemberId[] =>
  [...log.members.values()].filter((member) => at(member.role, position) === OWNER).map((member) => member.id);

/** Everybody whom some rung names; `after` ms after the request, the rungs that have begun by then. */
export const namedBy = (
  queue: QueuePolicy,
  member: MemberId,
  role: RoleId | null,
  after = Number.POSITIVE_INFINITY,
): boolean =>
  [queue.all, ...queue.steps.filter((step) => step.afterMs <= after).map((step) => step.all)].some((all) =>
    all.some((threshold) => names(threshold, member, role)),
  );

export const names = (threshold: Threshold, member: MemberId, role: RoleId | null): boolean =>
  threshold.members.includes(member) || (role !== null && threshold.roles.includes(role));

/** `after` is the time since the request, ms; without it every rung of escalation counts. */
interface Ballot {
  readonly practice?: boolean;
  readonly after?: number;
  /** When the vote is cast or counted, ms, for what lasts a time. */
  readonly time?: number;
}

/** Whether a vote of `member` on a request of `requester` under `queue` counts. */
const votesIn = (
  log: ReadLog,
  queue: QueuePolicy,
  requester: MemberId,
  member: MemberId,
  position: number,
  ballot: Ballot = {},
): Ruling => {
  if (member === requester && ballot.practice !== true) return no("own-request");
  const decide = holds(log, member, "approvals.decide", position);
  if (decide.code !== null) return decide;
  const role = roleOf(log, member, position);
  if (queue.independent && ballot.practice !== true && tieTo(log, requester, member, position, ballot.time) !== null)
    return no("not-independent");
  const held = roleHeld(log, member, position);
  if (held !== undefined && namedBy(queue, member, role, ballot.after))
    return yes(why("queue-names", queueName(queue), roleName(held)));
  const later = namedBy(queue, member, role) ? "queue-names-later" : "queue-names-not";
  return no("not-approver", why(later, queueName(queue)));
};

/** The same for one request at a time of the server: only rungs that have begun, and practice for everybody named. */
const counts = (log: ReadLog, request: ReadRequest, member: MemberId, position: number, time: number): Ruling =>
  votesIn(log, request.policy, request.requester, member, position, {
    practice: request.practice,
    after: time - request.at,
    time,
  });

export const isCounted = (
  log: ReadLog,
  request: ReadRequest,
  member: MemberId,
  position: number,
  time: number,
): boolean => counts(log, request, member, position, time).code === null;

/** Whether `member` may click in the place of anybody: who would not count as themselves is no judge under another name either. */
export const castsForOthers = (
  log: ReadLog,
  request: ReadRequest,
  member: MemberId,
  position: number,
  time: number,
): boolean =>
  member !== request.requester &&
  holds(log, member, "approvals.decide", position).code === null &&
  !isTied(log, request, member, position, time);

const isTied = (
  log: ReadLog,
  { policy, practice, requester }: ReadRequest,
  member: MemberId,
  position: number,
  time: number,
): boolean => policy.independent && !practice && tieTo(log, requester, member, position, time) !== null;

/** Whose votes `member` would cast: the own one and those of the people they stand in for. The requester stands in for nobody. */
export const votersBehind = (
  log: ReadLog,
  request: ReadRequest,
  member: MemberId,
  position: number,
  time: number,
): MemberId[] => {
  const others = castsForOthers(log, request, member, position, time)
    ? standsInFor(log, member, position, time).filter((who) => who !== request.requester)
    : [];
  return [...new Set([member, ...others])].filter((who) => isCounted(log, request, who, position, time));
};

/** Whether `member` may cast a vote, for themselves or for somebody they stand in for. */
const casts = (log: ReadLog, request: ReadRequest, member: MemberId, position: number, time: number): Ruling => {
  const own = counts(log, request, member, position, time);
  if (own.code === null) return own;
  const [behind] = votersBehind(log, request, member, position, time);
  return behind === undefined ? own : yes(why("stands-in-for", personNamed(log, behind)));
};

/**
 * Who may open a request: see its card, with the arguments. Whoever asked it or voted on it, and whoever may vote on it
 * now, or could have when it was over. Its bytes are sealed to the people of every rung when it is asked, so this, and
 * not what a device holds, is what keeps a card from the people of a rung that never began.
 */
export const mayOpen = (
  log: ReadLog,
  member: MemberId,
  request: ReadRequest,
  time: number,
  position = log.seq,
): Answer => {
  if (request.requester === member) return open(why("opens-asked"));
  if (request.votes.some((vote) => vote.member === member || vote.by === member)) return open(why("opens-voted"));
  return answered(casts(log, request, member, position, Math.min(time, request.decidedAt ?? request.decideBy)));
};

/** In whose place `member` stands at `position` and `time`. A delegate must hold the right to decide: it is not handed on. */
export const standsInFor = (log: ReadLog, member: MemberId, position = log.seq, time = log.time): MemberId[] => {
  if (holds(log, member, "approvals.decide", position).code !== null) return [];
  const out: MemberId[] = [];
  for (const [who, history] of log.delegations) {
    const given = at(history, position);
    if (given !== undefined && given !== null && given.to === member && time <= given.until) out.push(who);
  }
  return out;
};

/**
 * Who may open a document. Used by the server before it sends a byte and by nobody else to decide anything. `time` ends
 * what a delegate may read; the server gives its clock, since the newest entry may be old.
 */
export const mayRead = (log: ReadLog, member: MemberId, doc: DocName, position = log.seq, time = log.time): Answer => {
  const role = roleOf(log, member, position);
  if (role === null) return closed(NOT_ACTIVE);
  if (doc === "log") return open(why("reads-log"));
  const asks = (who: MemberId, capability: Capability): Answer => may(log, who, capability, null, position);
  const audit = asks(member, "audit.read");
  // Who reads the audit reads all of it, and invites are acts like others.
  if (doc === "admin") return audit.allowed ? audit : asks(member, "members.invite");
  const argument = docArgument(doc);
  if (docEpoch(doc) > epochAt(log, docBase(doc), position)) return closed(why("no-such-document"));
  if (doc.startsWith("lane:"))
    return argument === member ? open(why("reads-own-requests")) : closed(why("lane-of-another"));
  const queue = policyAt(log, position).queues.find((item) => item.id === argument);
  if (queue === undefined && !wasQueue(log, argument, position)) return closed(why("no-such-queue"));
  if (audit.allowed) return audit;
  // Nobody approves in a queue that is gone, so what it held is history.
  if (queue === undefined) return closed(why("queue-removed"));
  const decide = asks(member, "approvals.decide");
  if (!decide.allowed) return decide;
  const asDelegate = standsInFor(log, member, position, time).some(
    (who) => asks(who, "approvals.decide").allowed && namedBy(queue, who, roleOf(log, who, position)),
  );
  return asDelegate || namedBy(queue, member, role) ? decide : closed(why("queue-names-not", queueName(queue)));
};
