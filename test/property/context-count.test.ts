/** What a person reads of the next request is what that request holds, however the thread came to be. */
import { noted } from "../helpers/worded.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { buildContext } from "../../electron/host/agent/context.ts";
import { createCount } from "../../electron/host/agent/count.ts";
import { createMessageStore, type NewPart } from "../../electron/host/store/messages.ts";
import { openStore } from "../../electron/host/store/open.ts";
import { createRunStore } from "../../electron/host/store/runs.ts";
import { createThreadStore } from "../../electron/host/store/threads.ts";
import { tempDir } from "../helpers/temp.ts";

const tool = (name: string) => ({
  name,
  title: null,
  description: "Reads",
  inputSchema: {},
  readOnly: true,
  destructive: false,
  schema: "",
  definition: "{}",
});
const server = (id: string, names: readonly string[]) => ({
  server: id,
  name: id,
  launch: "",
  tools: names.map(tool),
});

const size = fc.integer({ min: 0, max: 3_000 });
const pick = fc.nat(30);
const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant("say" as const), agent: fc.boolean(), size, call: fc.boolean() }),
    fc.record({ do: fc.constant("text" as const), at: pick, size }),
    fc.record({ do: fc.constant("parts" as const), at: pick, size }),
    fc.record({ do: fc.constant("error" as const), at: pick }),
    fc.record({ do: fc.constant("adopt" as const), at: pick }),
    fc.record({
      do: fc.constant("settle" as const),
      at: pick,
      size,
      state: fc.constantFrom("done", "rejected", "waiting"),
    }),
    fc.record({ do: fc.constant("edit" as const), at: pick, size }),
    fc.record({ do: fc.constant("tools" as const), names: fc.uniqueArray(fc.constantFrom("read", "write", "list")) }),
    fc.record({ do: fc.constant("roll-back" as const), at: pick, size }),
  ),
  { maxLength: 30 },
);
const budgets = fc.oneof(fc.integer({ min: 100, max: 900 }), fc.constant(100_000));

type Step = typeof steps extends fc.Arbitrary<readonly (infer S)[]> ? S : never;

const played = (all: readonly Step[], budget: number): void => {
  const store = openStore({ dir: tempDir() });
  const runs = createRunStore(store);
  const messages = createMessageStore(store, runs);
  createThreadStore(store).add({ id: "t", wid: "w", title: "One", at: 0 });
  runs.add({ id: "run", thread: "t", kind: "agent", phase: "model", at: 0 });
  const count = createCount(messages, runs);
  const said: string[] = [];
  const called: string[] = [];
  let ready: ReturnType<typeof server>[] = [];

  const text = (length: number): NewPart => ({ kind: "text", text: "x".repeat(length), final: false });
  const at = (list: readonly string[], index: number): string | undefined => list[index % Math.max(1, list.length)];
  const newCall = (): NewPart => {
    const id = `c${called.push(`c${called.length}`) - 1}`;
    runs.addCall({
      id,
      run: "run",
      step: 1,
      server: "files",
      serverName: "files",
      tool: "read",
      args: "{}",
      providerId: id,
      providerName: "files__read",
      state: "proposed",
      reason: null,
    });
    return { kind: "call", call: id };
  };
  const play = (step: Step): void => {
    if (step.do === "tools") ready = step.names.length === 0 ? [] : [server("files", step.names)];
    else if (step.do === "say") {
      const id = `m${said.push(`m${said.length}`) - 1}`;
      messages.add({
        id,
        thread: "t",
        at: 0,
        author: step.agent ? "agent" : "person",
        run: "run",
        step: 1,
        streaming: false,
      });
      messages.setParts(id, [text(step.size), ...(step.call ? [newCall()] : [])], false);
    } else if (step.do === "settle" || step.do === "edit") {
      const call = at(called, step.at);
      if (call === undefined) return;
      const result = { text: "r".repeat(step.size), bytes: step.size, truncated: false };
      if (step.do === "edit") runs.edit(call, JSON.stringify({ path: "p".repeat(step.size) }));
      else runs.setCall(call, step.state as "done", { result });
    } else {
      const message = at(said, step.at);
      if (message === undefined) return;
      if (step.do === "text") messages.setText(message, "y".repeat(step.size));
      else if (step.do === "parts") messages.setParts(message, [text(step.size)], false);
      else if (step.do === "error")
        messages.addPart(message, { kind: "error", error: noted("It failed."), retry: false });
      else if (step.do === "adopt") messages.adopt(message, "run", 2);
      else
        expect(() =>
          store.write(() => {
            messages.setText(message, "z".repeat(step.size));
            throw new Error("rolled back");
          }),
        ).toThrow("rolled back");
    }
  };
  for (const step of all) {
    play(step);
    const counted = count({ thread: "t", messages: messages.count("t"), ready, budget });
    const { items, tokens } = buildContext({
      page: (before, limit) => messages.page("t", before, limit),
      call: runs.call,
      ready,
      budget,
    });
    expect(counted).toEqual({ items, tokens });
  }
  store.close();
};

test("[T4] counted step by step, a request is listed as the one that is made", () => {
  fc.assert(fc.property(steps, budgets, played), { numRuns: 150 });
});
