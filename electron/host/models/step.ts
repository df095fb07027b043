/**
 * One model step over the AI SDK. Tools are declared without `execute`, so the SDK can run nothing: it only speaks the
 * providers' wire formats. Retrying is ours, because a person must see it.
 */
import { told } from "#bridge/told.ts";
import { setTimeout as sleep } from "node:timers/promises";
import {
  jsonSchema,
  streamText,
  tool,
  type AssistantModelMessage,
  type JSONSchema7,
  type ModelMessage,
  type ToolSet,
} from "ai";
import type { LanguageModel } from "ai";
import { json } from "#core/protocol/parse.ts";
import { pauseBefore } from "#core/protocol/pauses.ts";
import type { Pauses } from "#core/protocol/pauses.ts";
import { readArgs } from "../json/args.ts";
import type { ModelCall, ModelRequest, StepHooks, StepResult, Turn } from "./model.ts";
import {
  brokenOff,
  cut,
  declined,
  garbage,
  gaveUp,
  problemOf,
  tooLong,
  type Failing,
  type Problem,
  type Seen,
} from "./problems.ts";
import { endingOf } from "./reasons.ts";
import { watchedFetch, type FetchLimits } from "./watched-fetch.ts";

export interface Again extends Pauses {
  readonly times: number;
}
export interface StepParts {
  readonly at: Failing;
  /** Made anew for each attempt, with the fetch that watches it. */
  readonly provider: (fetch: typeof globalThis.fetch) => LanguageModel;
  readonly limits: FetchLimits;
  /** Between attempts, and how many there are after the first. */
  readonly again: Again;
}
// The SDK prints its warnings to the log, where nothing of a request may get.
Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });

/** Longest wait that an endpoint may impose before the person is told instead, ms. */
const RETRY_AFTER_MAX = 60_000;

export const runStep = async (parts: StepParts, request: ModelRequest, hooks: StepHooks): Promise<StepResult> => {
  for (let attempt = 0; ; attempt += 1) {
    const shown = { text: false };
    const outcome = await once(parts, request, {
      ...hooks,
      onText: (delta) => ((shown.text = true), hooks.onText(delta)),
    });
    if (!("refusal" in outcome)) return outcome;
    hooks.signal.throwIfAborted();
    const wait = waitFor(outcome, attempt < parts.again.times ? pauseBefore(attempt + 1, parts.again) : undefined);
    // Text that a person has seen is not taken back: then the failure is shown and the person decides.
    if (wait === null || shown.text) throw outcome.refusal;
    hooks.onWait(told("model-again", outcome.refusal.code === "model-rate-limited", wait));
    await sleep(wait, undefined, { signal: hooks.signal });
    hooks.onWait(null);
  }
};

const waitFor = (problem: Problem, backoff: number | undefined): number | null => {
  if (!problem.passes || backoff === undefined) return null;
  const wait = problem.retryAfterMs ?? backoff;
  return wait <= RETRY_AFTER_MAX ? wait : null;
};

const once = async (
  { at, provider, limits }: StepParts,
  request: ModelRequest,
  hooks: StepHooks,
): Promise<StepResult | Problem> => {
  const watched = watchedFetch(hooks.signal, limits);
  const text: string[] = [];
  const calls: ModelCall[] = [];
  /** The arguments of each call as the model wrote them: the SDK hands on what is left of them after its own parser. */
  const written = new Map<string, string>();
  let finish: Finish | null = null;
  const seen = (): Seen => ({
    why: watched.trouble(),
    silenceMs: watched.silenceMs,
    heard: watched.heard,
    movedTo: watched.movedTo,
  });
  let usage: StepResult["usage"] = null;
  try {
    const stream = streamText({
      model: provider(watched.fetch),
      instructions: request.instructions,
      messages: request.turns.flatMap(messagesOf),
      tools: toolsOf(request),
      maxRetries: 0,
      abortSignal: hooks.signal,
      providerOptions: { openai: { store: false } },
      // Its default prints errors, with the request in them, to the log.
      onError: () => undefined,
    });
    for await (const part of stream.stream) {
      if (part.type === "error") return problemOf(part.error, seen(), at);
      if (part.type === "text-delta") {
        text.push(part.text);
        hooks.onText(part.text);
      } else if (part.type === "tool-call") {
        calls.push(callOf(part, written.get(part.toolCallId) ?? ""));
      } else if (part.type === "tool-input-delta") {
        written.set(part.id, `${written.get(part.id) ?? ""}${part.delta}`);
      } else if (part.type === "finish-step") {
        finish = { reason: part.finishReason, raw: part.rawFinishReason ?? null };
        if (part.usage.inputTokens !== undefined)
          usage = { tokensIn: part.usage.inputTokens, tokensOut: part.usage.outputTokens ?? 0 };
      }
    }
  } catch (error) {
    return problemOf(error, seen(), at);
  }
  const result: StepResult = { text: text.join(""), calls, usage };
  return verdictOf(result, finish, seen(), at) ?? result;
};

