/**
 * The walls between the rooms of the host, as types. Each room is made by a factory in its folder and handed the
 * others in `host.ts`, and nowhere else:
 *
 *   store/      SQLite; all SQL lives there
 *   gate/       `Authority`: what may happen, who must be asked
 *   tools/      MCP servers and `Tools`: the only sender of `tools/call`, and only with a `Permit`
 *   agent/      threads, runs, models: proposes calls, waits, goes on
 *   rpc/        serves windows
 */
import type { Nothing, Step } from "#core/protocol/at-once.ts";
import type { z } from "zod";
import type { DeepReadonly } from "#core/rules/read.ts";
import type { methods } from "#bridge/contract.ts";
import type { Before } from "#bridge/card.ts";
import type { Effect } from "#bridge/policy.ts";
import type { Launch, ToolView } from "#bridge/tool.ts";
import type { ShellRequest, shellRequests } from "#bridge/shell-port.ts";
import type { Verdict } from "#bridge/answer.ts";
import type { Capability } from "#core/protocol/capabilities.ts";
import type { RejectCode } from "#core/facts/reject.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { why } from "#core/facts/why.ts";
import type { Told } from "#bridge/told.ts";

/** A refusal of the protocol's, by its code alone. */
export const rejected = (code: RejectCode): Refusal => new Refusal(why(code));

/**
 * A change of something a window may watch: `publish("team", wid)`. Cheap; the RPC server gathers and rebuilds. Of a list
 * with the keys of the rows that may read differently; without them it is compared whole.
 */
export interface Publisher {
  publish(kind: string, argument?: string, keys?: readonly string[]): void;
}

/** What stands behind rows of the table: `rpc/admit.ts` was passed when one of these is called. */
export type HandlersOf<T extends Readonly<Record<string, Shape>>> = {
  readonly [M in keyof T]: (
    params: DeepReadonly<z.output<T[M]["params"]>>,
  ) => Promise<DeepReadonly<z.output<T[M]["result"]>>> | DeepReadonly<z.output<T[M]["result"]>>;
};
interface Shape {
  readonly params: z.ZodType;
  readonly result: z.ZodType;
}
export type Handlers = HandlersOf<Omit<typeof methods, "watch" | "unwatch" | "list.page" | "list.row">>;

/** The shell as the host sees it. Rejects with `Refusal`. */
export interface Shell {
  request<R extends ShellRequest>(method: R, params: z.input<(typeof shellRequests)[R]>): Promise<unknown>;
}

/** A call that the agent, or a person in the composer, wants to make. `args` is the exact JSON text to be executed. */
export interface ProposedCall {
  readonly id: string;
  readonly wid: string;
  readonly thread: string;
  readonly server: string;
  readonly tool: string;
  readonly args: string;
}

/** The file that a call would write, as it is now on this computer. */
export interface Present {
  readonly before: Before;
  /** Whether the file lies in a folder that the launch of the call's server names: what a model can name reaches no further. */
  readonly withinLaunch: boolean;
}
/**
 * What stands now in the file that a call names and would write; null where it names none that can be shown: the server
 * runs elsewhere, the tool only reads, the path is not absolute, there is no such file, or it is no text.
 */
export type PresentText = (call: Pick<ProposedCall, "wid" | "server" | "tool" | "args">) => Promise<Present | null>;

export type Judgement =
  | { readonly kind: "allow"; readonly rule: Told }
  /** The person who runs it confirms it on their own screen. */
  | { readonly kind: "confirm"; readonly rule: Told }
  | { readonly kind: "ask"; readonly rule: Told; readonly ruleId: string; readonly queue: string }
  /** `passes` where it is not the policy that denies, and it goes by itself. */
  | { readonly kind: "deny"; readonly rule: Told; readonly passes?: true };

declare const permitBrand: unique symbol;
/** Leave to run one call once. Only `gate/gate.ts` mints it, and `tools/run-call.ts` takes nothing else. */
export interface Permit {
  readonly [permitBrand]: true;
  readonly call: ProposedCall;
  /** Hash of the launch and of the tool's schema at judgement: run-call refuses when either has changed since. */
  readonly launch: string;
  readonly schema: string;
  readonly rule: Told;
  /** The approval request behind it, or null where policy allows the call. */
  readonly request: string | null;
  /** Hash of what the person confirmed, where they did. */
  readonly confirmed: string | null;
}

/** Where an asked call stands. `confirming`: asked of its own person. `queued`: signed here, not yet at the server. */
export interface Standing {
  readonly state: "confirming" | "queued" | "waiting" | "approved" | "rejected" | "canceled" | "expired" | "refused";
  readonly request: string | null;
  readonly votes: number;
  readonly needed: number;
  readonly expiresAt: number | null;
  readonly decidedBy: Told | null;
  readonly reason: Told | null;
  /** What approvers were given to read beside the arguments, JSON of `Enclosed`. */
  readonly enclosed: string | null;
}

