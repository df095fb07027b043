/** What every rule of the log is asked with. */
import type { Body, Kind } from "./command.ts";
import type { CryptoDep } from "./crypto.ts";
import type { DeviceId, MemberId, RoleId } from "./ids.ts";
import { may, mayHandOut, roleNamed, roleOf } from "./may.ts";
import type { RejectCode } from "./reject.ts";
import { isOwnersOnly, OWNER } from "./roles.ts";
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

export type Handler<K extends Kind> = (log: Log, body: Body<K>, context: Context) => RejectCode | undefined;

export const lacks = (log: Log, context: Context, capability: Capability): boolean => !may(log, context.member, capability, context.position).allowed;

/** Whether the author may give or take `role`. */
export const mayTouch = (log: Log, context: Context, role: RoleId): RejectCode | undefined => {
  if (mayHandOut(log, context.member, role, context.position).allowed) return undefined;
  if (roleNamed(log, role) === undefined) return "no-such-role";
  return isOwnersOnly(role) && roleOf(log, context.member, context.position) !== OWNER ? "owners-only" : "not-yours-to-give";
};
