/** One message for each step, however it ends, with its calls and what it cost. */
import { expect, onTestFinished, test } from "vitest";
import { told } from "#bridge/told.ts";
import { createAnswers } from "../../../../electron/host/agent/answers.ts";
import { proposedCalls } from "../../../../electron/host/agent/proposed-calls.ts";
import { createMessageStore } from "../../../../electron/host/store/messages.ts";
import { openStore } from "../../../../electron/host/store/open.ts";
import { createRunStore } from "../../../../electron/host/store/runs.ts";
import type { RunRow } from "../../../../electron/host/store/runs.ts";
import { createThreadStore } from "../../../../electron/host/store/threads.ts";
import { modelCall } from "../../../helpers/agent-world.ts";
import { testClock } from "../../../helpers/clock.ts";
import { tempDir } from "../../../helpers/temp.ts";

const RUN: RunRow = { id: "r1", thread: "t1", kind: "agent", phase: "model", step: 1, since: 0 };

const setup = () => {
  const store = openStore({ dir: tempDir(), busyMs: 50 });
  onTestFinished(() => store.close());
  const [threads, runs, clock] = [createThreadStore(store), createRunStore(store), testClock()];
  const messages = createMessageStore(store, runs);
  threads.add({ id: RUN.thread, wid: "w", title: "", at: 0 });
  runs.add({ id: RUN.id, thread: RUN.thread, kind: "agent", phase: "model", at: 0 });
  let made = 0;
  const newId = (): string => `id-${(made += 1)}`;
  const answers = createAnswers({ messages, runs, threads, clock, newId });
  const spent = (): (number | undefined)[] => [threads.get(RUN.thread)?.spentIn, threads.get(RUN.thread)?.spentOut];
  return { answers, messages, runs, clock, threads, newId, spent };
};
const USAGE = { tokensIn: 7, tokensOut: 3 };

test("an answer that streamed is kept in the message in which it streamed, with its calls", () => {
  const { answers, messages, runs, newId, threads, clock } = setup();
  const message = answers.begin(RUN, "Let me");
  expect(messages.view(message)).toMatchObject({ streaming: true, parts: [{ kind: "text", text: "Let me" }] });
  const names = new Map([["read", { server: "files", serverName: "Files", tool: "read" }]]);
  const calls = proposedCalls(RUN, [modelCall("read", { path: "a" })], names, newId);
  clock.advance(5);
  answers.keep(RUN, { text: "Let me look.", calls: [], usage: USAGE }, calls, 99);
  expect(messages.ofStep(RUN.id, 1)).toBe(message);
  expect(messages.view(message)).toMatchObject({
    streaming: false,
    parts: [{ kind: "text", text: "Let me look." }, { kind: "call" }],
  });
  expect([messages.count(RUN.thread), runs.calls(RUN.id).map(({ id }) => id)]).toEqual([1, [calls[0]?.id]]);
  expect(threads.get(RUN.thread)?.updatedAt).toBe(clock.now());
});

test("an answer that says nothing makes no message, and empties the one of a step that was tried before", () => {
  const { answers, messages } = setup();
  answers.keep({ ...RUN, step: 2 }, { text: "", calls: [], usage: null }, [], 0);
  expect(messages.count(RUN.thread)).toBe(0);
  const message = answers.begin(RUN, "Half a");
  answers.keep(RUN, { text: "", calls: [], usage: null }, [], 0);
  expect(messages.view(message)).toMatchObject({ streaming: false, parts: [] });
});

test("what streamed before a failure stays, above what happened; the next try takes the same message", () => {
  const { answers, messages } = setup();
  const message = answers.begin(RUN, "Half");
  answers.fail(RUN, "Half an", told("model-empty"));
  expect(messages.view(message)).toMatchObject({
    streaming: false,
    parts: [
      { kind: "text", text: "Half an" },
      { kind: "error", error: { code: "model-empty" }, retry: true },
    ],
  });
  expect([answers.begin(RUN, "Again"), messages.count(RUN.thread)]).toEqual([message, 1]);
});

test("what an answer cost is what the model says, and else the request's size and the bytes of the text", () => {
  const { answers, spent } = setup();
  answers.keep(RUN, { text: "x", calls: [], usage: USAGE }, [], 99);
  expect(spent()).toEqual([7, 3]);
  answers.keep(RUN, { text: "äöüßé", calls: [], usage: null }, [], 99);
  expect(spent()).toEqual([7 + 99, 3 + 3]);
});
