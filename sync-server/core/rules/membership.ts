/**
 * Rules of the member log. Each handler checks everything, then changes the state, so a refused command leaves no trace.
 */
import { affords, costInLog, spend } from "./budget.ts";
import { onCheckpoint } from "./checkpoint.ts";
import { genesisText } from "../protocol/command.ts";
import type { Body, Kind } from "../protocol/command.ts";
import { refusedTo } from "./context.ts";
import type { Context, Handler } from "./context.ts";
import { deviceIdOf, workspaceIdOf } from "../protocol/crypto.ts";
import { onDelegate, onUndelegate } from "./delegation.ts";
import { addDevice, onDeviceAdd, onDeviceRevoke, onDeviceRotate, revokeAll } from "./devices.ts";
import { onEpochOpen } from "./epochs.ts";
import { onKnows, onLevel } from "./level.ts";
import { onInviteRevoke } from "./invite.ts";
import { roleNamed, roleOf } from "./may.ts";
import { json } from "../protocol/parse.ts";
import { onPolicySet, onServerKey, onToolAccept, onToolDefine, onToolRemove, onToolWithdraw } from "./policy.ts";
import type { Capability } from "../protocol/capabilities.ts";
import type { RejectCode } from "../facts/reject.ts";
import { BUILT_IN_ROLES, OWNER } from "./roles.ts";
import type { Log } from "./state.ts";

export const onGenesis = (
  log: Log,
  body: Body<"genesis">,
  context: Omit<Context, "member" | "position">,
  signedBy: (x: string) => boolean,
): RejectCode | undefined => {
  const start = genesisText(json(body.text));
  if (start === undefined || context.seq !== 1) return "malformed";
  if (workspaceIdOf(context.crypto, body.text) !== log.wid) return "wrong-workspace";
  if (deviceIdOf(context.crypto, start.x) !== context.device) return "unknown-device";
  if (!signedBy(start.x)) return "bad-signature";
  log.name = start.workspace;
  log.members.set(start.member, {
    id: start.member,
    name: start.name,
    formerly: [],
    role: [[1, OWNER]],
    joinedAt: context.time,
    invitedBy: null,
    appointed: [],
    invite: null,
    promised: null,
    answered: null,
  });
  addDevice(log, start, { id: context.device, member: start.member, seq: 1, time: context.time, own: start.device });
  return undefined;
};

const onRole: Handler<"member.role"> = (log, body, context) => {
  const lacking = refusedTo(log, context, "members.assign");
  if (lacking !== undefined) return lacking;
  const target = log.members.get(body.member);
  const role = roleOf(log, body.member);
  if (target === undefined || role === null) return "no-such-member";
  if (role !== body.from) return "stale";
  const refused = refusedTo(log, context, "members.assign", { member: body.member, to: body.to });
  if (refused !== undefined) return refused;
  target.role.push([context.seq, body.to]);
  target.appointed.push({ seq: context.seq, by: context.member, at: context.time });
  target.answered =
    target.promised === null
      ? null
      : { promised: target.promised, given: body.to, by: context.member, at: context.time };
  target.promised = null;
  return undefined;
};

/** Saying no to what an invite promised needs the right to say yes. */
const onRefuse: Handler<"member.refuse"> = (log, body, context) => {
  const target = log.members.get(body.member);
  if (target === undefined || roleOf(log, body.member) === null) return "no-such-member";
  if (target.promised === null) return "stale";
  const refused = refusedTo(log, context, "members.assign", { member: body.member, to: target.promised });
  if (refused !== undefined) return refused;
  target.answered = { promised: target.promised, given: null, by: context.member, at: context.time };
  target.promised = null;
  return undefined;
};

export const FORMER_NAMES_MAX = 8;
/** Names may be alike: which Ada it is, apps tell by more than the name. */
const onRename: Handler<"member.rename"> = (log, body, context) => {
  const member = log.members.get(context.member);
  if (member === undefined) return "not-a-member";
  if (member.name === body.name) return "already-exists";
  member.formerly.push(member.name);
  if (member.formerly.length > FORMER_NAMES_MAX) member.formerly.shift();
  member.name = body.name;
  return undefined;
};

const onRemove: Handler<"member.remove"> = (log, body, context) => {
  const refused = refusedTo(log, context, "members.remove", { member: body.member });
  if (refused !== undefined) return refused;
  log.members.get(body.member)?.role.push([context.seq, null]);
  revokeAll(log, body.member, context);
  return undefined;
};

const onRoleDefine: Handler<"role.define"> = (log, body, context) => {
  const refused = refusedTo(log, context, "members.assign");
  if (refused !== undefined) return refused;
  if (BUILT_IN_ROLES.some((role) => role.id === body.id)) return "already-exists";
  const before = roleNamed(log, body.id);
  // Each is one that this app knows: asked before, by level.ts.
  const caps = new Set(body.caps as Capability[]);
  if (caps.size !== body.caps.length) return "malformed";
  const beyond = [caps, ...(before === undefined ? [] : [before.caps])]
    .map((rights) => refusedTo(log, context, "members.assign", { rights }))
    .find((code) => code !== undefined);
  if (beyond !== undefined) return beyond;
  const history = log.roles.get(body.id) ?? [];
  history.push([context.seq, { id: body.id, name: body.name, caps, builtIn: false }]);
  log.roles.set(body.id, history);
  return undefined;
};

const handlers: { [K in Kind]?: Handler<K> } = {
  "workspace.level": onLevel,
  "member.role": onRole,
  "member.refuse": onRefuse,
  "member.rename": onRename,
  "member.remove": onRemove,
  "device.add": onDeviceAdd,
  "device.knows": onKnows,
  "device.revoke": onDeviceRevoke,
  "device.rotate": onDeviceRotate,
  "role.define": onRoleDefine,
  "invite.revoke": onInviteRevoke,
  "tool.define": onToolDefine,
  "tool.remove": onToolRemove,
  "tool.accept": onToolAccept,
  "tool.withdraw": onToolWithdraw,
  "policy.set": onPolicySet,
  "server.key": onServerKey,
  checkpoint: onCheckpoint,
  "epoch.open": onEpochOpen,
  "approval.delegate": onDelegate,
  "approval.undelegate": onUndelegate,
};

/** Every kind that belongs in the log besides `genesis` and `member.join`, whose author is not yet known. */
export const isLogKind = (kind: Kind): boolean =>
  Object.hasOwn(handlers, kind) || kind === "genesis" || kind === "member.join";

export const applyToLog = <K extends Kind>(
  log: Log,
  kind: K,
  raw: unknown,
  context: Context,
): RejectCode | undefined => {
  const handler = handlers[kind] as Handler<K> | undefined;
  if (handler === undefined) return "wrong-doc";
  const body = context.build.bodies[kind]?.(raw) as Body<K> | undefined;
  if (body === undefined) return "malformed";
  const cost = costInLog(kind, context.size);
  if (cost !== null && !affords(log, cost.budget, context.member, cost.units, context.time)) return "too-often";
  const refused = handler(log, body, context);
  if (refused === undefined && cost !== null) spend(log, cost.budget, context.member, cost.units, context.time);
  return refused;
};
