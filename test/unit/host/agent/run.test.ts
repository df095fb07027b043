import { told } from "#bridge/told.ts";
import { noted, worded } from "../../../helpers/worded.ts";
import { describe, expect, test } from "vitest";
import type { Models, ModelRequest } from "../../../../electron/host/models/model.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { type ProposedCall } from "../../../../electron/host/seams.ts";
import {
  agentWorld,
  modelCall,
  okResult,
  playAuthority,
  playModels,
  playTools,
  WID,
  type AgentWorld,
  type PlayedAuthority,
} from "../../../helpers/agent-world.ts";
import type { CallView } from "../../../../electron/bridge/call.ts";
import type { MessageView } from "../../../../electron/bridge/thread.ts";
import { onTestFinished } from "vitest";
import { tempDir } from "../../../helpers/temp.ts";
import { refused } from "#bridge/refused.ts";

const asks = (): PlayedAuthority =>
  playAuthority((call) =>
    call.tool === "write"
      ? { kind: "ask", rule: noted("writing asks"), ruleId: "r1", queue: "approvers" }
      : { kind: "allow", rule: noted("reading is allowed") },
  );
const world = (parts: {
  models: Models;
  authority?: PlayedAuthority;
  tools?: ReturnType<typeof playTools>;
  mayHaveRun?: (code: string) => boolean;
}): AgentWorld & { authority: PlayedAuthority; tools: ReturnType<typeof playTools> } => {
  const authority = parts.authority ?? asks();
  const tools = parts.tools ?? playTools();
  const made = agentWorld({
    dir: tempDir(),
    authority,
    tools,
    models: parts.models,
    ...(parts.mayHaveRun === undefined ? {} : { mayHaveRun: parts.mayHaveRun }),
  });
  onTestFinished(() => made.close());
  made.engine.start();
  return { ...made, authority, tools };
};
const calls = (page: readonly MessageView[]): CallView[] =>
  page.flatMap((message) => message.parts.flatMap((part) => (part.kind === "call" ? [part.call] : [])));
const asked = (authority: PlayedAuthority): ProposedCall => {
  const [first] = authority.asked;
  if (first === undefined) throw new Error("nothing was asked");
  return first;
};
const lastResults = (request: ModelRequest | undefined): string[] => {
  const turn = request?.turns.findLast((each) => each.from === "agent");
  return turn?.from === "agent" ? turn.calls.map((call) => call.output) : [];
};
/** Calls once, then says what came back. */
const callsOnce = (...made: ReturnType<typeof modelCall>[]) =>
  playModels((request) =>
    request.turns.at(-1)?.from === "agent" ? { text: `Seen: ${lastResults(request).join(" | ")}` } : { calls: made },
  );

