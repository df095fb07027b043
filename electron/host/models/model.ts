/** One step of a model, whatever its provider: what goes in, what comes out. Rejects with `Refusal`, code `model-*`. */
import type { Told } from "#bridge/told.ts";
import type { JSONValue } from "ai";
import type { Place } from "#bridge/model.ts";

export interface ModelTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Record<string, unknown>;
}
export interface ModelCall {
  readonly id: string;
  readonly name: string;
  /** JSON text of the arguments; what could not be read is kept as it came, with `problem` set. */
  readonly args: string;
  readonly problem: Told | null;
}
export type Turn =
  | { readonly from: "person"; readonly text: string }
  | {
      readonly from: "agent";
      readonly text: string;
      readonly calls: readonly {
        readonly id: string;
        readonly name: string;
        readonly input: JSONValue;
        readonly output: string;
        readonly ok: boolean;
      }[];
    };

export interface ModelRequest {
  readonly instructions: string;
  readonly turns: readonly Turn[];
  readonly tools: readonly ModelTool[];
}
export interface StepResult {
  readonly text: string;
  readonly calls: readonly ModelCall[];
  readonly usage: { readonly tokensIn: number; readonly tokensOut: number } | null;
}
export interface StepHooks {
  readonly signal: AbortSignal;
  onText(delta: string): void;
  /** The provider asked to wait: in words, until when. Null when the wait is over. */
  onWait(why: Told | null): void;
}
export interface ModelChoice {
  readonly id: string;
  readonly name: string;
  /** Where the text of a request goes, as it is known now. */
  readonly place: Place;
  /** Tokens that a request may hold. */
  readonly budget: number;
}

/** What the agent needs of the models room. */
export interface Models {
  /** The model behind a thread's choice: an id, `default` or `none`. Null: none, or one that was removed; never another one. */
  choose(choice: string): ModelChoice | null;
  /** Asks anew where the text of a request would go, where that can be asked. Rejects with `Refusal` where the model is gone. */
  look(model: string): Promise<Place>;
  step(model: string, request: ModelRequest, hooks: StepHooks): Promise<StepResult>;
}
