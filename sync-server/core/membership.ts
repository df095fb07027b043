/**
 * Rules of the member log. Each handler checks everything, then changes the state, so a refused command leaves no trace.
 */
import { onCheckpoint } from "./checkpoint.ts";
import { bodies, genesisText } from "./command.ts";
import type { Body, Kind } from "./command.ts";
import { lacks, mayTouch } from "./context.ts";
import type { Context, Handler } from "./context.ts";
import { deviceIdOf, workspaceIdOf } from "./crypto.ts";
import { onDelegate, onUndelegate } from "./delegation.ts";
import { addDevice, onDeviceAdd, onDeviceRevoke, onDeviceRotate, revokeAll } from "./devices.ts";
import { onEpochOpen } from "./epochs.ts";
import { onInviteRevoke } from "./invite.ts";
import { owners, roleNamed, roleOf } from "./may.ts";
import { json } from "./parse.ts";
import { onPolicySet, onServerKey, onToolDefine, onToolRemove } from "./policy.ts";
import type { RejectCode } from "./reject.ts";
import { BUILT_IN_ROLES, covers, GUEST, OWNER } from "./roles.ts";
import type { Log } from "./state.ts";

export const onGenesis = (log: Log, body: Body<"genesis">, context: Omit<Context, "member" | "position">, signedBy: (x: string) => boolean): RejectCode | undefined => {
  const start = genesisText(json(body.text));
  if (start === undefined || context.seq !== 1) return "malformed";
  if (workspaceIdOf(context.crypto, body.text) !== log.wid) return "wrong-workspace";
  if (deviceIdOf(context.crypto, start.x) !== context.device) return "unknown-device";
  if (!signedBy(start.x)) return "bad-signature";
  log.name = start.workspace;
  log.members.set(start.member, { id: start.member, name: start.name, role: [[1, OWNER]], joinedAt: context.time, promised: null });
  addDevice(log, start, { id: context.device, member: start.member, seq: 1, time: context.time });
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
  revokeAll(log, body.member, context);
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

const handlers: { [K in Kind]?: Handler<K> } = {
  "member.role": onRole,
  "member.remove": onRemove,
  "device.add": onDeviceAdd,
  "device.revoke": onDeviceRevoke,
  "device.rotate": onDeviceRotate,
  "role.define": onRoleDefine,
  "invite.revoke": onInviteRevoke,
  "tool.define": onToolDefine,
  "tool.remove": onToolRemove,
  "policy.set": onPolicySet,
  "server.key": onServerKey,
  checkpoint: onCheckpoint,
  "epoch.open": onEpochOpen,
  "approval.delegate": onDelegate,
  "approval.undelegate": onUndelegate,
};

/** Every kind that belongs in the log besides `genesis` and `member.join`, whose author is not yet known. */
export const isLogKind = (kind: Kind): boolean => Object.hasOwn(handlers, kind) || kind === "genesis" || kind === "member.join";

export const applyToLog = <K extends Kind>(log: Log, kind: K, raw: unknown, context: Context): RejectCode | undefined => {
  const handler = handlers[kind] as Handler<K> | undefined;
  if (handler === undefined) return "wrong-doc";
  const body = (bodies[kind] as (value: unknown) => Body<K> | undefined)(raw);
  return body === undefined ? "malformed" : handler(log, body, context);
};