export interface Authority {
  judge(call: ProposedCall): Judgement;
  /** Judges again, now: by policy, or by a decision folded by this replica from verified votes. Throws `Refusal` where the disk does not keep what time it is. */
  permit(
    call: ProposedCall,
  ): { readonly ok: true; readonly permit: Permit } | { readonly ok: false; readonly error: Told };
  /** Opens the approval request, or puts the call before its own person. Durable when it resolves; offline it waits in the outbox. Asking twice is asking once. */
  ask(call: ProposedCall): Promise<void>;
  /**
   * Judges a call anew whose arguments were changed before it began, and asks for it where it must. `keep` commits
   * `work` together with the caller's part, and throws where the call has begun. Rejects with `Refusal`, and changes
   * nothing, where the changed call is denied or could not be asked.
   */
  edit(
    call: ProposedCall,
    keep: (verdict: { readonly kind: "allow" | "confirm" | "ask"; readonly rule: Told }, work: Step) => Nothing,
  ): Promise<void>;
  cancel(call: string): Promise<void>;
  /** Asking writes nothing. */
  standing(call: string): Standing | null;
  /** Writes how an asked call stands now. Called in the transaction that keeps what follows from it. */
  readonly keep: Step<[call: string]>;
  /** Tells the team how an approved call ended. */
  used(call: string, result: "ok" | "error" | "unknown"): void;
  /** Every change of a standing, also those that happened while the app was closed. Returns the unsubscriber. */
  onStanding(listener: (call: string) => void): () => void;
}

export interface ToolDef {
  readonly name: string;
  readonly title: string | null;
  readonly description: string;
  readonly inputSchema: Record<string, unknown>;
  readonly readOnly: boolean;
  readonly destructive: boolean;
  /** SHA-256 of the tool's definition as the server gave it, and its text: see `#core/protocol/definition.ts`. */
  readonly schema: string;
  readonly definition: string;
}

/** Whether a running tool is what the team accepted: another definition, a tool that was not there, or one that changes too often. */
export type ToolStanding = "accepted" | "changed" | "new" | "unsteady";

/** A definition that the team accepted, who did, and when. */
export interface AcceptedDefinition {
  readonly schema: string;
  readonly by: string;
  readonly at: number;
}

/** One line of the workspace's catalogue, from the signed log. */
export interface CatalogueEntry {
  readonly id: string;
  readonly name: string;
  readonly launch: Launch;
  readonly addedBy: string;
}

export interface ToolResult {
  readonly ok: boolean;
  /** What the model and the thread see; cut at RESULT_MAX with a note. */
  readonly text: string;
  /** Size before the cut, bytes. */
  readonly bytes: number;
  readonly truncated: boolean;
  readonly error: Told | null;
}

export interface Tools {
  /** What the catalogue of a workspace is now. Starts what was accepted, stops what is gone, marks changes for review. */
  setCatalogue(wid: string, entries: readonly CatalogueEntry[]): void;
  /** Tools that can be called now, by server id. */
  ready(wid: string): readonly {
    readonly server: string;
    readonly name: string;
    readonly launch: string;
    readonly tools: readonly ToolDef[];
  }[];
  /** `unsteady`: what it says of itself changed too often here to be relied on. */
  find(
    wid: string,
    server: string,
    tool: string,
  ): { readonly launch: string; readonly def: ToolDef; readonly unsteady: boolean } | null;
  run(permit: Permit, signal: AbortSignal): Promise<ToolResult>;
  onChange(listener: (wid: string) => void): () => void;
  close(): Promise<void>;
}

/** What the sync room tells the others about a workspace. */
export interface Workspaces {
  /** Throws `Refusal("no-such-workspace")`. */
  name(wid: string): string;
  list(): readonly string[];
  /** Effect and rule, in words, that a call of this tool without regard to arguments gets; and the setting of the tool itself. */
  effectOf(
    wid: string,
    server: string,
    tool: Pick<ToolDef, "name" | "schema">,
    unsteady: boolean,
  ): {
    effect: Effect;
    rule: Told;
    own: Effect | null;
    overruledBy: Told | null;
    standing: ToolStanding;
    accepted: readonly AcceptedDefinition[];
  };
  /** What a call gets that no rule names, and so what a new tool gets until somebody chooses. */
  unnamedEffect(wid: string): Effect;
  mayAcceptTools(wid: string): Verdict;
  /** Signs that these definitions are the team's from now on; or that one is not any more. Resolves when the server took it. */
  acceptTools(wid: string, server: string, tools: readonly ToolDef[]): Promise<void>;
  withdrawTool(wid: string, server: string, tool: string, schema: string): Promise<void>;
  mayEditTools(wid: string): Verdict;
  /** Whether this person may do that at the newest verified position, and the rule that says so. */
  may(wid: string, capability: Capability): Verdict;
  /**
   * Signs and sends `tool.define` or `tool.remove`, with a `policy.set` for the effects. Resolves when the server took it.
   * Throws `Refusal("launch-secret")` where something in it looks like a secret, unless `shares` says that it is none.
   */
  defineServer(
    wid: string,
    entry: { id: string; name: string; launch: Launch },
    tools: readonly ToolDef[],
    effects: Record<string, Effect>,
    shares?: boolean,
  ): Promise<void>;
  removeServer(wid: string, server: string): Promise<void>;
}

export type { ToolView };
