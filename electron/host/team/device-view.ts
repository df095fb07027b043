/**
 * Devices as a person sees them: one computer is one line, however often its key was replaced, and a device that came
 * back through an invite for a lost one says so to everybody.
 */
import { why } from "#core/facts/why.ts";
import { told } from "#bridge/told.ts";
import type { Told } from "#bridge/told.ts";
import { may, roleOf } from "#core/rules/may.ts";
import type { MemberId } from "#core/protocol/ids.ts";
import type { ReadDevice, ReadLog } from "#core/rules/read.ts";
import { dateOf } from "#core/rules/time.ts";
import type { CameBackView, DeviceView } from "#bridge/device.ts";
import type { Verdict } from "#bridge/answer.ts";
import { namesOf } from "#client/keys/identity.ts";
import type { Live } from "#client/live.ts";
import { nameOf } from "../people/names.ts";

const yes = (because: Told): Verdict => ({ allowed: true, why: because });
const no = (because: Told): Verdict => ({ allowed: false, why: because });

export const deviceViews = (live: Live, member: MemberId, late: ReadonlySet<ReadDevice> = new Set()): DeviceView[] => {
  const own = [...live.log.devices.values()].filter((device) => device.member === member);
  const replaced = new Set(own.map((device) => device.rotatedFrom));
  return own.filter((device) => !replaced.has(device.id)).map((device) => deviceView(live, device, late.has(device)));
};

const deviceView = (live: Live, device: ReadDevice, behind: boolean): DeviceView => {
  const { log } = live;
  const first = log.devices.get(namesOf(log, device.id).at(-1) ?? device.id) ?? device;
  const recovered = namesOf(log, device.id).flatMap((id) => log.devices.get(id)?.recovered ?? [])[0];
  const current = device.id === live.device;
  return {
    id: device.id,
    addedAt: dateOf(log, first.addedAt),
    keyReplacedAt: device.rotatedFrom === null ? null : dateOf(log, device.addedAt),
    revokedAt: device.revokedAt === null ? null : dateOf(log, device.revokedAt),
    ended: endOf(log, device),
    current,
    kind: device.kind,
    name: device.name,
    version: device.knows?.version ?? null,
    behind,
    cameBack: recovered === undefined ? null : { by: nameOf(log, recovered.by), at: dateOf(log, recovered.at) },
    canRevoke: canRevoke(log, live.me, live.device, device),
    canReplaceKey: canReplaceKey(live, device),
  };
};

/** All of these happen at one place of the log, so the place says which it was. */
const endOf = (log: ReadLog, { member, to }: ReadDevice): DeviceView["ended"] => {
  if (to === null) return null;
  if (roleOf(log, member, to) === null) return "membership";
  return [...log.devices.values()].some(
    (other) => other.member === member && other.recovered !== null && other.from === to,
  )
    ? "lost"
    : "revoked";
};

const canRevoke = (log: ReadLog, me: MemberId, own: string, device: ReadDevice): Verdict => {
  if (device.to !== null) return no(told("device.revoked"));
  return device.id === own ? no(why("own-device")) : may(log, me, "members.remove", { device: device.id });
};

const canReplaceKey = (live: Live, device: ReadDevice): Verdict => {
  if (device.id !== live.device) return no(told("device.other-key"));
  return live.active() ? yes(told("device.own-key")) : no(told("device.not-here"));
};

/** The same questions that the rules ask about an invite with which somebody comes back. */
export const canLetBack = ({ log, me }: Live, member: MemberId): Verdict => {
  const role = roleOf(log, member);
  if (role === null) return no(told("let-back.gone"));
  if (member === me) return no(told("let-back.self"));
  const invite = may(log, me, "members.invite", { role });
  return invite.allowed ? may(log, me, "members.remove", { role }) : invite;
};

/** Who came back since this device is here: everybody is told, because a stolen link would look the same. */
export const cameBack = ({ log, device: own }: Live): CameBackView[] => {
  const since = log.devices.get(namesOf(log, own).at(-1) ?? own)?.from ?? Number.POSITIVE_INFINITY;
  return [...log.devices.values()].flatMap(({ id, member, recovered, from }) => {
    if (recovered === null || from <= since) return [];
    return [{ device: id, name: nameOf(log, member), by: nameOf(log, recovered.by), at: recovered.at }];
  });
};
