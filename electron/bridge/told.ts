/**
 * A fact as it crosses to a window, which words it: a code and its arguments. What the host says of its own is a code of
 * its room in `facts/`; arguments are plain values, `[id, name]`, and facts.
 */
import { z } from "zod";
import type { WhyArgs } from "#core/facts/why.ts";
import type { AgentArgs } from "./facts/agent.ts";
import type { AuditArgs } from "./facts/audit.ts";
import type { CardsArgs } from "./facts/cards.ts";
import type { GateArgs } from "./facts/gate.ts";
import type { ModelsArgs } from "./facts/models.ts";
import type { PairingArgs } from "./facts/pairing.ts";
import type { PolicyArgs } from "./facts/policy.ts";
import type { RpcArgs } from "./facts/rpc.ts";
import type { ShellArgs } from "./facts/shell.ts";
import type { StoreArgs } from "./facts/store.ts";
import type { TeamArgs } from "./facts/team.ts";
import type { ToolsArgs } from "./facts/tools.ts";
import type { WindowArgs } from "./facts/window.ts";
import type { WorkspacesArgs } from "./facts/workspaces.ts";

export interface HostArgs
  extends
    AgentArgs,
    AuditArgs,
    CardsArgs,
    GateArgs,
    ModelsArgs,
    PairingArgs,
    PolicyArgs,
    RpcArgs,
    ShellArgs,
    StoreArgs,
    TeamArgs,
    ToolsArgs,
    WindowArgs,
    WorkspacesArgs {}
/** Every code of core, client and host, and what it takes. One without words does not compile in `renderer/text`. */
export interface ToldArgs extends WhyArgs, HostArgs {}
export type ToldCode = keyof ToldArgs;

/**
 * One of them. `told` and `why` are the only makers, so that the arguments are those of the code; no union of every code
 * with its own arguments, which is more than the compiler follows.
 */
export interface Told {
  readonly code: string;
  readonly args: readonly unknown[];
}
export const told = <C extends ToldCode>(code: C, ...args: ToldArgs[C]): Told => ({ code, args });

/** Deeper than any fact: a value in a problem of a rule in a refusal that another refusal quotes. */
const DEPTH_MAX = 24;
/** JSON of no great depth. Whoever reads a fact of a process that was taken over, or of a damaged row, must not end of its depth. */
const isPlain = (value: unknown, depth: number): boolean => {
  if (typeof value !== "object" || value === null)
    return value === null || typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
  if (depth === DEPTH_MAX) return false;
  const inner: readonly unknown[] = Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : [undefined];
  return inner.every((each) => isPlain(each, depth + 1));
};
/** Of this page or of another, which has an `Object` of its own. */
const isRecord = (value: object): boolean => {
  const from: unknown = Object.getPrototypeOf(value);
  return from === null || Object.getPrototypeOf(from) === null;
};

/** What a code takes is the business of whoever words it; a window shows a code that it does not know as it is. */
export const Told = z.strictObject({
  code: z.string().max(64),
  args: z.array(z.custom((value) => isPlain(value, 0))).max(8),
}) as unknown as z.ZodType<Told, Told>;