describe("a gated call", () => {
  test("waits, is executed exactly as proposed once approved, and the run goes on", async () => {
    const w = world({ models: callsOnce(modelCall("write", { path: "a", text: "x" })) });
    const thread = w.newThread();
    w.send(thread, "Write");
    await w.until(() => w.authority.asked.length === 1);
    await w.until(() => calls(w.page(thread))[0]?.state === "waiting");
    expect(w.tools.executed).toEqual([]);
    expect(w.room.view(thread).run?.state).toBe("waiting");
    w.authority.stand(asked(w.authority).id, { state: "approved", votes: 1, decidedBy: noted("Ada") });
    await w.idle(thread);
    expect(w.tools.executed).toEqual(w.authority.asked);
    expect(w.tools.executed[0]?.args).toBe('{"path":"a","text":"x"}');
    expect(calls(w.page(thread))[0]).toMatchObject({
      state: "done",
      decidedBy: noted("Ada"),
      result: { text: "done" },
    });
    expect(w.authority.told).toEqual([{ call: w.tools.executed[0]?.id, result: "ok" }]);
  });

  test("[T19] a rejection's reason reaches the agent, and nothing is executed", async () => {
    const w = world({ models: callsOnce(modelCall("write", {})) });
    const thread = w.newThread();
    w.send(thread, "Write");
    await w.until(() => w.authority.asked.length === 1);
    w.authority.stand(asked(w.authority).id, {
      state: "rejected",
      decidedBy: noted("Ada"),
      reason: noted("Not on a Friday"),
    });
    await w.idle(thread);
    expect(w.page(thread).at(-1)?.parts).toEqual([
      {
        kind: "text",
        text: expect.stringContaining("Rejected by Ada. The call was not made. Reason: Not on a Friday"),
      },
    ]);
    expect(w.tools.executed).toEqual([]);
  });

  test.each(["expired", "refused", "canceled"] as const)("%s: the run goes on, nothing is executed", async (state) => {
    const w = world({ models: callsOnce(modelCall("write", {})) });
    const thread = w.newThread();
    w.send(thread, "Write");
    await w.until(() => w.authority.asked.length === 1);
    w.authority.stand(asked(w.authority).id, { state, reason: noted("because") });
    await w.idle(thread);
    expect(w.tools.executed).toEqual([]);
    expect(calls(w.page(thread))[0]?.state).toBe(state);
    expect(w.page(thread)).toHaveLength(3);
  });

  test("[T26] queued offline it shows as queued, and moves when it reaches the team", async () => {
    const authority = playAuthority(() => ({ kind: "ask", rule: noted("asks"), ruleId: "r", queue: "q" }), {
      state: "queued",
      request: null,
    });
    const w = world({ models: callsOnce(modelCall("write", {})), authority });
    const thread = w.newThread();
    w.send(thread, "Write");
    await w.until(() => calls(w.page(thread))[0]?.state === "queued" && authority.asked.length === 1);
    expect(w.room.view(thread).run?.state).toBe("queued");
    authority.stand(asked(authority).id, { state: "waiting", request: "req-1", votes: 1, needed: 2 });
    await w.until(() => calls(w.page(thread))[0]?.state === "waiting");
    expect(calls(w.page(thread))[0]).toMatchObject({ votes: 1, needed: 2, request: "req-1" });
    authority.stand(asked(authority).id, { votes: 2, state: "approved" });
    await w.idle(thread);
    expect(w.tools.executed).toHaveLength(1);
  });

  test("[T26] approved while the newest head is not known it stays approved, says why, and runs once when it is", async () => {
    const played = playAuthority(() => ({ kind: "ask", rule: noted("asks"), ruleId: "r", queue: "q" }));
    let inSync = false;
    const authority: typeof played = {
      ...played,
      permit: (call) => (inSync ? played.permit(call) : { ok: false, error: told("not-in-sync") }),
    };
    const w = world({ models: callsOnce(modelCall("write", {})), authority });
    const thread = w.newThread();
    w.send(thread, "Write");
    await w.until(() => authority.asked.length === 1);
    authority.stand(asked(authority).id, { votes: 1, state: "approved" });
    await w.until(() => (w.room.view(thread).run?.note ?? null) !== null);
    expect(calls(w.page(thread))[0]?.state).toBe("approved");
    expect(w.tools.executed).toEqual([]);
    inSync = true;
    await w.idle(thread);
    expect(calls(w.page(thread))[0]?.state).toBe("done");
    expect(w.tools.executed).toHaveLength(1);
  });

  test("other threads go on while one waits", async () => {
    const w = world({
      models: playModels((request) =>
        JSON.stringify(request.turns[0]).includes("Write") && request.turns.at(-1)?.from === "person"
          ? { calls: [modelCall("write", {})] }
          : { text: "free" },
      ),
    });
    const [waiting, free] = [w.newThread(), w.newThread()];
    w.send(waiting, "Write");
    await w.until(() => w.authority.asked.length === 1);
    w.send(free, "Hello");
    await w.idle(free);
    expect(w.page(free).at(-1)?.parts).toEqual([{ kind: "text", text: "free" }]);
    expect(Object.fromEntries(w.room.list(WID).map((each) => [each.id, each.state]))).toEqual({
      [free]: "idle",
      [waiting]: "waiting",
    });
  });

  test("canceled by the person it is withdrawn and never executed, also when an approval comes late", async () => {
    const w = world({ models: callsOnce(modelCall("write", {})) });
    const thread = w.newThread();
    w.send(thread, "Write");
    await w.until(() => calls(w.page(thread))[0]?.state === "waiting");
    const call = asked(w.authority).id;
    await w.room.handlers["call.cancel"]({ thread, call }, { window: "main" });
    w.authority.stand(call, { state: "approved" });
    await w.idle(thread);
    expect(w.authority.withdrawn).toEqual([call]);
    expect(w.tools.executed).toEqual([]);
    expect(calls(w.page(thread))[0]?.state).toBe("canceled");
  });
});

