/** What is said of members, roles and invites: codes and their arguments. */
import type { RoleName } from "#core/facts/why.ts";
import type { Told } from "../told.ts";
export interface TeamArgs {
  /** What decided. `stays`: what is here can still be read. */
  "not-permitted": readonly [because: Told, stays: boolean];
  "answered-already": readonly [];
  "name-taken": readonly [];
  "no-such-right": readonly [];
  "label-secret": readonly [];
  "secret-failed": readonly [];
  "invite-not-shown": readonly [];
  "no-such-invite": readonly [];
  "role.gives": readonly [];
  "role.owners-keep": readonly [];
  "role.promised": readonly [role: RoleName];
  "device.revoked": readonly [];
  "device.other-key": readonly [];
  "device.own-key": readonly [];
  "device.not-here": readonly [];
  "let-back.gone": readonly [];
  "let-back.self": readonly [];
  "member.gone": readonly [];
  "role.built-in": readonly [];
}
