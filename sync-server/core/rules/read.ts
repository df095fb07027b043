/**
 * What the fold knows, for everybody who only asks it. "This computer's own fold decides" holds as long as nothing but
 * the fold writes: a `sort()` in a view would change who is Owner here, so it does not compile.
 */
import type {
  AdminDoc,
  ApprovalDoc,
  Chain,
  Commands,
  Device,
  Hashes,
  Log,
  Member,
  Request,
  ToolServer,
} from "./state.ts";

type Plain = string | number | boolean | bigint | symbol | null | undefined | ((...args: never[]) => unknown);

/** `T` with nothing in it that can be written: maps, sets and lists as deep as they go. */
export type DeepReadonly<T> = unknown extends T
  ? T
  : T extends Plain
    ? T
    : T extends Hashes
      ? ReadHashes
      : T extends Commands
        ? ReadCommands
        : T extends ReadonlyMap<infer K, infer V>
          ? ReadonlyMap<K, DeepReadonly<V>>
          : T extends ReadonlySet<infer V>
            ? ReadonlySet<V>
            : { readonly [K in keyof T]: DeepReadonly<T[K]> };

export type ReadHashes = Pick<Hashes, "at" | typeof Symbol.iterator>;
export type ReadCommands = Pick<Commands, "has" | "get" | typeof Symbol.iterator>;

export interface ReadChain extends DeepReadonly<Chain> {}
export interface ReadLog extends DeepReadonly<Log> {}
export interface ReadApprovalDoc extends DeepReadonly<ApprovalDoc> {}
export interface ReadAdminDoc extends DeepReadonly<AdminDoc> {}
export interface ReadRequest extends DeepReadonly<Request> {}
export interface ReadMember extends DeepReadonly<Member> {}
export interface ReadDevice extends DeepReadonly<Device> {}
export interface ReadToolServer extends DeepReadonly<ToolServer> {}
