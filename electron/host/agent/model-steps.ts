/** One model step: build the request, stream the answer, keep it with its calls. */
import { told, type Told } from "#bridge/told.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { toldOf } from "#bridge/refused.ts";
import { ARGS_MAX } from "#bridge/limits.ts";
import type { ModelCall, StepResult } from "../models/model.ts";
import type { NewPart } from "../store/messages.ts";
import { createUnreadStore } from "../store/unread.ts";
import type { NewCall, RunRow } from "../store/runs.ts";
import { mayGo, placeWords } from "../ways/place.ts";
import { buildContext, type BuiltContext } from "./context.ts";
import type { Drive, EngineParts } from "./engine.ts";
import { callKey } from "./journal.ts";
import { readArgs } from "../json/args.ts";
import { serversUp } from "./servers-up.ts";
import { createTextSink, type TextSink } from "./text-sink.ts";
import { joinUnread } from "./unread.ts";
import { INTERNAL, STOPPED } from "./words.ts";

export interface ModelSteps {
  /** Answers whether the run moved. */
  step(run: RunRow): Promise<boolean>;
  abort(run: string): void;
  /** Part of the transaction of a stop: closes the message that was streaming, with a word that it was stopped. */
  closeStopped(run: RunRow): void;
  giveUp(run: string): boolean;
  liveText(message: string): string | null;
  close(): void;
}

const argsProblem = (args: string): Told | null => {
  const read = readArgs(args);
  return read.ok ? null : read.error;
};