describe("a step with several calls", () => {
  test("each call goes its own way, and the next step waits for all of them", async () => {
    const models = callsOnce(modelCall("read", { n: 1 }), modelCall("write", { n: 2 }), modelCall("read", { n: 3 }));
    const w = world({ models });
    const thread = w.newThread();
    w.send(thread, "Go");
    await w.until(() => w.tools.executed.length === 2 && w.authority.asked.length === 1);
    await w.until(
      () =>
        calls(w.page(thread))
          .map((call) => call.state)
          .join() === "done,waiting,done",
    );
    expect(models.requests).toHaveLength(1);
    w.authority.stand(asked(w.authority).id, { state: "approved" });
    await w.idle(thread);
    expect(lastResults(models.requests[1])).toHaveLength(3);
  });

  test("a step of an asked call is kept in the transaction that moves its run", async () => {
    const steps: unknown[] = [];
    const authority: PlayedAuthority = {
      ...asks(),
      keep: (call) => void steps.push([w.store.db.inTransaction, w.runs.call(call)?.state]),
    };
    const w = world({ models: callsOnce(modelCall("write", {})), authority });
    const thread = w.newThread();
    w.send(thread, "Go");
    await w.until(() => authority.asked.length === 1);
    await w.until(() => calls(w.page(thread))[0]?.state === "waiting");
    steps.length = 0;
    authority.stand(asked(authority).id, { state: "approved" });
    await w.idle(thread);
    expect(steps).toEqual([[true, "waiting"]]);
  });

  test("a tool does not wait for windows: they hear that it was called once it was, and of every end", async () => {
    const heard = (): unknown[] =>
      w.events.flatMap((event) => (event.kind === "put" ? calls([event.message]).map(({ state }) => state) : []));
    const before: unknown[][] = [];
    const tools = playTools(() => {
      before.push(heard());
      return { ok: true, text: "done", bytes: 4, truncated: false, error: null };
    });
    const w = world({ models: callsOnce(modelCall("write", {})), tools });
    const thread = w.newThread();
    w.send(thread, "Go");
    await w.until(() => heard().includes("waiting"));
    w.authority.stand(asked(w.authority).id, { state: "approved" });
    await w.until(() => heard().includes("done"));
    expect(before).toHaveLength(1);
    expect(before[0]).not.toContain("running");
  });

  test("an unknown tool and arguments that are not valid go back to the model and execute nothing", async () => {
    const w = world({
      models: callsOnce(
        { ...modelCall("read", {}), name: "nobody__nothing" },
        { ...modelCall("read", {}), problem: told("call-args-unfit") },
      ),
    });
    const thread = w.newThread();
    w.send(thread, "Go");
    await w.idle(thread);
    expect(w.tools.executed).toEqual([]);
    expect(w.page(thread).at(-1)?.parts[0]).toMatchObject({
      text: expect.stringMatching(/There is no tool named.*not valid for this tool/),
    });
  });
});

