/**
 * How a step's answer is kept: each step has one message, from its first streamed text to how it ended. All of it is part
 * of a transaction of whoever calls it.
 */
import type { Told } from "#bridge/told.ts";
import type { Clock } from "#client/ports/clock.ts";
import type { StepResult } from "../models/model.ts";
import type { MessageStore, NewPart } from "../store/messages.ts";
import type { NewCall, RunRow, RunStore } from "../store/runs.ts";
import type { ThreadStore } from "../store/threads.ts";

export interface Answers {
  /** The first text, while more of it streams; answers the message. */
  begin(run: RunRow, text: string): string;
  /** The whole answer with its calls, and what it cost: `tokens` are those of the request, where the model does not say. */
  keep(run: RunRow, result: StepResult, calls: readonly NewCall[], tokens: number): void;
  /** What was streamed before a failure stays readable; it ends with what happened and a way to try again. */
  fail(run: RunRow, text: string, error: Told): void;
}
export interface AnswersParts {
  readonly messages: Pick<MessageStore, "add" | "ofStep" | "setParts">;
  readonly runs: Pick<RunStore, "addCall">;
  readonly threads: Pick<ThreadStore, "spend" | "touch">;
  readonly clock: Clock;
  readonly newId: () => string;
}

export const createAnswers = ({ messages, runs, threads, clock, newId }: AnswersParts): Answers => {
  /** The message of this step; the one of a killed or retried step is taken again, so that numbers stay without gaps. */
  const messageOf = (run: RunRow, streaming: boolean): string => {
    const there = messages.ofStep(run.id, run.step);
    if (there !== null) return there;
    const id = newId();
    messages.add({ id, thread: run.thread, at: clock.now(), author: "agent", run: run.id, step: run.step, streaming });
    return id;
  };
  const whole = (text: string): NewPart[] => (text === "" ? [] : [{ kind: "text", text, final: true }]);

  return {
    begin: (run, text) => {
      const message = messageOf(run, true);
      messages.setParts(message, [{ kind: "text", text, final: false }], true);
      return message;
    },
    keep: (run, { text, usage }, calls, tokens) => {
      const answer = [...whole(text), ...calls.map(({ id }) => ({ kind: "call" as const, call: id }))];
      for (const call of calls) runs.addCall(call);
      const there = messages.ofStep(run.id, run.step);
      if (answer.length > 0 || there !== null) messages.setParts(messageOf(run, false), answer, false);
      threads.spend(run.thread, usage?.tokensIn ?? tokens, usage?.tokensOut ?? Math.ceil(Buffer.byteLength(text) / 4));
      threads.touch(run.thread, clock.now());
    },
    fail: (run, text, error) =>
      messages.setParts(messageOf(run, false), [...whole(text), { kind: "error", error, retry: true }], false),
  };
};
