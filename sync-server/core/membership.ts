/**
 * Rules of the member log. Each handler checks everything, then changes the state, so a refused command leaves no trace.
 */
import { bodies, deviceProofText, genesisText, INVITE_TYP, invitePayload, joinProofText, parseSigned } from "./command.ts";
import type { Body, InvitePayload, Kind } from "./command.ts";
import { deviceIdOf, inviteIdOf, workspaceIdOf } from "./crypto.ts";
import type { CryptoDep } from "./crypto.ts";
import type { DeviceId, MemberId, RoleId } from "./ids.ts";
import { deviceActive, may, mayHandOut, owners, policyPosition, roleNamed, roleOf } from "./may.ts";
import { json } from "./parse.ts";
import type { RejectCode } from "./reject.ts";
import { BUILT_IN_ROLES, covers, GUEST, isOwnersOnly, MEMBER_ROLE, OWNER } from "./roles.ts";
import type { Capability } from "./roles.ts";
import type { Log } from "./state.ts";

/** Facts about the command under judgement. `seq` is the position it would get; rights are asked at `position`. */
export interface Context {
  readonly crypto: CryptoDep;
  readonly member: MemberId;
  readonly device: DeviceId;
  readonly position: number;
  readonly seq: number;
  readonly time: number;
}

type Handler<K extends Kind> = (log: Log, body: Body<K>, context: Context) => RejectCode | undefined;

const lacks = (log: Log, context: Context, capability: Capability): boolean => !may(log, context.member, capability, context.position).allowed;

const mayTouch = (log: Log, context: Context, role: RoleId): RejectCode | undefined => {
  if (mayHandOut(log, context.member, role, context.position).allowed) return undefined;
  if (roleNamed(log, role) === undefined) return "no-such-role";
  return isOwnersOnly(role) && roleOf(log, context.member, context.position) !== OWNER ? "owners-only" : "not-yours-to-give";
};

export const onGenesis = (log: Log, body: Body<"genesis">, context: Omit<Context, "member" | "position">, signedBy: (x: string) => boolean): RejectCode | undefined => {
  const start = genesisText(json(body.text));
  if (start === undefined || context.seq !== 1) return "malformed";
  if (workspaceIdOf(context.crypto, body.text) !== log.wid) return "wrong-workspace";
  if (deviceIdOf(context.crypto, start.x) !== context.device) return "unknown-device";
  if (!signedBy(start.x)) return "bad-signature";
  log.name = start.workspace;
  log.members.set(start.member, { id: start.member, name: start.name, role: [[1, OWNER]], joinedAt: context.time, promised: null });
  log.devices.set(context.device, { id: context.device, member: start.member, x: start.x, enc: start.enc, from: 1, addedAt: context.time, to: null, revokedAt: null });
  return undefined;
};

/** Whether this invite was rightly made: by a device and a person who may, at this position, give that role. */
export const checkInvite = (log: Log, crypto: CryptoDep, jws: string, position: number): { ok: true; invite: InvitePayload; by: MemberId; device: DeviceId } | { ok: false; code: RejectCode } => {
  const signed = parseSigned(crypto, jws, invitePayload);
  if (signed === undefined || signed.typ !== INVITE_TYP || signed.payload.w !== log.wid) return { ok: false, code: "invite-bad" };
  const known = log.devices.get(signed.kid);
  if (known === undefined || !crypto.verify(known.x, signed.input, signed.signature)) return { ok: false, code: "invite-bad" };
  const invite = signed.payload;
  if (inviteIdOf(crypto, invite.x) !== invite.id) return { ok: false, code: "invite-bad" };
  const active = deviceActive(log, signed.kid, position) !== undefined;
  const entitled = may(log, known.member, "members.invite", position).allowed && mayHandOut(log, known.member, invite.role, position).allowed;
  if (!active || !entitled) return { ok: false, code: "inviter-lost-right" };
  const role = roleNamed(log, invite.role, position);
  const plain = roleNamed(log, MEMBER_ROLE, position);
  if (role === undefined || plain === undefined) return { ok: false, code: "no-such-role" };
  if (invite.mode === "direct" && !covers(plain.caps, role.caps)) return { ok: false, code: "needs-confirm" };
  return { ok: true, invite, by: known.member, device: signed.kid };
};

