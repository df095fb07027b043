/** What is said of threads and runs: codes and their arguments. */
import type { Told } from "../told.ts";

export interface AgentArgs {
  stopped: readonly [];
  "tools-starting": readonly [];
  "run-too-long": readonly [steps: number];
  "run-loops": readonly [];
  "run-broke": readonly [];
  "no-model": readonly [];
  "no-model-chosen": readonly [];
  "model-moved": readonly [name: string, to: string];
  "model-empty": readonly [];
  "model-removed": readonly [];
  "no-such-thread": readonly [];
  "no-such-call": readonly [];
  "nothing-to-retry": readonly [];
  "too-many-unread": readonly [max: number];
  "message-read": readonly [];
  "tool-starting": readonly [];
  "tool-not-here": readonly [];
  "tool-not-callable": readonly [tool: string];
  "tool-takes-others": readonly [problem: Told];
  "call-not-allowed": readonly [why: Told];
  "not-changed": readonly [];
  "run-stopped": readonly [];
  "call-canceled": readonly [];
  "call-unknown": readonly [];
  "call-unknown-after": readonly [why: Told];
  "call-failed": readonly [];
  /** What a model proposed that is no call. */
  "no-tool-named": readonly [name: string];
  "call-args-large": readonly [];
  "call-args-unfit": readonly [];
  "too-late": readonly [];
}
