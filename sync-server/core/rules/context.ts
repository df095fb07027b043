/** What every rule of the log is asked with. */
import type { Body, Kind } from "../protocol/command.ts";
import type { Build } from "../protocol/levels.ts";
import type { CryptoDep } from "../protocol/crypto.ts";
import type { DeviceId, MemberId } from "../protocol/ids.ts";
import { refusal } from "./may.ts";
import type { Resource } from "./may.ts";
import type { RejectCode } from "../facts/reject.ts";
import type { Capability } from "../protocol/capabilities.ts";
import type { ReadLog } from "./read.ts";
import type { Log } from "./state.ts";

/** Facts about the command under judgement. `seq` is the position it would get; rights are asked at `position`. */
export interface Context {
  readonly crypto: CryptoDep;
  readonly build: Build;
  readonly member: MemberId;
  readonly device: DeviceId;
  readonly position: number;
  readonly seq: number;
  readonly time: number;
  /** Characters of the signed command. */
  readonly size: number;
}

export type Handler<K extends Kind> = (log: Log, body: Body<K>, context: Context) => RejectCode | undefined;

/** Why the author may not do that, to `resource` where there is one; undefined where they may. */
export const refusedTo = (
  log: ReadLog,
  context: Context,
  capability: Capability,
  resource: Resource | null = null,
): RejectCode | undefined => refusal(log, context.member, capability, resource, context.position);
