import { noted } from "../../../helpers/worded.ts";
import { describe, expect, onTestFinished, test } from "vitest";
import { buildContext, type ContextSources } from "../../../../electron/host/agent/context.ts";
import { NAME_MAX, providerName } from "../../../../electron/host/agent/names.ts";
import type { MessageView } from "../../../../electron/bridge/thread.ts";
import { createLog } from "../../../../electron/host/log.ts";
import { createModels, type ModelsRoom } from "../../../../electron/host/models/models.ts";
import { createModelStore } from "../../../../electron/host/store/models.ts";
import type { Models } from "../../../../electron/host/models/model.ts";
import { agentWorld, okResult, playAuthority, playModels, playTools, WID } from "../../../helpers/agent-world.ts";
import { lastTurn, startModelServer } from "../../../helpers/model-server.ts";
import { tempDir } from "../../../helpers/temp.ts";

const message = (seq: number, from: "person" | "agent", text: string): MessageView => ({
  id: `m${seq}`,
  threadId: "t",
  seq,
  at: 0,
  from,
  parts: [{ kind: "text", text }],
  streaming: false,
});
const sources = (messages: readonly MessageView[], budget = 100_000): ContextSources => ({
  page: (before, limit) => messages.filter((each) => before === null || each.seq < before).slice(-limit),
  call: () => null,
  ready: [],
  budget,
});

describe("the context of a request", () => {
  test("[T4] is the list of what it holds, with an estimate for each part", () => {
    const built = buildContext({
      ...sources([message(1, "person", "a".repeat(400))]),
      ready: [
        {
          server: "s",
          name: "files",
          launch: "",
          tools: [
            {
              name: "read",
              title: null,
              description: "Reads",
              inputSchema: {},
              readOnly: true,
              destructive: false,
              schema: "",
              definition: "{}",
            },
          ],
        },
      ],
    });
    expect(built.items.map((item) => [item.label, item.detail])).toEqual([
      ["Instructions", expect.any(String)],
      ["Tools of files", "1 tool"],
      ["This thread", "1 message"],
    ]);
    expect(built.tokens).toBe(built.items.reduce((sum, item) => sum + item.tokens, 0));
    expect(built.items[2]?.tokens).toBeGreaterThanOrEqual(100);
  });

  test("what does not fit is left out from the oldest on, is said, and the person speaks first", () => {
    const long = Array.from({ length: 250 }, (_, index) =>
      message(index + 1, index % 2 === 0 ? "person" : "agent", `${index + 1} ${"x".repeat(400)}`),
    );
    const { request, items, tokens } = buildContext(sources(long, 3_000));
    expect(tokens).toBeLessThanOrEqual(3_000);
    expect(request.turns[0]?.from).toBe("person");
    expect(JSON.stringify(request.turns.at(-1))).toContain("250 ");
    const kept = request.turns.length;
    expect(kept).toBeGreaterThan(5);
    expect(items.at(-1)).toMatchObject({
      label: "Left out",
      detail: `The oldest ${250 - kept} messages do not fit and will not be sent`,
    });
  });

  test("the person's newest message stays even where it alone is more than the budget", () => {
    const { request } = buildContext(
      sources(
        [message(1, "person", "old"), message(2, "agent", "older"), message(3, "person", "y".repeat(50_000))],
        1_000,
      ),
    );
    expect(request.turns).toHaveLength(1);
    expect(JSON.stringify(request.turns)).toContain("yyy");
  });
});

describe("tool names for providers", () => {
  test("stay readable where they can, and are always valid and different", () => {
    const taken = new Set<string>();
    const names = [
      ["files", "read"],
      ["files", "read"],
      ["My Files!", "read"],
      ["My Files?", "read"],
      ["a", "b__c"],
      ["a__b", "c"],
      ["x".repeat(80), "one"],
      ["x".repeat(80), "two"],
      ["日本", "語"],
      ["", ""],
    ].map(([name = "", tool = ""], index) => {
      const given = providerName({ id: `id-${index}`, name }, tool, taken);
      taken.add(given);
      return given;
    });
    expect(names[0]).toBe("files__read");
    expect(taken.size).toBe(names.length);
    for (const name of names) expect(name).toMatch(new RegExp(`^[A-Za-z0-9_-]{1,${NAME_MAX}}$`));
  });
});

/** Real adapters and a real endpoint that keeps every byte: what counts is what went over the wire. */
const wired = async (script: Parameters<typeof startModelServer>[0]) => {
  const server = await startModelServer(script);
  onTestFinished(() => server.close());
  const tools = playTools(() => okResult("tool-result-canary"));
  const late: { room: ModelsRoom | null } = { room: null };
  const models: Models = {
    choose: (choice) => late.room?.choose(choice) ?? null,
    look: (id) => late.room?.look(id) ?? Promise.reject(new Error("no room yet")),
    step: (...all) => late.room?.step(...all) ?? Promise.reject(new Error("no room yet")),
  };
  const world = agentWorld({
    dir: tempDir(),
    authority: playAuthority(() => ({ kind: "allow", rule: noted("allowed") })),
    tools,
    models,
  });
  onTestFinished(() => world.close());
  late.room = createModels({
    rows: createModelStore(world.store),
    shell: { request: async () => "" },
    clock: { now: () => 0, monotonic: () => 0 },
    log: createLog(
      () => undefined,
      () => 0,
    ),
    publish: { publish: () => undefined },
    newId: () => crypto.randomUUID(),
    local: { ollama: "http://127.0.0.1:9", lmStudio: "http://127.0.0.1:9" },
  });
  await late.room.handlers["model.add"]({
    kind: "openai-compatible",
    name: "Scripted",
    model: "scripted",
    baseUrl: `${server.url}/v1`,
    key: null,
  });
  world.engine.start();
  return { server, world };
};

