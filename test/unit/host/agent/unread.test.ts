/** What a person writes while the agent works: in sight until a step reads it, never lost, always in order. */
import { worded, noted } from "../../../helpers/worded.ts";
import { afterEach, describe, expect, test } from "vitest";
import { UNREAD_MAX } from "#bridge/limits.ts";
import { buildContext } from "../../../../electron/host/agent/context.ts";
import type { ModelRequest } from "../../../../electron/host/models/model.ts";
import { Refusal } from "#core/facts/refusal.ts";
import {
  agentWorld,
  modelCall,
  playAuthority,
  playModels,
  playTools,
  type AgentWorld,
  type AgentWorldParts,
} from "../../../helpers/agent-world.ts";
import { tempDir } from "../../../helpers/temp.ts";

const worlds: AgentWorld[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.close();
});
const main = { window: "main" } as const;
const asks = () => playAuthority(() => ({ kind: "ask", rule: noted("Writing asks."), queue: "queue-1" }) as never);
const open = (parts: Partial<AgentWorldParts>): AgentWorld => {
  const world = agentWorld({
    dir: tempDir(),
    authority: asks(),
    tools: playTools(),
    models: playModels(() => ({ text: "Fine." })),
    ...parts,
  });
  worlds.push(world);
  return world;
};
/** What each turn of a request says, in order. */
const turns = (request: ModelRequest | undefined): string[] =>
  (request?.turns ?? []).map(
    (turn) =>
      `${turn.from}: ${turn.text}${turn.from === "agent" && turn.calls.length > 0 ? `[${turn.calls.length} call]` : ""}`,
  );
const said = (world: AgentWorld, thread: string): string[] =>
  world
    .page(thread)
    .map(
      (message) =>
        `${message.from}: ${message.parts.map((part) => (part.kind === "text" ? part.text : part.kind)).join(",")}`,
    );
const unread = (world: AgentWorld, thread: string): string[] =>
  world.room.view(thread).unread.map((message) => message.text);
/** Calls once, then answers with what it was last told. */
const callsOnce = () =>
  playModels((request) =>
    request.turns.some((turn) => turn.from === "agent")
      ? { text: "I have read it." }
      : { calls: [modelCall("write", { path: "a" })] },
  );

const waiting = async (world: AgentWorld): Promise<string> => {
  const thread = world.newThread();
  world.send(thread, "Write it");
  await world.until(() => world.room.view(thread).run?.state === "waiting");
  return thread;
};
const callOf = (world: AgentWorld, thread: string): string =>
  world
    .page(thread)
    .flatMap((message) => message.parts)
    .flatMap((part) => (part.kind === "call" ? [part.call.id] : []))[0] ?? "";

describe("while a call waits for approval", () => {
  for (const decision of ["approved", "rejected"] as const)
    test(`[T39] messages are in sight and unread; after the call is ${decision} the model reads them in order, below what it did`, async () => {
      const authority = asks();
      const models = callsOnce();
      const world = open({ authority, models });
      const thread = await waiting(world);
      world.send(thread, "first thought");
      world.send(thread, "second thought");
      expect(unread(world, thread)).toEqual(["first thought", "second thought"]);
      expect(said(world, thread)).toEqual(["person: Write it", "agent: call"]);
      authority.stand(callOf(world, thread), { state: decision });
      await world.idle(thread);
      expect(turns(models.requests.at(-1))).toEqual([
        "person: Write it",
        "agent: [1 call]",
        "person: first thought",
        "person: second thought",
      ]);
      expect(said(world, thread)).toEqual([
        "person: Write it",
        "agent: call",
        "person: first thought",
        "person: second thought",
        "agent: I have read it.",
      ]);
      expect(unread(world, thread)).toEqual([]);
    });

  test("[T39] one is taken back with its whole text and never reaches the model; once read it cannot be", async () => {
    const authority = asks();
    const models = callsOnce();
    const world = open({ authority, models });
    const thread = await waiting(world);
    const long = `taken ${"x".repeat(5_000)}`;
    world.send(thread, long);
    world.send(thread, "stays");
    const [first, second] = world.room.view(thread).unread;
    expect(first).toMatchObject({ length: long.length });
    expect(world.room.handlers["thread.takeBack"]({ thread, message: first?.id ?? "" }, main)).toEqual({ text: long });
    expect(() => world.room.handlers["thread.takeBack"]({ thread, message: first?.id ?? "" }, main)).toThrow(Refusal);
    authority.stand(callOf(world, thread), { state: "approved" });
    await world.idle(thread);
    expect(JSON.stringify(models.requests)).not.toContain("taken");
    expect(turns(models.requests.at(-1))).toContain("person: stays");
    expect(() => world.room.handlers["thread.takeBack"]({ thread, message: second?.id ?? "" }, main)).toThrow(
      worded(/has read this message/),
    );
  });

  test("[T39] a restart keeps them, and the next process reads them to the model", async () => {
    const dir = tempDir();
    const authority = asks();
    const first = agentWorld({ dir, authority, tools: playTools(), models: callsOnce() });
    const thread = await waiting(first);
    first.send(thread, "before the restart");
    const call = callOf(first, thread);
    first.close();
    const models = callsOnce();
    const second = open({ dir, authority, models });
    second.engine.start();
    expect(unread(second, thread)).toEqual(["before the restart"]);
    authority.stand(call, { state: "approved" });
    await second.idle(thread);
    expect(turns(models.requests.at(-1)).at(-1)).toBe("person: before the restart");
  });

  test("[T39] stopping the run leaves them in sight; sent on, they begin the next one", async () => {
    const models = callsOnce();
    const world = open({ models });
    const thread = await waiting(world);
    world.send(thread, "do it otherwise");
    await world.room.handlers["run.stop"]({ thread }, main);
    expect(world.room.view(thread).run).toBeNull();
    expect(unread(world, thread)).toEqual(["do it otherwise"]);
    await world.room.handlers["thread.sendUnread"]({ thread }, main);
    await world.idle(thread);
    expect(unread(world, thread)).toEqual([]);
    expect(turns(models.requests.at(-1)).at(-1)).toBe("person: do it otherwise");
  });

  test("[T39] a message after a stopped run goes behind those that still wait", async () => {
    const models = callsOnce();
    const world = open({ models });
    const thread = await waiting(world);
    world.send(thread, "earlier");
    await world.room.handlers["run.stop"]({ thread }, main);
    world.send(thread, "later");
    await world.idle(thread);
    expect(turns(models.requests.at(-1)).slice(-2)).toEqual(["person: earlier", "person: later"]);
  });

  test(`[T39] the ${UNREAD_MAX + 1}st is refused in words, and the others stay`, async () => {
    const world = open({ models: callsOnce() });
    const thread = await waiting(world);
    for (let n = 0; n < UNREAD_MAX; n += 1) world.send(thread, `message ${n}`);
    expect(() => world.send(thread, "one too many")).toThrow(worded(/your text stays/));
    expect(unread(world, thread)).toHaveLength(UNREAD_MAX);
  });
});

