/** Real adapters and real endpoints that keep every byte: what a thread has said to one model goes to no other one by itself. */
import { worded, wordsOf, noted } from "../../../helpers/worded.ts";
import type { Told } from "#bridge/told.ts";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ThreadView } from "../../../../electron/bridge/thread.ts";
import { createLog } from "../../../../electron/host/log.ts";
import type { Models } from "../../../../electron/host/models/model.ts";
import { createModels, type ModelsRoom } from "../../../../electron/host/models/models.ts";
import { createModelStore, type ModelRow } from "../../../../electron/host/store/models.ts";
import { agentWorld, okResult, playAuthority, playTools, type AgentWorld } from "../../../helpers/agent-world.ts";
import { startModelServer, type ModelScript, type ModelServer } from "../../../helpers/model-server.ts";
import { tempDir } from "../../../helpers/temp.ts";
import { PATIENCE_MS } from "../../../helpers/wait.ts";

const from = { window: "main" } as const;
const CANARY = "private-history-canary";
type Failed = { kind: "error" };

interface Room {
  world: AgentWorld;
  models: ModelsRoom;
  /** What Ollama at the near endpoint says of its model. */
  listed: { remote_host?: string };
  near: ModelServer;
  far: ModelServer;
  ids: { near: string; far: string };
  say(thread: string, text: string): Promise<void>;
  lastError(thread: string): Told | undefined;
  view(thread: string): ThreadView;
}
const room = async (
  nearScript: ModelScript = () => [{ text: "near answer" }],
  nearKind: ModelRow["kind"] = "ollama",
): Promise<Room> => {
  const listed: Room["listed"] = {};
  const near = await startModelServer(nearScript, { tags: () => ({ models: [{ name: "scripted", ...listed }] }) });
  const far = await startModelServer(() => [{ text: "far answer" }]);
  onTestFinished(() => Promise.all([near.close(), far.close()]).then(() => undefined));
  const late: { room: ModelsRoom | null } = { room: null };
  const there = (): ModelsRoom => late.room ?? expect.unreachable("the models room is made first");
  const models: Models = {
    choose: (choice) => there().choose(choice),
    look: (id) => there().look(id),
    step: (...all) => there().step(...all),
  };
  const world = agentWorld({
    dir: tempDir(),
    authority: playAuthority(() => ({ kind: "allow", rule: noted("allowed") })),
    tools: playTools(() => okResult("tool result")),
    models,
  });
  onTestFinished(() => world.close());
  let ids = 0;
  late.room = createModels({
    rows: createModelStore(world.store),
    shell: { request: async () => "" },
    clock: { now: () => ++ids, monotonic: () => 0 },
    log: createLog(
      () => undefined,
      () => 0,
    ),
    publish: { publish: () => undefined },
    newId: () => `model-${++ids}`,
    local: { ollama: near.url, lmStudio: "http://127.0.0.1:9", answerMs: PATIENCE_MS },
  });
  const add = async (name: string, kind: ModelRow["kind"], url: string) =>
    (await there().handlers["model.add"]({ kind, name, model: "scripted", baseUrl: url, key: null })).id;
  const added = {
    near: await add("Near", nearKind, `${near.url}/v1`),
    far: await add("Far", "openai-compatible", `${far.url}/v1`),
  };
  await there().look(added.near);
  world.engine.start();
  return {
    world,
    models: there(),
    listed,
    near,
    far,
    ids: added,
    say: async (thread, text) => {
      world.send(thread, text);
      await world.idle(thread);
    },
    lastError: (thread) =>
      world
        .page(thread)
        .flatMap((message) =>
          message.parts.filter((part): part is Extract<typeof part, Failed> => part.kind === "error"),
        )
        .at(-1)?.error,
    view: (thread) => world.room.view(thread),
  };
};
const heardBy = (server: ModelServer): string => server.requests.map((request) => request.body).join("\n");

