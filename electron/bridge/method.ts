/**
 * What stands in the table of the RPC. A row says everything about a method: its parameters and its result, the windows
 * that may call it, and the right that it needs. The RPC server enforces all four before the handler is called, the
 * shell's relay reads the same windows, and a row that leaves one out does not compile.
 */
import type { z } from "zod";
import type { Capability } from "#core/protocol/capabilities.ts";
import type { WindowKind } from "./shell-port.ts";

export type Windows = readonly [WindowKind, ...WindowKind[]];

/**
 * `reads`: nothing is changed, and the workspace shows it to every member. `here`: only what is on this computer is
 * changed. `self`: what is signed is about this person alone, as their name, their devices and what they asked for.
 */
export interface NoRight {
  readonly none: "reads" | "here" | "self";
}
/** The right depends on what it is used on, so the handler asks `may` about that. */
export interface AskedInHandler {
  readonly in: "handler";
  readonly because: string;
}
/** A right is asked of the workspace that the parameters name, by its `wid` or by a thread in it. */
type Asked<P extends z.ZodType> =
  z.output<P> extends { readonly wid: string } | { readonly thread: string }
    ? Capability | readonly [Capability, Capability, ...Capability[]]
    : never;
/** Where several rights are named, all of them are needed. A handler may ask for more. */
export type Needs<P extends z.ZodType = z.ZodType<{ wid: string }>> = Asked<P> | AskedInHandler | NoRight;

export interface MethodRow<P extends z.ZodType, R extends z.ZodType> {
  readonly params: P;
  readonly result: R;
  readonly windows: Windows;
  readonly needs: Needs<P>;
}
export const method = <P extends z.ZodType, R extends z.ZodType>(row: MethodRow<P, R>): MethodRow<P, R> => row;

/** A topic shows what its reader may see: where that depends on a right, its builder asks. */
export interface TopicRow<V extends z.ZodType> {
  /** What its argument names. */
  readonly of: "app" | "workspace" | "thread";
  readonly value: V;
  readonly windows: Windows;
  readonly needs: AskedInHandler | NoRight;
}
export const topic = <V extends z.ZodType>(row: TopicRow<V>): TopicRow<V> => row;
