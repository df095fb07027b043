/** What is said of the policy: codes and their arguments. */
import type { Condition } from "#core/protocol/command.ts";
import type { Told } from "../told.ts";
/** What a schema says of an argument. */
export type JsonType = "string" | "number" | "integer" | "boolean" | "object" | "array" | "null";

export interface PolicyArgs {
  /** What makes a change larger than one command may be: sizes in characters. */
  "server-too-large": readonly [server: string, tools: number, withRules: boolean, size: number, most: number];
  /** `server`: whose rules came with it, or null. */
  "policy-too-large": readonly [server: string | null, rules: number, queues: number, size: number, most: number];
  "too-many-listed": readonly [tools: number, most: number];
  "server-gone": readonly [];
  "undo-too-late": readonly [by: readonly string[]];
  "nothing-to-undo": readonly [];
  "not-undoable": readonly [queue: string];
  "too-many-rules": readonly [most: number, rules: number];
  "bad-rule": readonly [problem: Told];
  "queue-id": readonly [];
  "queue-id-used": readonly [];
  "no-such-rule": readonly [];
  "rule-names-no-tool": readonly [];
  "rule-names-no-server": readonly [];
  "server-has-no-tool": readonly [server: string, tool: string];
  "rule-without-tools": readonly [];
  "rule-fits-none": readonly [misfit: Told];
  "rule-fits-nothing": readonly [sure: boolean, tools: number, misfit: Told];
  /** `only`: there is no other tool that it is about. */
  "rule-misses": readonly [misfit: Told, only: boolean];
  "rule-misses-more": readonly [tools: number];
  /** `tool`: the one, or "" of several. */
  "rule-unchecked": readonly [tools: number, tool: string];
  /** Parts of sentences: which tool takes other arguments than a condition speaks about, and in what. */
  misfit: readonly [tool: string, server: string, what: Told];
  "misfit.no-argument": readonly [path: string, like: string | null];
  "misfit.type": readonly [takes: JsonType, path: string, op: Condition["op"]];
  "misfit.only": readonly [values: readonly string[], andMore: boolean, path: string];
  "misfit.value": readonly [takes: JsonType, path: string, value: string];
  /** What a condition compares with. */
  "path-names-nothing": readonly [path: string];
  "text-not-plain": readonly [];
  "folder-unclear": readonly [path: string];
  "hosts-unclear": readonly [];
  "amount-unclear": readonly [amount: string];
  "pattern-empty": readonly [];
  "pattern-fits-all": readonly [];
  "pattern-for-place": readonly [];
  "pattern-not-plain": readonly [];
  "queue.last": readonly [];
  "queue.asked": readonly [rules: number];
}