describe("arguments that would arrive as others", () => {
  test("[T31] go back to the model with the number and what to do, and execute nothing", async () => {
    const models = callsOnce({ ...modelCall("write", {}), args: '{"n":9007199254740993.0}' });
    const w = world({ models });
    const thread = w.newThread();
    w.send(thread, "Go");
    await w.idle(thread);
    expect(w.tools.executed).toEqual([]);
    expect(lastResults(models.requests[1]).join()).toMatch(
      /hold the number 9007199254740993\.0, which cannot be sent.*Nothing was called/,
    );
  });
});

describe("the end of a call", () => {
  test("a tool's own error reaches the agent as the result", async () => {
    const w = world({
      models: callsOnce(modelCall("read", {})),
      tools: playTools(() => ({ ok: false, text: "ENOENT", bytes: 6, truncated: false, error: null })),
    });
    const thread = w.newThread();
    w.send(thread, "Go");
    await w.idle(thread);
    expect(calls(w.page(thread))[0]).toMatchObject({ state: "failed", result: { text: "ENOENT" } });
    expect(w.page(thread).at(-1)?.parts).toEqual([{ kind: "text", text: "Seen: ENOENT" }]);
  });

  test("[T19] where the tool cannot say whether it ran, the call is unknown, and the team is told so", async () => {
    const tools = playTools(() => ({
      ok: false,
      text: "",
      bytes: 0,
      truncated: false,
      error: told("tool-server-ended"),
    }));
    const authority = playAuthority(() => ({ kind: "ask", rule: noted("asks"), ruleId: "r", queue: "q" }), {
      state: "approved",
    });
    const w = world({
      models: callsOnce(modelCall("write", {})),
      tools,
      authority,
      mayHaveRun: (code) => code === "tool-server-ended",
    });
    const thread = w.newThread();
    w.send(thread, "Go");
    await w.idle(thread);
    expect(calls(w.page(thread))[0]).toMatchObject({
      state: "unknown",
      reason: worded("Unknown, not repeated: The connection to the server ended."),
    });
    expect(authority.told).toEqual([{ call: authority.asked[0]?.id, result: "unknown" }]);
  });

  test("a refusal at the last moment executes nothing and says why", async () => {
    const authority: PlayedAuthority = {
      ...asks(),
      permit: () => ({ ok: false, error: noted("The rule changed meanwhile.") }),
    };
    const w = world({ models: callsOnce(modelCall("read", {})), authority });
    const thread = w.newThread();
    w.send(thread, "Go");
    await w.idle(thread);
    expect(w.tools.executed).toEqual([]);
    expect(calls(w.page(thread))[0]).toMatchObject({ state: "refused", reason: noted("The rule changed meanwhile.") });
  });

  test("[T19] a call that has a ledger row is not made again, whatever else says that it may", async () => {
    const w = world({ models: callsOnce(modelCall("write", {})) });
    const thread = w.newThread();
    w.send(thread, "Go");
    await w.until(() => w.authority.asked.length === 1);
    const call = asked(w.authority);
    expect(
      w.ledger.open({
        call: call.id,
        wid: call.wid,
        request: null,
        confirmed: null,
        launch: "",
        schema: "",
        rule: noted(""),
        argsHash: "",
        at: 1,
      }),
    ).toBe(true);
    expect(
      w.ledger.open({
        call: call.id,
        wid: call.wid,
        request: null,
        confirmed: null,
        launch: "",
        schema: "",
        rule: noted(""),
        argsHash: "",
        at: 1,
      }),
    ).toBe(false);
    w.authority.stand(call.id, { state: "approved" });
    await w.idle(thread);
    expect(w.tools.executed).toEqual([]);
    expect(calls(w.page(thread))[0]?.state).toBe("unknown");
  });
});