describe("while the model answers", () => {
  test("[T39] a message stands below the answer that was under way, and gets an answer of its own", async () => {
    const late = Promise.withResolvers<{ text: string }>();
    const models = playModels((_request) => (models.requests.length === 1 ? late.promise : { text: "To the second." }));
    const world = open({ models });
    const thread = world.newThread();
    world.send(thread, "first");
    await world.until(() => models.requests.length === 1);
    world.send(thread, "second");
    expect(unread(world, thread)).toEqual(["second"]);
    late.resolve({ text: "To the first." });
    await world.idle(thread);
    expect(said(world, thread)).toEqual([
      "person: first",
      "agent: To the first.",
      "person: second",
      "agent: To the second.",
    ]);
    expect(turns(models.requests[1])).toEqual(["person: first", "agent: To the first.", "person: second"]);
  });

  test("[T39] a failed answer leaves it unread; trying again answers what failed, then reads it", async () => {
    const late = Promise.withResolvers<{ text: string }>();
    const models = playModels(() =>
      models.requests.length === 1 ? late.promise : { text: `Answer ${models.requests.length}` },
    );
    const world = open({ models });
    const thread = world.newThread();
    world.send(thread, "first");
    await world.until(() => models.requests.length === 1);
    world.send(thread, "second");
    late.reject(new Refusal(noted("The model is down.")));
    await world.idle(thread);
    expect(unread(world, thread)).toEqual(["second"]);
    await world.room.handlers["thread.retry"]({ thread }, main);
    await world.idle(thread);
    expect(said(world, thread)).toEqual(["person: first", "agent: Answer 2", "person: second", "agent: Answer 3"]);
  });

  test("a direct call while the agent answers asks for no further answer", async () => {
    const late = Promise.withResolvers<{ text: string }>();
    const models = playModels(() => late.promise);
    const world = open({
      models,
      authority: playAuthority(() => ({ kind: "allow", rule: noted("Allowed.") }) as never),
    });
    const thread = world.newThread();
    world.send(thread, "first");
    await world.until(() => models.requests.length === 1);
    await world.room.handlers["thread.callTool"]({ thread, server: "server-1", tool: "read", args: "{}" }, main);
    late.resolve({ text: "Only answer." });
    await world.idle(thread);
    expect(models.requests).toHaveLength(1);
  });
});

test("[T1] what is unread in one thread is in no request of another", async () => {
  const models = callsOnce();
  const world = open({ models });
  const thread = await waiting(world);
  world.send(thread, "unread-canary");
  const other = world.newThread();
  world.send(other, "Elsewhere");
  await world.until(() => world.room.view(other).run?.state === "waiting");
  expect(JSON.stringify(models.requests)).not.toContain("unread-canary");
  expect(
    JSON.stringify(
      buildContext({
        page: (before, limit) => world.messages.page(other, before, limit),
        call: world.runs.call,
        ready: [],
        budget: 10_000,
      }),
    ),
  ).not.toContain("unread-canary");
  expect(JSON.stringify(world.room.view(thread))).toContain("unread-canary");
});