describe("[T40] a thread whose model is removed", () => {
  test("sends nothing to another one until its person chooses it; then it does", async () => {
    const { world, models, far, ids, say, view } = await room();
    const thread = world.newThread();
    await say(thread, CANARY);
    await models.handlers["model.remove"]({ model: ids.near });
    await models.handlers["model.setDefault"]({ model: ids.far });
    expect(view(thread)).toMatchObject({ model: null, mustChoose: true });
    expect(() => world.send(thread, "and more")).toThrow(
      worded(/No model is chosen for this thread, so nothing was sent/),
    );
    await expect(async () => world.room.handlers["thread.retry"]({ thread }, from)).rejects.toEqual(
      worded(/No model is chosen/),
    );
    expect(world.page(thread)).toHaveLength(2);
    expect(heardBy(far)).toBe("");
    // A new thread shows that the other model is there to be reached.
    const other = world.newThread();
    await say(other, "hello");
    expect(heardBy(far)).toContain("hello");
    expect(heardBy(far)).not.toContain(CANARY);

    await world.room.handlers["thread.setModel"]({ thread, model: ids.far }, from);
    await say(thread, "and more");
    expect(heardBy(far)).toContain(CANARY);
  });

  test("in the middle of a run ends the run with words, and the other model hears nothing of it", async () => {
    const held: { remove: () => Promise<unknown> } = { remove: () => Promise.reject(new Error("not yet")) };
    const { world, models, near, far, ids, say, lastError } = await room(async (index) => {
      if (index === 0) await held.remove();
      return index === 0 ? [{ call: { name: "files__read", args: { path: "a" } } }] : [{ text: "again" }];
    });
    held.remove = async () => models.handlers["model.remove"]({ model: ids.near });
    const thread = world.newThread();
    await say(thread, CANARY);
    expect(lastError(thread)).toMatchObject({ code: "no-model" });
    expect(wordsOf(lastError(thread))).toContain("nothing was sent");
    expect(near.requests).toHaveLength(1);
    expect(heardBy(far)).toBe("");
    await world.room.handlers["thread.setModel"]({ thread, model: ids.far }, from);
    await world.room.handlers["thread.retry"]({ thread }, from);
    await world.idle(thread);
    expect(heardBy(far)).toContain(CANARY);
  });

  test("no default takes the place of a removed one by itself", async () => {
    const { world, models, far, ids, view } = await room();
    const thread = world.newThread();
    await models.handlers["model.remove"]({ model: ids.near });
    expect(models.view().models.map((each) => each.isDefault)).toEqual([false]);
    expect(view(thread)).toMatchObject({ model: null, mustChoose: true });
    expect(() => world.send(thread, CANARY)).toThrow(worded(/No model is chosen/));
    expect(heardBy(far)).toBe("");
  });
});

test("[T40] a thread that has sent keeps its model when the default changes; one that has not follows it", async () => {
  const { world, models, near, far, ids, say, view } = await room();
  const [begun, fresh] = [world.newThread(), world.newThread()];
  await say(begun, CANARY);
  await models.handlers["model.setDefault"]({ model: ids.far });
  expect([view(begun).model?.id, view(fresh).model?.id]).toEqual([ids.near, ids.far]);
  await say(begun, "second");
  await say(fresh, "hello");
  expect(heardBy(near)).toContain("second");
  expect(heardBy(far)).toContain("hello");
  expect(heardBy(far)).not.toContain(CANARY);
});

describe("[T40] a model that was said to run here and is passed on", () => {
  test("hears nothing before its person was told and tries again", async () => {
    const { world, near, listed, say, view, lastError } = await room();
    const thread = world.newThread();
    await say(thread, "first");
    expect(view(thread).model?.place).toMatchObject({ kind: "here", by: "ollama" });
    listed.remote_host = "https://ollama.com:443";
    await say(thread, CANARY);
    expect(heardBy(near)).not.toContain(CANARY);
    expect(lastError(thread)?.code).toBe("model-moved");
    expect(wordsOf(lastError(thread))).toMatch(/Nothing was sent: .*ollama\.com/);
    expect(view(thread).model?.place).toMatchObject({ kind: "through", to: "ollama.com" });
    await world.room.handlers["thread.retry"]({ thread }, from);
    await world.idle(thread);
    expect(heardBy(near)).toContain(CANARY);
  });

  test("hears nothing of the next step of a run that began before", async () => {
    const held: { listed: Room["listed"] } = { listed: {} };
    const { world, near, listed, say, lastError } = await room((index) => {
      if (index === 0) held.listed.remote_host = "https://ollama.com:443";
      return index === 0 ? [{ call: { name: "files__read", args: { path: "a" } } }] : [{ text: "done" }];
    });
    held.listed = listed;
    const thread = world.newThread();
    await say(thread, "read it");
    expect(near.requests).toHaveLength(1);
    expect(lastError(thread)?.code).toBe("model-moved");
    await world.room.handlers["thread.retry"]({ thread }, from);
    await world.idle(thread);
    expect(near.requests[1]?.body).toContain("tool result");
  });
});