describe("stopping", () => {
  test("breaks the model off, keeps what it said and offers to try again", async () => {
    let gone: AbortSignal | null = null;
    const models: Models = {
      ...playModels(() => ({})),
      step: (_id, _request, hooks) =>
        new Promise((_resolve, reject) => {
          gone = hooks.signal;
          hooks.onText("Half a thought");
          hooks.signal.addEventListener("abort", () => reject(hooks.signal.reason as Error));
        }),
    };
    const w = world({ models });
    const thread = w.newThread();
    w.send(thread, "Go");
    await w.until(() => w.page(thread).at(-1)?.streaming === true);
    await w.room.handlers["run.stop"]({ thread }, { window: "main" });
    expect((gone as AbortSignal | null)?.aborted).toBe(true);
    expect(w.runs.active()).toEqual([]);
    expect(w.page(thread).at(-1)).toMatchObject({
      streaming: false,
      parts: [
        { kind: "text", text: "Half a thought" },
        { kind: "error", error: { code: "stopped" }, retry: true },
      ],
    });
  });

  test("withdraws what was asked; a running call's end is still kept", async () => {
    let end: () => void = () => undefined;
    const tools = playTools((call) => new Promise((resolve) => (end = () => resolve(okResult(call.tool)))));
    const w = world({ models: callsOnce(modelCall("read", {}), modelCall("write", {})), tools });
    const thread = w.newThread();
    w.send(thread, "Go");
    await w.until(() => tools.executed.length === 1 && calls(w.page(thread))[1]?.state === "waiting");
    await w.room.handlers["run.stop"]({ thread }, { window: "main" });
    expect(w.authority.withdrawn).toHaveLength(1);
    expect(calls(w.page(thread)).map((call) => call.state)).toEqual(["running", "canceled"]);
    end();
    await w.until(() => calls(w.page(thread))[0]?.state === "done");
    expect(w.ledger.dangling()).toEqual([]);
  });
});

describe("a host that closes", () => {
  test.each([
    ["while it is asked for", true],
    ["never", false],
  ])("[T19] begins no call that was approved meanwhile: closed %s", async (_when, closes) => {
    const authority = asks();
    const { promise: mayAsk, resolve: letAsk } = Promise.withResolvers<void>();
    const state = { asking: false, approved: false };
    const ask = async (call: ProposedCall): Promise<void> => {
      state.asking = true;
      await mayAsk;
      await authority.ask(call);
      authority.stand(call.id, { state: "approved", votes: 1 });
      state.approved = true;
    };
    const w = world({ models: callsOnce(modelCall("write", {})), authority: { ...authority, ask } });
    const thread = w.newThread();
    w.send(thread, "Go");
    await w.until(() => state.asking);
    if (closes) w.engine.close();
    letAsk();
    await w.until(() => state.approved);
    if (!closes) await w.idle(thread);
    await new Promise((resolve) => setImmediate(resolve));
    expect(w.tools.executed).toHaveLength(closes ? 0 : 1);
    expect(w.ledger.get(asked(authority).id) === null).toBe(closes);
  });
});

