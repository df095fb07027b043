/** One model step: build the request, stream the answer, keep it with its calls. */
import { told, type Told } from "#bridge/told.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { toldOf } from "#bridge/refused.ts";
import type { StepResult } from "../models/model.ts";
import { createUnreadStore } from "../store/unread.ts";
import type { RunRow } from "../store/runs.ts";
import { mayGo, placeWords } from "../ways/place.ts";
import { createAnswers } from "./answers.ts";
import { buildContext, type BuiltContext } from "./context.ts";
import type { Drive, EngineParts } from "./engine.ts";
import { callKey } from "./journal.ts";
import { proposedCalls } from "./proposed-calls.ts";
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

export const createModelSteps = (parts: EngineParts, { edge, closed, setWait, keepAtAnyCost }: Drive): ModelSteps => {
  const { messages, runs, threads, journal, models, tools, store, newId, emit } = parts;
  const unread = createUnreadStore(store);
  const answers = createAnswers(parts);
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
        const id = store.write(() => answers.begin(run, text));
        journal.show(id);
        edge("model.streaming");
        return id;
      },
      failed: (error) => parts.log.fault("stream.unkept", error),
    });

  const finish = async (run: RunRow, result: StepResult, built: BuiltContext): Promise<boolean> => {
    if (result.text === "" && result.calls.length === 0 && run.step === 1) return fail(run, told("model-empty"), "");
    const rows = proposedCalls(run, result.calls, built.names, newId);
    const calls = rows.map((row) => ({
      id: row.id,
      key: callKey(row.server, row.tool, row.args),
      state: row.state,
    }));
    const kept = await keepAtAnyCost(run.id, () => {
      // Looked at in the moment of keeping: a full disk may have made this wait while the person wrote.
      const event = { kind: "model.done", calls, more: unread.list(run.thread).length > 0 } as const;
      const moved = journal.apply(run.id, event, { also: () => answers.keep(run, result, rows, built.tokens) });
      if (moved !== null) edge("model.kept");
      if (moved?.run.phase === "done") edge("run.over");
    });
    return kept;
  };

  const fail = async (run: RunRow, error: Told, text: string): Promise<boolean> =>
    keepAtAnyCost(run.id, () => {
      journal.apply(run.id, { kind: "model.failed" }, { also: () => answers.fail(run, text, error) });
    });

  return {
    step,
    abort: (run) => streams.get(run)?.abort.abort(),
    closeStopped: (run) => {
      if (run.phase !== "model") return;
      answers.fail(run, streams.get(run.id)?.sink.text() ?? "", STOPPED);
      streams.get(run.id)?.sink.close();
    },
    giveUp: (id) => {
      const run = runs.get(id);
      if (run === null) return false;
      return journal.apply(id, { kind: "model.failed" }, { also: () => answers.fail(run, "", INTERNAL) }) !== null;
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