/** The state of an invite at `time`: what a joiner is told before anything happens, and what admission checks. */
export const inviteProblem = (log: Log, invite: InvitePayload, time: number): RejectCode | undefined => {
  if (log.invitesRevoked.has(invite.id)) return "invite-revoked";
  if ((log.inviteUses.get(invite.id) ?? 0) >= invite.uses) return "invite-used";
  return time > invite.exp ? "invite-expired" : undefined;
};

export const onJoin = (log: Log, body: Body<"member.join">, context: Omit<Context, "member">, signedBy: (x: string) => boolean): RejectCode | undefined => {
  if (deviceIdOf(context.crypto, body.x) !== context.device) return "unknown-device";
  if (!signedBy(body.x)) return "bad-signature";
  const checked = checkInvite(log, context.crypto, body.invite, context.position);
  if (!checked.ok) return checked.code;
  const { invite } = checked;
  const problem = inviteProblem(log, invite, context.time);
  if (problem !== undefined) return problem;
  if (!context.crypto.verify(invite.x, joinProofText(log.wid, invite.id, body.x, body.enc, body.member), body.proof)) return "bad-proof";
  if (log.members.has(body.member) || log.devices.has(context.device)) return "already-exists";
  const confirm = invite.mode === "confirm";
  log.inviteUses.set(invite.id, (log.inviteUses.get(invite.id) ?? 0) + 1);
  log.members.set(body.member, { id: body.member, name: body.name, role: [[context.seq, confirm ? GUEST : invite.role]], joinedAt: context.time, promised: confirm ? invite.role : null });
  log.devices.set(context.device, { id: context.device, member: body.member, x: body.x, enc: body.enc, from: context.seq, addedAt: context.time, to: null, revokedAt: null });
  return undefined;
};

const onRole: Handler<"member.role"> = (log, body, context) => {
  if (lacks(log, context, "members.assign")) return "not-allowed";
  const target = log.members.get(body.member);
  const role = roleOf(log, body.member);
  if (target === undefined || role === null) return "no-such-member";
  if (role !== body.from) return "stale";
  const refused = mayTouch(log, context, body.from) ?? mayTouch(log, context, body.to);
  if (refused !== undefined) return refused;
  if (body.from === OWNER && body.to !== OWNER && owners(log).length === 1) return "last-owner";
  target.role.push([context.seq, body.to]);
  target.promised = null;
  return undefined;
};

const onRemove: Handler<"member.remove"> = (log, body, context) => {
  const target = log.members.get(body.member);
  const role = roleOf(log, body.member);
  if (target === undefined || role === null) return "no-such-member";
  if (body.member !== context.member) {
    if (lacks(log, context, "members.remove")) return "not-allowed";
    const refused = mayTouch(log, context, role);
    if (refused !== undefined) return refused;
  }
  if (role === OWNER && owners(log).length === 1) return "last-owner";
  target.role.push([context.seq, null]);
  for (const device of log.devices.values()) if (device.member === body.member && device.to === null) revoke(log, device.id, context);
  return undefined;
};

const revoke = (log: Log, id: DeviceId, context: Context): void => {
  const device = log.devices.get(id);
  if (device === undefined) return;
  device.to = context.seq;
  device.revokedAt = context.time;
};

const onDeviceAdd: Handler<"device.add"> = (log, body, context) => {
  const id = deviceIdOf(context.crypto, body.x);
  if (log.devices.has(id)) return "already-exists";
  if (!context.crypto.verify(body.x, deviceProofText(log.wid, context.member, body.x, body.enc), body.pop)) return "bad-proof";
  log.devices.set(id, { id, member: context.member, x: body.x, enc: body.enc, from: context.seq, addedAt: context.time, to: null, revokedAt: null });
  return undefined;
};

const onDeviceRevoke: Handler<"device.revoke"> = (log, body, context) => {
  const device = log.devices.get(body.device);
  if (device === undefined || device.to !== null) return "no-such-device";
  if (body.device === context.device) return "own-device";
  if (device.member !== context.member) {
    if (lacks(log, context, "members.remove")) return "not-allowed";
    const role = roleOf(log, device.member);
    const refused = role === null ? undefined : mayTouch(log, context, role);
    if (refused !== undefined) return refused;
  }
  revoke(log, body.device, context);
  return undefined;
};

