/**
 * The one function that answers "may this member do that, and which rule says so?". Server admission, client replay,
 * the host's gate, the RPC and the screens all ask it. What no rule allows is refused.
 */
import { docArgument } from "./ids.ts";
import type { DeviceId, DocName, MemberId, RoleId } from "./ids.ts";
import { covers, isOwnersOnly, OWNER } from "./roles.ts";
import type { Capability, Role } from "./roles.ts";
import { at } from "./state.ts";
import type { Device, Log, Policy } from "./state.ts";
import type { QueuePolicy, Threshold } from "./command.ts";

export interface Answer {
  readonly allowed: boolean;
  /** The rule that decided, as a sentence for a person. */
  readonly rule: string;
}

export const roleOf = (log: Log, member: MemberId, position = log.seq): RoleId | null => {
  const found = log.members.get(member);
  return found === undefined ? null : (at(found.role, position) ?? null);
};

export const roleNamed = (log: Log, id: RoleId, position = log.seq): Role | undefined => {
  const history = log.roles.get(id);
  return history === undefined ? undefined : at(history, position);
};

const roleHeld = (log: Log, member: MemberId, position: number): Role | undefined => {
  const id = roleOf(log, member, position);
  return id === null ? undefined : roleNamed(log, id, position);
};

export const deviceActive = (log: Log, id: DeviceId, position = log.seq): Device | undefined => {
  const device = log.devices.get(id);
  return device !== undefined && device.from <= position && (device.to === null || position < device.to) ? device : undefined;
};

/** Whether `now` is `then` or came after it by rotation: the same machine with a new key. */
export const isSameDevice = (log: Log, then: DeviceId, now: DeviceId): boolean => {
  for (let id: DeviceId | null = now; id !== null; id = log.devices.get(id)?.rotatedFrom ?? null) if (id === then) return true;
  return false;
};

/** Newest epoch of a queue or lane, by its name without one. */
export const epochAt = (log: Log, base: DocName, position = log.seq): number => at(log.epochs.get(base) ?? [], position) ?? 1;

export const policyAt = (log: Log, position = log.seq): Policy => at(log.policy, position) as Policy;
/** Log position of the policy in force: the `base` of the next `policy.set`. */
export const policyPosition = (log: Log): number => log.policy[log.policy.length - 1]?.[0] ?? 0;

export const may = (log: Log, member: MemberId, capability: Capability, position = log.seq): Answer => {
  const role = roleHeld(log, member, position);
  if (role === undefined) return { allowed: false, rule: "Not an active member of this workspace." };
  return role.caps.has(capability) ? { allowed: true, rule: `The role ${role.name} allows ${capability}.` } : { allowed: false, rule: `The role ${role.name} does not allow ${capability}.` };
};

/** Whether `member` may give or take `role`: nobody hands out what they do not hold, and Owner and Admin only come from an Owner. */
export const mayHandOut = (log: Log, member: MemberId, role: RoleId, position = log.seq): Answer => {
  const mine = roleHeld(log, member, position);
  const wanted = roleNamed(log, role, position);
  if (mine === undefined) return { allowed: false, rule: "Not an active member of this workspace." };
  if (wanted === undefined) return { allowed: false, rule: "There is no such role." };
  if (isOwnersOnly(role) && mine.id !== OWNER) return { allowed: false, rule: "Only an Owner gives or takes the roles Owner and Admin." };
  if (!covers(mine.caps, wanted.caps)) return { allowed: false, rule: `The role ${mine.name} does not hold every right of ${wanted.name}.` };
  return { allowed: true, rule: `The role ${mine.name} holds every right of ${wanted.name}.` };
};

export const owners = (log: Log): MemberId[] => [...log.members.values()].filter((member) => at(member.role, log.seq) === OWNER).map((member) => member.id);

/** Everybody whom some rung names; `after` ms after the request, the rungs that have begun by then. */
export const namedBy = (queue: QueuePolicy, member: MemberId, role: RoleId | null, after = Number.POSITIVE_INFINITY): boolean =>
  [queue.all, ...queue.steps.filter((step) => step.afterMs <= after).map((step) => step.all)].some((all) => all.some((threshold) => names(threshold, member, role)));

export const names = (threshold: Threshold, member: MemberId, role: RoleId | null): boolean => threshold.members.includes(member) || (role !== null && threshold.roles.includes(role));

/** `after` is the time since the request, ms; without it every rung of escalation counts. */
export interface Ballot {
  readonly practice?: boolean;
  readonly after?: number;
}

/** Whether a vote of `member` on a request of `requester` under `queue` counts. */
export const mayVote = (log: Log, queue: QueuePolicy, requester: MemberId, member: MemberId, position = log.seq, ballot: Ballot = {}): Answer => {
  if (member === requester && ballot.practice !== true) return { allowed: false, rule: "Nobody decides their own request." };
  const decide = may(log, member, "approvals.decide", position);
  if (!decide.allowed) return decide;
  const role = roleOf(log, member, position);
  return namedBy(queue, member, role, ballot.after)
    ? { allowed: true, rule: `The queue ${queue.name} names this person or the role ${roleHeld(log, member, position)?.name ?? ""}.` }
    : { allowed: false, rule: `The queue ${queue.name} names neither this person nor the role.` };
};

/** In whose place `member` stands at `position` and `time`. A delegate must hold the right to decide: it is not handed on. */
export const standsInFor = (log: Log, member: MemberId, position = log.seq, time = log.time): MemberId[] => {
  if (!may(log, member, "approvals.decide", position).allowed) return [];
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
export const mayRead = (log: Log, member: MemberId, doc: DocName, position = log.seq, time = log.time): Answer => {
  const role = roleOf(log, member, position);
  if (role === null) return { allowed: false, rule: "Not an active member of this workspace." };
  if (doc === "log") return { allowed: true, rule: "Every member reads the member log." };
  const audit = may(log, member, "audit.read", position);
  // Who reads the audit reads all of it, and invites are acts like others.
  if (doc === "admin") return audit.allowed ? audit : may(log, member, "members.invite", position);
  const argument = docArgument(doc);
  if (doc.startsWith("lane:")) return argument === member ? { allowed: true, rule: "Everybody reads their own requests." } : { allowed: false, rule: "A lane belongs to one person." };
  const queue = policyAt(log, position).queues.find((item) => item.id === argument);
  if (queue === undefined) return { allowed: false, rule: "There is no such approval queue." };
  if (audit.allowed) return audit;
  const decide = may(log, member, "approvals.decide", position);
  if (!decide.allowed) return decide;
  const asDelegate = standsInFor(log, member, position, time).some((who) => may(log, who, "approvals.decide", position).allowed && namedBy(queue, who, roleOf(log, who, position)));
  return asDelegate || namedBy(queue, member, role) ? decide : { allowed: false, rule: `The queue ${queue.name} names neither this person nor the role.` };
};