interface Finish {
  /** As the SDK understood it. */
  readonly reason: string;
  /** As the endpoint wrote it. */
  readonly raw: string | null;
}

/** An answer that its endpoint ended is whole, whatever it calls the end; one that nobody ended is not. */
const verdictOf = ({ text, calls }: StepResult, finish: Finish | null, seen: Seen, at: Failing): Problem | null => {
  const { heard } = seen;
  const empty = text === "" && calls.length === 0;
  if (heard.error !== null) return problemOf(null, seen, at);
  if (finish?.reason === "content-filter") return declined(at);
  if (finish?.reason === "stop" || finish?.reason === "tool-calls") return null;
  const ending =
    finish?.reason === "length"
      ? "limit"
      : finish?.raw === undefined || finish.raw === null
        ? null
        : endingOf(finish.raw);
  if (ending === "declined") return declined(at);
  if (ending === "failed") return gaveUp(at, finish?.raw ?? "");
  if (ending === "limit")
    return finish?.raw === "model_context_window_exceeded" && empty
      ? tooLong(at)
      : cut(at, calls.length > 0 ? "call" : text !== "" ? "text" : heard.thought ? "thoughts" : "nothing");
  if (empty) return garbage(at);
  return ending === "whole" || heard.done ? null : brokenOff(at);
};

const callOf = (
  part: { toolCallId: string; toolName: string; input: unknown; invalid?: boolean | undefined; error?: unknown },
  written: string,
): ModelCall => {
  const args = typeof part.input === "string" ? part.input : JSON.stringify(part.input ?? {});
  const known = part.invalid !== true || isNoSuchTool(part.error);
  // A number that loses digits or a field named twice is gone in what the SDK gives, so it is kept as it was written.
  if (known && isJson(written) && !readArgs(written).ok)
    return { id: part.toolCallId, name: part.toolName, args: written, problem: null };
  return {
    id: part.toolCallId,
    name: part.toolName,
    args,
    problem: known ? null : told("call-args-unfit"),
  };
};
const isJson = (text: string): boolean => json(text) !== undefined;
const isNoSuchTool = (error: unknown): boolean => error instanceof Error && error.name === "AI_NoSuchToolError";

const toolsOf = (request: ModelRequest): ToolSet => {
  const set: ToolSet = Object.create(null) as ToolSet;
  for (const each of request.tools)
    set[each.name] = tool({ description: each.description, inputSchema: jsonSchema(each.inputSchema as JSONSchema7) });
  return set;
};

const messagesOf = (turn: Turn): ModelMessage[] => {
  if (turn.from === "person") return [{ role: "user", content: turn.text }];
  const said: Exclude<AssistantModelMessage["content"], string> = [
    ...(turn.text === "" ? [] : [{ type: "text" as const, text: turn.text }]),
    ...turn.calls.map((call) => ({
      type: "tool-call" as const,
      toolCallId: call.id,
      toolName: call.name,
      input: call.input,
    })),
  ];
  const results = turn.calls.map((call) => ({
    type: "tool-result" as const,
    toolCallId: call.id,
    toolName: call.name,
    output: { type: call.ok ? ("text" as const) : ("error-text" as const), value: call.output },
  }));
  return results.length === 0
    ? [{ role: "assistant", content: said }]
    : [
        { role: "assistant", content: said },
        { role: "tool", content: results },
      ];
};