const onRoleDefine: Handler<"role.define"> = (log, body, context) => {
  if (lacks(log, context, "members.assign")) return "not-allowed";
  if (BUILT_IN_ROLES.some((role) => role.id === body.id)) return "already-exists";
  const mine = roleNamed(log, roleOf(log, context.member, context.position) ?? GUEST, context.position);
  const before = roleNamed(log, body.id);
  const caps = new Set(body.caps);
  if (mine === undefined || caps.size !== body.caps.length) return "malformed";
  if (!covers(mine.caps, caps) || (before !== undefined && !covers(mine.caps, before.caps))) return "not-yours-to-give";
  const history = log.roles.get(body.id) ?? [];
  history.push([context.seq, { id: body.id, name: body.name, caps, builtIn: false }]);
  log.roles.set(body.id, history);
  return undefined;
};

const onInviteRevoke: Handler<"invite.revoke"> = (log, body, context) => {
  if (lacks(log, context, "members.invite")) return "not-allowed";
  if (!log.invitesRevoked.has(body.id)) log.invitesRevoked.set(body.id, context.time);
  return undefined;
};

const onToolDefine: Handler<"tool.define"> = (log, body, context) => {
  if (lacks(log, context, "tools.configure")) return "not-allowed";
  log.servers.set(body.id, { ...body, by: context.member, position: context.seq });
  return undefined;
};

const onToolRemove: Handler<"tool.remove"> = (log, body, context) => {
  if (lacks(log, context, "tools.configure")) return "not-allowed";
  return log.servers.delete(body.id) ? undefined : "no-such-server";
};

/** A rule that names something unknown would silently never match, so it is refused. */
const unknownName = (log: Log, body: Body<"policy.set">): RejectCode | undefined => {
  const queues = new Set(body.queues.map((queue) => queue.id));
  const rules = new Set(body.rules.map((rule) => rule.id));
  if (queues.size !== body.queues.length || rules.size !== body.rules.length) return "already-exists";
  for (const { all } of body.queues) {
    for (const { roles, members } of all) {
      if (roles.length + members.length === 0) return "malformed";
      if (roles.some((role) => !log.roles.has(role))) return "no-such-role";
      if (members.some((member) => !log.members.has(member))) return "no-such-member";
    }
  }
  for (const { server, effect, roles } of body.rules) {
    if (server !== null && !log.servers.has(server)) return "no-such-server";
    if (effect.kind === "ask" && !queues.has(effect.queue)) return "no-such-queue";
    if (roles.some((role) => !log.roles.has(role))) return "no-such-role";
  }
  return undefined;
};

const onPolicySet: Handler<"policy.set"> = (log, body, context) => {
  if (lacks(log, context, "policy.edit")) return "not-allowed";
  if (body.base !== policyPosition(log)) return "stale";
  const unknown = unknownName(log, body);
  if (unknown !== undefined) return unknown;
  log.policy.push([context.seq, { rules: body.rules, queues: body.queues }]);
  return undefined;
};

const onServerKey: Handler<"server.key"> = (log, body, context) => {
  if (lacks(log, context, "workspace.configure")) return "not-allowed";
  log.serverKey = body.x;
  return undefined;
};

const handlers: { [K in Kind]?: Handler<K> } = {
  "member.role": onRole,
  "member.remove": onRemove,
  "device.add": onDeviceAdd,
  "device.revoke": onDeviceRevoke,
  "role.define": onRoleDefine,
  "invite.revoke": onInviteRevoke,
  "tool.define": onToolDefine,
  "tool.remove": onToolRemove,
  "policy.set": onPolicySet,
  "server.key": onServerKey,
};

/** Every kind that belongs in the log besides `genesis` and `member.join`, whose author is not yet known. */
export const isLogKind = (kind: Kind): boolean => Object.hasOwn(handlers, kind) || kind === "genesis" || kind === "member.join";

export const applyToLog = <K extends Kind>(log: Log, kind: K, raw: unknown, context: Context): RejectCode | undefined => {
  const handler = handlers[kind] as Handler<K> | undefined;
  if (handler === undefined) return "wrong-doc";
  const body = (bodies[kind] as (value: unknown) => Body<K> | undefined)(raw);
  return body === undefined ? "malformed" : handler(log, body, context);
};