describe("a run", () => {
  test("a model's failure ends it in words, and a retry answers in the same place", async () => {
    let fail = true;
    const w = world({
      models: playModels(() => {
        if (fail) throw new Refusal(told("model-empty"));
        return { text: "Up again" };
      }),
    });
    const thread = w.newThread();
    w.send(thread, "Hello");
    await w.idle(thread);
    expect(w.page(thread).at(-1)?.parts).toEqual([{ kind: "error", error: told("model-empty"), retry: true }]);
    expect(w.room.view(thread).thread.state).toBe("failed");
    fail = false;
    await w.room.handlers["thread.retry"]({ thread }, { window: "main" });
    await w.idle(thread);
    expect(w.page(thread).map((message) => [message.seq, message.parts])).toEqual([
      [1, [{ kind: "text", text: "Hello" }]],
      [2, [{ kind: "text", text: "Up again" }]],
    ]);
    expect(w.room.view(thread).thread.state).toBe("idle");
  });

  test("the same call five times stops it before the fifth", async () => {
    const w = world({ models: playModels(() => ({ calls: [modelCall("read", { path: "a" })] })) });
    const thread = w.newThread();
    w.send(thread, "Go");
    await w.idle(thread);
    expect(w.tools.executed).toHaveLength(4);
    expect(w.page(thread).at(-1)?.parts.at(-1)).toMatchObject({ kind: "error", error: { code: "run-loops" } });
  });

  test("forty steps are the most", async () => {
    let n = 0;
    const w = world({ models: playModels(() => ({ calls: [modelCall("read", { n: n++ })] })) });
    const thread = w.newThread();
    w.send(thread, "Go");
    await w.idle(thread);
    expect(w.tools.executed).toHaveLength(40);
    expect(w.page(thread).at(-1)?.parts.at(-1)).toMatchObject({ kind: "error", error: { code: "run-too-long" } });
  });

  test("what the person writes meanwhile is answered in the same run", async () => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const models = playModels(async (request) => {
      if (request.turns.length === 1) await gate;
      return { text: `Answer to ${request.turns.filter((turn) => turn.from === "person").length}` };
    });
    const w = world({ models });
    const thread = w.newThread();
    w.send(thread, "One");
    await w.until(() => models.requests.length === 1);
    const run = w.runs.active(thread)[0]?.id ?? "";
    w.send(thread, "Two");
    expect(w.runs.active(thread).map(({ id }) => id)).toEqual([run]);
    open();
    await w.idle(thread);
    // It waits for the end of the step that cannot have read it, so what the model did not read never stands above its answer.
    expect(w.page(thread).map((message) => message.parts[0])).toEqual([
      { kind: "text", text: "One" },
      { kind: "text", text: "Answer to 1" },
      { kind: "text", text: "Two" },
      { kind: "text", text: "Answer to 2" },
    ]);
    expect([w.messages.ofStep(run, 1), w.messages.ofStep(run, 2)]).toEqual(
      w.page(thread).flatMap((message) => (message.from === "agent" ? [message.id] : [])),
    );
  });

  test("streamed text is shown as it comes, and a page that is loaded meanwhile holds what was shown", async () => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const models: Models = {
      ...playModels(() => ({})),
      step: async (_id, _request, hooks) => {
        hooks.onText("One ");
        await new Promise((resolve) => setTimeout(resolve, 80));
        hooks.onText("two ");
        await new Promise((resolve) => setTimeout(resolve, 80));
        await gate;
        return { text: "One two three", calls: [], usage: { tokensIn: 5, tokensOut: 3 } };
      },
    };
    const w = world({ models });
    const thread = w.newThread();
    w.send(thread, "Go");
    await w.until(() => w.events.some((event) => event.kind === "delta"));
    expect(w.page(thread).at(-1)?.parts).toEqual([{ kind: "text", text: "One two " }]);
    open();
    await w.idle(thread);
    const agent = w.events.filter((event) => (event.kind === "put" ? event.message.from === "agent" : true));
    expect(agent[0]).toMatchObject({ kind: "put", message: { streaming: true, parts: [{ text: "One " }] } });
    expect(agent[1]).toMatchObject({ kind: "delta", text: "two " });
    expect(agent.at(-1)).toMatchObject({
      kind: "put",
      message: { streaming: false, parts: [{ text: "One two three" }] },
    });
    expect(w.room.view(thread).tokens).toMatchObject({ spentIn: 5, spentOut: 3 });
  });
});

test("a full disk holds a run up, says so, and loses nothing: with room again the run ends, with one execution", async () => {
  const tools = playTools(() => {
    setRoom(0);
    return okResult("r".repeat(100_000));
  });
  const w = world({ models: callsOnce(modelCall("read", {})), tools });
  const setRoom = (more: number): void =>
    void w.store.db.pragma(`max_page_count = ${Number(w.store.db.pragma("page_count", { simple: true })) + more}`);
  const thread = w.newThread();
  w.send(thread, "Go");
  await w.until(() => w.room.view(thread).run?.note?.code === "disk-full");
  expect(calls(w.page(thread))[0]?.state).toBe("running");
  setRoom(100_000);
  await w.idle(thread);
  expect(tools.executed).toHaveLength(1);
  expect(calls(w.page(thread))[0]).toMatchObject({ state: "done", result: { bytes: 100_000 } });
  expect(w.page(thread)).toHaveLength(3);
});

