/** Rules of invites: who may make one, when it is good, and what joining with it does. */
import { affords, JOINS, spend } from "./budget.ts";
import { INVITE_TYP, invitePayload, joinProofText, parseSigned } from "../protocol/command.ts";
import type { Body, InvitePayload } from "../protocol/command.ts";
import { refusedTo } from "./context.ts";
import type { Context, Handler } from "./context.ts";
import { deviceIdOf, inviteIdOf } from "../protocol/crypto.ts";
import type { CryptoDep } from "../protocol/crypto.ts";
import { endDelegation } from "./delegation.ts";
import { addDevice, revokeAll } from "./devices.ts";
import type { DeviceId, MemberId } from "../protocol/ids.ts";
import { deviceActive, may, owners, roleNamed, roleOf } from "./may.ts";
import type { RejectCode } from "../facts/reject.ts";
import { covers, GUEST, MEMBER_ROLE, OWNER } from "./roles.ts";
import type { ReadLog } from "./read.ts";
import type { Log } from "./state.ts";

/** Whether this invite was rightly made: by a device and a person who may, at this position, give that role. */
export const checkInvite = (
  log: ReadLog,
  crypto: CryptoDep,
  jws: string,
  position: number,
): { ok: true; invite: InvitePayload; by: MemberId; device: DeviceId } | { ok: false; code: RejectCode } => {
  const signed = parseSigned(crypto, jws, invitePayload);
  if (signed === undefined || signed.typ !== INVITE_TYP || signed.payload.w !== log.wid)
    return { ok: false, code: "invite-bad" };
  const known = log.devices.get(signed.kid);
  if (known === undefined || !crypto.verify(known.x, signed.input, signed.signature))
    return { ok: false, code: "invite-bad" };
  const invite = signed.payload;
  if (inviteIdOf(crypto, invite.x) !== invite.id) return { ok: false, code: "invite-bad" };
  const active = deviceActive(log, signed.kid, position) !== undefined;
  const entitled = may(log, known.member, "members.invite", { role: invite.role }, position).allowed;
  if (!active || !entitled) return { ok: false, code: "inviter-lost-right" };
  const lost =
    invite.member === null
      ? undefined
      : refusedRecovery(log, known.member, { ...invite, member: invite.member }, position);
  if (lost !== undefined) return { ok: false, code: lost };
  const role = roleNamed(log, invite.role, position);
  const plain = roleNamed(log, MEMBER_ROLE, position);
  if (role === undefined || plain === undefined) return { ok: false, code: "no-such-role" };
  if (invite.mode === "direct" && !covers(plain.caps, role.caps)) return { ok: false, code: "needs-confirm" };
  return { ok: true, invite, by: known.member, device: signed.kid };
};

/** An invite for a member who lost their devices gives what removing and inviting would give, so it needs both rights. */
const refusedRecovery = (
  log: ReadLog,
  by: MemberId,
  invite: InvitePayload & { member: MemberId },
  position: number,
): RejectCode | undefined => {
  const role = roleOf(log, invite.member, position);
  if (role === null) return "no-such-member";
  if (!may(log, by, "members.remove", { role }, position).allowed) return "inviter-lost-right";
  if (invite.role !== role) return "stale";
  return invite.uses === 1 ? undefined : "invite-bad";
};

/** The state of an invite at `time`: what a joiner is told before anything happens, and what admission checks. */
export const inviteProblem = (log: ReadLog, invite: InvitePayload, time: number): RejectCode | undefined => {
  if (log.invitesRevoked.has(invite.id)) return "invite-revoked";
  if ((log.inviteUses.get(invite.id) ?? 0) >= invite.uses) return "invite-used";
  return time > invite.exp ? "invite-expired" : undefined;
};

export const onJoin = (
  log: Log,
  body: Body<"member.join">,
  context: Omit<Context, "member">,
  signedBy: (x: string) => boolean,
): RejectCode | undefined => {
  if (deviceIdOf(context.crypto, body.x) !== context.device) return "unknown-device";
  if (!signedBy(body.x)) return "bad-signature";
  const checked = checkInvite(log, context.crypto, body.invite, context.position);
  if (!checked.ok) return checked.code;
  const { invite } = checked;
  const problem = inviteProblem(log, invite, context.time);
  if (problem !== undefined) return problem;
  if (!context.crypto.verify(invite.x, joinProofText(log.wid, invite.id, body.x, body.enc, body.member), body.proof))
    return "bad-proof";
  if (log.devices.has(context.device)) return "already-exists";
  if (!affords(log, JOINS, checked.by, 1, context.time)) return "too-many-joins";
  const refused =
    invite.member === null
      ? joinAsNew(log, body, invite, context, checked.by)
      : comeBack(log, body, invite, context, checked.by);
  if (refused === undefined) spend(log, JOINS, checked.by, 1, context.time);
  return refused;
};

const joinAsNew = (
  log: Log,
  body: Body<"member.join">,
  invite: InvitePayload,
  context: Omit<Context, "member">,
  by: MemberId,
): RejectCode | undefined => {
  if (log.members.has(body.member)) return "already-exists";
  const confirm = invite.mode === "confirm";
  use(log, invite);
  log.members.set(body.member, {
    id: body.member,
    name: body.name,
    formerly: [],
    role: [[context.seq, confirm ? GUEST : invite.role]],
    joinedAt: context.time,
    invitedBy: by,
    appointed: [],
    invite: invite.id,
    promised: confirm ? invite.role : null,
    answered: null,
  });
  addDevice(log, body, {
    id: context.device,
    member: body.member,
    seq: context.seq,
    time: context.time,
    own: body.device,
  });
  return undefined;
};

/** The member keeps name and role; what older devices hold or gave away ends, and the new one says how it came. */
const comeBack = (
  log: Log,
  body: Body<"member.join">,
  invite: InvitePayload,
  context: Omit<Context, "member">,
  by: MemberId,
): RejectCode | undefined => {
  const member = log.members.get(body.member);
  if (member === undefined || body.member !== invite.member) return "invite-bad";
  const confirm = invite.mode === "confirm";
  if (confirm && invite.role === OWNER && owners(log).length === 1) return "last-owner";
  use(log, invite);
  member.invite = invite.id;
  if (confirm) {
    member.role.push([context.seq, GUEST]);
    member.promised = invite.role;
    member.answered = null;
  }
  revokeAll(log, body.member, context);
  endDelegation(log, body.member, context.seq);
  addDevice(log, body, {
    id: context.device,
    member: body.member,
    seq: context.seq,
    time: context.time,
    own: body.device,
    recovered: { by, invite: invite.id, at: context.time },
  });
  return undefined;
};

const use = (log: Log, { id }: InvitePayload): void => void log.inviteUses.set(id, (log.inviteUses.get(id) ?? 0) + 1);

export const onInviteRevoke: Handler<"invite.revoke"> = (log, body, context) => {
  const refused = refusedTo(log, context, "members.invite");
  if (refused !== undefined) return refused;
  if (!log.invitesRevoked.has(body.id)) log.invitesRevoked.set(body.id, context.time);
  return undefined;
};