export const createModelSteps = (parts: EngineParts, { edge, closed, setWait, keepAtAnyCost }: Drive): ModelSteps => {
  const { messages, runs, threads, journal, models, tools, clock, store, newId, emit } = parts;
  const unread = createUnreadStore(store);
  const live = new Map<string, string>();
  const streams = new Map<string, { abort: AbortController; sink: TextSink }>();

  const step = async (run: RunRow): Promise<boolean> => {
    const thread = threads.get(run.thread);
    const choice = thread === null ? null : models.choose(thread.modelChoice);
    if (thread === null) return false;
    if (choice === null) return fail(run, told("no-model"), "");
    const abort = new AbortController();
    const sink = sinkOf(run);
    streams.set(run.id, { abort, sink });
    try {
      await toolsUp(run.id, thread.wid);
      if (abort.signal.aborted) return false;
      const place = await models.look(choice.id);
      if (abort.signal.aborted) return false;
      if (!mayGo(thread.told, place)) return await fail(run, told("model-moved", choice.name, placeWords(place)), "");
      if (messages.ofStep(run.id, run.step) === null)
        for (const joined of joinUnread({ store, messages, unread }, run.thread)) journal.show(joined);
      const built = buildContext({
        page: (before, limit) => messages.page(run.thread, before, limit),
        call: runs.call,
        ready: tools.ready(thread.wid),
        budget: choice.budget,
      });
      edge("model.asked");
      const result = await models.step(choice.id, built.request, {
        signal: abort.signal,
        onText: sink.push,
        onWait: (why) => setWait(run.id, why),
      });
      edge("model.answered");
      return abort.signal.aborted ? false : await finish(run, result, built);
    } catch (error) {
      if (abort.signal.aborted || closed()) return false;
      if (!(error instanceof Refusal)) throw error;
      return await fail(run, toldOf(error), sink.text());
    } finally {
      sink.close();
      streams.delete(run.id);
      setWait(run.id, null);
    }
  };

  /** A request made while the servers start would offer the model no tools; one that starts slowly is not waited for long. */
  const toolsUp = async (run: string, wid: string): Promise<void> => {
    if (parts.settled === undefined) return;
    const note = setTimeout(() => setWait(run, told("tools-starting")), 300);
    await serversUp(parts.settled, wid, null);
    clearTimeout(note);
    setWait(run, null);
  };

  const sinkOf = (run: RunRow): TextSink =>
    createTextSink({
      messages,
      emit,
      thread: run.thread,
      live,
      begin: (text) => {
        const id = store.write(() => {
          const message = messageOf(run, true);
          messages.setParts(message, [{ kind: "text", text, final: false }], true);
          return message;
        });
        journal.show(id);
        edge("model.streaming");
        return id;
      },
      failed: (error) => parts.log.fault("stream.unkept", error),
    });

  /** The message of this step; the one of a killed or retried step is taken again, so that numbers stay without gaps. */
  const messageOf = (run: RunRow, streaming: boolean): string => {
    const there = messages.ofStep(run.id, run.step);
    if (there !== null) return there;
    const id = newId();
    messages.add({ id, thread: run.thread, at: clock.now(), author: "agent", run: run.id, step: run.step, streaming });
    return id;
  };

  const finish = async (run: RunRow, result: StepResult, built: BuiltContext): Promise<boolean> => {
    if (result.text === "" && result.calls.length === 0 && run.step === 1) return fail(run, told("model-empty"), "");
    const rows = callRows(run, result.calls, built);
    const calls = rows.map((row) => ({
      id: row.id,
      key: callKey(row.server, row.tool, row.args),
      state: row.state as "proposed" | "refused",
    }));
    const kept = await keepAtAnyCost(run.id, () => {
      // Looked at in the moment of keeping: a full disk may have made this wait while the person wrote.
      const event = { kind: "model.done", calls, more: unread.list(run.thread).length > 0 } as const;
      const moved = journal.apply(run.id, event, { also: () => keepAnswer(run, result, rows, built) });
      if (moved !== null) edge("model.kept");
      if (moved?.run.phase === "done") edge("run.over");
    });
    return kept;
  };

  const keepAnswer = (run: RunRow, result: StepResult, rows: readonly NewCall[], built: BuiltContext): void => {
    const answer: NewPart[] = [
      ...(result.text === "" ? [] : [{ kind: "text" as const, text: result.text, final: true }]),
      ...rows.map((row) => ({ kind: "call" as const, call: row.id })),
    ];
    for (const row of rows) runs.addCall(row);
    const there = messages.ofStep(run.id, run.step);
    if (answer.length > 0 || there !== null) messages.setParts(messageOf(run, false), answer, false);
    threads.spend(
      run.thread,
      result.usage?.tokensIn ?? built.tokens,
      result.usage?.tokensOut ?? Math.ceil(Buffer.byteLength(result.text) / 4),
    );
    threads.touch(run.thread, clock.now());
  };

  const callRows = (run: RunRow, calls: readonly ModelCall[], built: BuiltContext): NewCall[] => {
    const seen = new Set<string>();
    return calls.map((call) => {
      const providerId = call.id === "" || seen.has(call.id) ? newId() : call.id;
      seen.add(providerId);
      const tool = built.names.get(call.name);
      const reason =
        tool === undefined
          ? told("no-tool-named", call.name.slice(0, 100))
          : call.problem !== null
            ? call.problem
            : call.args.length > ARGS_MAX
              ? told("call-args-large")
              : argsProblem(call.args);
      return {
        id: newId(),
        run: run.id,
        step: run.step,
        server: tool?.server ?? "",
        serverName: tool?.serverName ?? "?",
        tool: tool?.tool ?? call.name.slice(0, 200),
        args: call.args.slice(0, ARGS_MAX),
        providerId,
        providerName: call.name,
        state: reason === null ? "proposed" : "refused",
        reason,
      };
    });
  };

  /** What was streamed before a failure stays readable; it ends with what happened and a way to try again. */
  const fail = async (run: RunRow, error: Told, text: string): Promise<boolean> =>
    keepAtAnyCost(run.id, () => {
      journal.apply(run.id, { kind: "model.failed" }, { also: () => closeWith(run, text, error, true) });
    });

  const closeWith = (run: RunRow, text: string, error: Told, retry: boolean): void => {
    const said: NewPart[] = text === "" ? [] : [{ kind: "text", text, final: true }];
    messages.setParts(messageOf(run, false), [...said, { kind: "error", error, retry }], false);
  };

  return {
    step,
    abort: (run) => streams.get(run)?.abort.abort(),
    closeStopped: (run) => {
      if (run.phase !== "model") return;
      closeWith(run, streams.get(run.id)?.sink.text() ?? "", STOPPED, true);
      streams.get(run.id)?.sink.close();
    },
    giveUp: (id) => {
      const run = runs.get(id);
      if (run === null) return false;
      return journal.apply(id, { kind: "model.failed" }, { also: () => closeWith(run, "", INTERNAL, true) }) !== null;
    },
    liveText: (message) => live.get(message) ?? null,
    close: () => {
      for (const { abort, sink } of streams.values()) {
        abort.abort();
        sink.close();
      }
    },
  };
};