test("a disk that is full before the ledger row is written executes nothing until there is room", async () => {
  const authority = playAuthority(() => ({ kind: "ask", rule: noted("asks"), ruleId: "r", queue: "q" }));
  const w = world({ models: callsOnce(modelCall("write", {})), authority });
  const thread = w.newThread();
  w.send(thread, "Go");
  await w.until(() => calls(w.page(thread))[0]?.state === "waiting");
  // The write that takes the ledger row is refused as SQLite refuses it on a full disk.
  const write = w.store.write;
  let refuse = true;
  Object.assign(w.store, {
    write: (work: () => unknown) => {
      if (refuse) throw refused("disk-full");
      return write(work);
    },
  });
  authority.stand(asked(authority).id, { state: "approved" });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(w.tools.executed).toEqual([]);
  refuse = false;
  await w.idle(thread);
  expect(w.tools.executed).toHaveLength(1);
});

describe("without a model", () => {
  test("a tool is called through the same gate, and its result stands in the thread", async () => {
    const models = playModels(() => ({ text: "never" }));
    const w = world({ models });
    const thread = w.newThread();
    await w.room.handlers["thread.setModel"]({ thread, model: null }, { window: "main" });
    expect(() => w.send(thread, "Hello?")).toThrow(expect.objectContaining({ code: "no-model-chosen" }));
    await w.room.handlers["thread.callTool"](
      { thread, server: "server-1", tool: "write", args: '{ "path": "a" }' },
      { window: "main" },
    );
    await w.until(() => w.authority.asked.length === 1);
    w.authority.stand(asked(w.authority).id, { state: "approved" });
    await w.idle(thread);
    expect(w.tools.executed[0]?.args).toBe('{ "path": "a" }');
    expect(w.page(thread)).toMatchObject([
      { seq: 1, from: "person", parts: [{ kind: "call", call: { state: "done", result: { text: "done" } } }] },
    ]);
    expect(models.requests).toEqual([]);
  });

  test.each(["[]", "not json", '"text"', "1"])("arguments that are no JSON object are refused: %s", async (args) => {
    const w = world({ models: playModels(() => ({})) });
    const thread = w.newThread();
    expect(() =>
      w.room.handlers["thread.callTool"]({ thread, server: "server-1", tool: "write", args }, { window: "main" }),
    ).toThrow(expect.objectContaining({ code: "tool-args-invalid" }));
    expect(w.page(thread)).toEqual([]);
  });
});

test("a deleted thread leaves nothing behind, and its approved call does not run", async () => {
  const w = world({ models: callsOnce(modelCall("write", {})) });
  const thread = w.newThread();
  w.send(thread, "Zebra");
  await w.until(() => calls(w.page(thread))[0]?.state === "waiting");
  await w.room.handlers["thread.delete"]({ thread }, { window: "main" });
  w.authority.stand(asked(w.authority).id, { state: "approved" });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(w.tools.executed).toEqual([]);
  for (const table of ["threads", "messages", "parts", "calls", "runs"])
    expect(w.store.db.prepare(`SELECT count(*) AS n FROM ${table}`).get()).toEqual({ n: 0 });
  expect(
    await w.room.handlers["search"]({ wid: "workspace-aaaaaaaaaaaa", query: "Zebra" }, { window: "main" }),
  ).toEqual([]);
});

test("[T23] the log holds neither text, titles nor arguments", async () => {
  const w = world({
    models: callsOnce(modelCall("read", { canary: "argument-canary" })),
    tools: playTools(() => {
      throw new Error("canary in an exception");
    }),
  });
  const thread = w.newThread();
  w.send(thread, "text-canary");
  await w.idle(thread);
  expect(w.lines.join("")).toContain("tool.threw");
  expect(w.lines.join("")).not.toContain("canary");
});