describe("what reaches a model", () => {
  test("[T3] holds nothing of the same person's other threads; its own words are there", async () => {
    const { server, world } = await wired(() => [{ text: "answer-canary" }]);
    const [cluster, page] = [world.newThread(), world.newThread()];
    for (let n = 0; n < 20; n += 1) {
      world.send(cluster, `kubectl canary-${n}-cluster`);
      await world.idle(cluster);
    }
    await world.room.handlers["thread.rename"]({ thread: cluster, title: "title-canary" }, { window: "main" });
    await world.room.handlers["thread.saveDraft"](
      {
        thread: cluster,
        draft: { text: "draft-canary", calls: [], open: null },
        base: 0,
        writer: "window",
        typedAt: 1,
      },
      { window: "main" },
    );
    const before = server.requests.length;
    world.send(page, "css canary-page");
    await world.idle(page);
    const sent = server.requests.slice(before).map((request) => `${JSON.stringify(request.headers)}${request.body}`);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toContain("css canary-page");
    for (const canary of [
      "cluster",
      "kubectl",
      "answer-canary",
      "title-canary",
      "draft-canary",
      WID,
      cluster,
      "Workshop",
    ])
      expect(sent[0]).not.toContain(canary);
    // The scan sees: in the thread where they were written the canaries are sent.
    world.send(cluster, "again");
    await world.idle(cluster);
    expect(server.requests.at(-1)?.body).toContain("canary-0-cluster");
    expect(server.requests.at(-1)?.body).toContain("canary-19-cluster");
  });

  test("[T4] is the same to the byte with 0 and with 50 busy threads beside it", async () => {
    const bodies: string[] = [];
    for (const busy of [0, 50]) {
      let open: () => void = () => undefined;
      const gate = new Promise<void>((resolve) => (open = resolve));
      const { server, world } = await wired((_index, body) =>
        lastTurn(body).text.startsWith("busy") ? [{ until: gate }, { text: "late" }] : [{ text: "now" }],
      );
      for (let n = 0; n < busy; n += 1) world.send(world.newThread(), `busy ${n}`);
      await world.until(() => server.requests.length === busy);
      const thread = world.newThread();
      world.send(thread, "A question about CSS");
      await world.idle(thread);
      bodies.push(server.requests.find((request) => request.body.includes("CSS"))?.body ?? "none");
      open();
    }
    expect(bodies[0]).toContain("A question about CSS");
    expect(bodies[1]).toBe(bodies[0]);
  });

  test("a call and its result come back to the model under the names it knows", async () => {
    const { server, world } = await wired((_index, body) =>
      lastTurn(body).from === "tool"
        ? [{ text: "Read it." }]
        : [{ text: "Let me look." }, { call: { id: "call-7", name: "files__read", args: { path: "a" } } }],
    );
    const thread = world.newThread();
    world.send(thread, "Read a");
    await world.idle(thread);
    const second = JSON.parse(server.requests[1]?.body ?? "{}") as { messages: unknown[] };
    expect(second.messages.slice(-2)).toEqual([
      {
        role: "assistant",
        content: "Let me look.",
        tool_calls: [{ id: "call-7", type: "function", function: { name: "files__read", arguments: '{"path":"a"}' } }],
      },
      { role: "tool", tool_call_id: "call-7", content: "tool-result-canary" },
    ]);
    expect(world.page(thread).at(-1)?.parts).toEqual([{ kind: "text", text: "Read it." }]);
  });

  test("a tool called by hand is known to the model afterwards", async () => {
    const { server, world } = await wired(() => [{ text: "ok" }]);
    const thread = world.newThread();
    await world.room.handlers["thread.callTool"](
      { thread, server: "server-1", tool: "read", args: '{"path":"by-hand"}' },
      { window: "main" },
    );
    await world.idle(thread);
    world.send(thread, "What did I read?");
    await world.idle(thread);
    expect(server.requests[0]?.body).toContain("by-hand");
    expect(server.requests[0]?.body).toContain("tool-result-canary");
  });
});

test("the title is the first words of the first message, until the person gives one", async () => {
  const world = agentWorld({
    dir: tempDir(),
    authority: playAuthority(() => ({ kind: "allow", rule: noted("") })),
    tools: playTools(),
    models: playModels(() => ({ text: "ok", calls: [] })),
  });
  onTestFinished(() => world.close());
  const thread = world.newThread();
  world.send(thread, "  Please   have a look at the quarterly numbers and tell me what is odd about them ");
  await world.idle(thread);
  expect(world.threads.get(thread)?.title).toBe("Please have a look at the quarterly numbers and tell me what…");
  await world.room.handlers["thread.rename"]({ thread, title: "Numbers" }, { window: "main" });
  world.send(thread, "More");
  await world.idle(thread);
  expect(world.threads.get(thread)?.title).toBe("Numbers");
});
