/**
 * Rules of devices. A key belongs to one member for ever: one that was closed, by revoking, rotating or removing, never
 * comes back, so that every signature in the history has one author. Who is invited again joins with a new key.
 */
import { deviceProofText } from "../protocol/command.ts";
import type { OwnDevice } from "../protocol/command.ts";
import { refusedTo } from "./context.ts";
import type { Context, Handler } from "./context.ts";
import { deviceIdOf } from "../protocol/crypto.ts";
import type { DeviceId, MemberId } from "../protocol/ids.ts";
import type { RejectCode } from "../facts/reject.ts";
import type { ReadDevice, ReadLog } from "./read.ts";
import type { Log, Recovery } from "./state.ts";

interface Arrival {
  readonly id: DeviceId;
  readonly member: MemberId;
  readonly seq: number;
  readonly time: number;
  readonly rotatedFrom?: DeviceId;
  readonly recovered?: Recovery;
  /** What it says of itself, the first device of a person. */
  readonly own?: OwnDevice;
  /** What is known of it otherwise. */
  readonly is?: Pick<ReadDevice, "kind" | "name" | "knows">;
}

export const addDevice = (
  log: Log,
  keys: { readonly x: string; readonly enc: string },
  { id, member, seq, time, rotatedFrom, recovered, own, is }: Arrival,
): void => {
  log.devices.set(id, {
    id,
    member,
    x: keys.x,
    enc: keys.enc,
    kind: is?.kind ?? "desktop",
    name: is?.name ?? own?.name ?? null,
    knows: is?.knows ?? (own === undefined ? null : { version: own.version, knows: own.knows }),
    from: seq,
    addedAt: time,
    to: null,
    revokedAt: null,
    rotatedFrom: rotatedFrom ?? null,
    recovered: recovered ?? null,
  });
};

const revoke = (log: Log, id: DeviceId, { seq, time }: { readonly seq: number; readonly time: number }): void => {
  const device = log.devices.get(id);
  if (device === undefined) return;
  device.to = seq;
  device.revokedAt = time;
};

export const revokeAll = (
  log: Log,
  member: MemberId,
  moment: { readonly seq: number; readonly time: number },
): void => {
  for (const device of devicesInForce(log, member)) revoke(log, device.id, moment);
};

/** Devices of one person at a time. What is sealed to a queue is sealed to every device of its people, so each has a price. */
export const DEVICES_MAX = 10;
export const devicesInForce = (log: ReadLog, member: MemberId): ReadDevice[] =>
  [...log.devices.values()].filter((device) => device.member === member && device.to === null);

interface NewKeys {
  readonly x: string;
  readonly enc: string;
  readonly pop: string;
}
/** Id of a new device of the author, or why it cannot be one. */
const arriving = (log: ReadLog, body: NewKeys, context: Context): { id: DeviceId } | RejectCode => {
  const id = deviceIdOf(context.crypto, body.x);
  if (log.devices.has(id)) return "already-exists";
  return context.crypto.verify(body.x, deviceProofText(log.wid, context.member, body.x, body.enc), body.pop)
    ? { id }
    : "bad-proof";
};

export const onDeviceAdd: Handler<"device.add"> = (log, body, context) => {
  const next = arriving(log, body, context);
  if (typeof next === "string") return next;
  if (devicesInForce(log, context.member).length >= DEVICES_MAX) return "too-many-devices";
  addDevice(log, body, {
    ...next,
    member: context.member,
    seq: context.seq,
    time: context.time,
    is: { kind: body.kind, name: body.name, knows: null },
  });
  return undefined;
};

export const onDeviceRotate: Handler<"device.rotate"> = (log, body, context) => {
  const next = arriving(log, body, context);
  if (typeof next === "string") return next;
  const before = log.devices.get(context.device);
  revoke(log, context.device, context);
  addDevice(log, body, {
    ...(before === undefined ? {} : { is: before }),
    ...next,
    member: context.member,
    seq: context.seq,
    time: context.time,
    rotatedFrom: context.device,
  });
  return undefined;
};

export const onDeviceRevoke: Handler<"device.revoke"> = (log, body, context) => {
  const device = log.devices.get(body.device);
  if (device === undefined || device.to !== null) return "no-such-device";
  if (body.device === context.device) return "own-device";
  const refused = refusedTo(log, context, "members.remove", { device: body.device });
  if (refused !== undefined) return refused;
  revoke(log, body.device, context);
  return undefined;
};
