/** Models and tools that misbehave: a named error, a sentence, a way on, and nothing lost. */
import { wordsOf } from "../helpers/worded.ts";
import { resolve } from "node:path";
import type { RpcClient } from "../../scripts/apps/rpc-client.ts";
import {
  addServer,
  callBecomes,
  callInNewThread,
  cardFor,
  decide,
  acceptServer,
  found,
  scriptServer,
} from "../../scripts/apps/team.ts";
import { startModelServer } from "../helpers/model-server.ts";
import type { ModelScript } from "../helpers/model-server.ts";
import { expect, test } from "./fixtures.ts";

/** The newest error in a thread, once its run has ended. */
const errorIn = async (rpc: RpcClient, wid: string, thread: string) => {
  await rpc.when("threads", wid, (threads) => threads.some((one) => one.id === thread && one.state === "failed"));
  const { messages } = await rpc.call("thread.page", { thread, before: null, limit: 50 });
  const errors = messages.flatMap((message) => message.parts).flatMap((part) => (part.kind === "error" ? [part] : []));
  return {
    error: errors.at(-1),
    texts: messages.flatMap((message) => message.parts).flatMap((part) => (part.kind === "text" ? [part.text] : [])),
  };
};

const startTalking = async (rpc: RpcClient, wid: string, baseUrl: string) => {
  const { id } = await rpc.call("model.add", {
    kind: "openai-compatible",
    name: "Scripted",
    model: "scripted",
    baseUrl,
    key: "sk-private",
  });
  await rpc.call("model.setDefault", { model: id });
  const thread = await rpc.call("thread.create", { wid });
  await rpc.call("thread.send", { thread: thread.id, text: "Hello" });
  return thread.id;
};

const broken: readonly { what: string; script: ModelScript; retryHelps: boolean }[] = [
  {
    what: "refuses the key",
    script: () => ({ status: 401, body: '{"error":{"message":"bad key sk-private"}}' }),
    retryHelps: false,
  },
  {
    what: "answers with a page of HTML",
    script: () => ({
      status: 200,
      headers: { "content-type": "text/html" },
      body: "<html>Welcome to the hotel wifi</html>",
    }),
    retryHelps: true,
  },
  { what: "sends bytes of no format", script: () => [{ raw: "data: {\u0000\u0001 not json\n\n" }], retryHelps: true },
  { what: "breaks off in the middle", script: () => [{ text: "I was about to say" }, { cut: true }], retryHelps: true },
];

for (const { what, script, retryHelps } of broken) {
  test(`a model that ${what}: the thread says so in a sentence, keeps the message and goes on when it works again`, async ({
    team: { ben, wid },
  }) => {
    let healed = false;
    const model = await startModelServer((index, body) => (healed ? [{ text: "Here I am." }] : script(index, body)));
    const thread = await startTalking(ben.rpc, wid, `${model.url}/v1`);
    const { error, texts } = await errorIn(ben.rpc, wid, thread);
    expect(wordsOf(error?.error)).toMatch(/[.”]$/);
    expect(wordsOf(error?.error)).not.toMatch(/sk-private|\bat \w+ \(|undefined/);
    expect(texts).toContain("Hello");
    expect(error?.retry === true || !retryHelps).toBe(true);
    expect(ben.app.output()).not.toContain("sk-private");
    healed = true;
    await ben.rpc.call("thread.retry", { thread });
    await ben.rpc.when("threads", wid, (threads) => threads.some((one) => one.id === thread && one.state === "idle"));
    const { messages } = await ben.rpc.call("thread.page", { thread, before: null, limit: 50 });
    expect(JSON.stringify(messages)).toContain("Here I am.");
    await model.close();
  });
}

test("a model endpoint that is down: a sentence, and the other threads and tools go on", async ({
  team: { ben, wid, tool },
  world,
}) => {
  const gone = await startModelServer(() => []);
  await gone.close();
  const thread = await startTalking(ben.rpc, wid, `${gone.url}/v1`);
  const listing = await callInNewThread(ben.rpc, wid, tool, "list_directory", { path: world.folder });
  await callBecomes(ben.rpc, listing, ["done"]);
  const { error } = await errorIn(ben.rpc, wid, thread);
  expect(wordsOf(error?.error)).toMatch(/[.”]$/);
  expect(error?.retry).toBe(true);
});

test("a rate-limited model is waited for and asked again, and the person's message is sent once", async ({
  team: { ben, wid },
}) => {
  const model = await startModelServer((index) =>
    index === 0
      ? { status: 429, headers: { "retry-after": "1" }, body: '{"error":{"message":"slow down"}}' }
      : [{ text: "Now." }],
  );
  const thread = await startTalking(ben.rpc, wid, `${model.url}/v1`);
  await expect
    .poll(async () => JSON.stringify(await ben.rpc.call("thread.page", { thread, before: null, limit: 50 })))
    .toMatch(/Now\.|limit/i);
  const threads = await ben.rpc.when("threads", wid, (all) =>
    all.some((one) => one.id === thread && one.state !== "running"),
  );
  if (threads.find((one) => one.id === thread)?.state === "failed") await ben.rpc.call("thread.retry", { thread });
  await expect
    .poll(async () => JSON.stringify(await ben.rpc.call("thread.page", { thread, before: null, limit: 50 })))
    .toContain("Now.");
  const { messages } = await ben.rpc.call("thread.page", { thread, before: null, limit: 50 });
  expect(messages.filter((message) => message.from === "person")).toHaveLength(1);
  await model.close();
});

test("the agent calls a gated tool: its text streams, the thread waits, a rejection's reason reaches it and it goes on", async ({
  team: { ada, ben, wid },
  world,
}) => {
  const model = await startModelServer((index) =>
    index === 0
      ? [
          { text: "I will write it." },
          { call: { name: "filesystem__write_file", args: { path: `${world.folder}/x.txt`, content: "x" } } },
        ]
      : [{ text: "Understood, I stop." }],
  );
  const thread = await startTalking(ben.rpc, wid, `${model.url}/v1`);
  const card = await cardFor(ada.rpc, wid);
  await decide(ada.rpc, wid, card.request, "reject", "Not in this folder.");
  await ben.rpc.when("threads", wid, (threads) => threads.some((one) => one.id === thread && one.state === "idle"));
  expect(model.requests).toHaveLength(2);
  expect(model.requests[1]?.body).toContain("Not in this folder.");
  expect(JSON.stringify(await ben.rpc.call("thread.page", { thread, before: null, limit: 50 }))).toContain(
    "Understood, I stop.",
  );
  await model.close();
});

test("an MCP server that crashes in a call: the call fails in words, the server comes back, other servers never notice", async ({
  team: { ada, ben, wid, tool },
  world,
}) => {
  const ledger = await addServer(
    ada.rpc,
    wid,
    "ledger",
    scriptServer(resolve("test/fixtures/ledger-mcp.mjs"), `${world.dir}/ledger.txt`),
  );
  await acceptServer(ben.rpc, wid, ledger);
  const thread = await callInNewThread(ben.rpc, wid, ledger, "crash", {});
  const card = await cardFor(ada.rpc, wid);
  await decide(ada.rpc, wid, card.request, "approve");
  const call = await callBecomes(ben.rpc, thread, ["failed", "unknown"]);
  expect(wordsOf(call.reason)).toMatch(/[.”]$/);
  const other = await callInNewThread(ben.rpc, wid, tool, "list_directory", { path: world.folder });
  await callBecomes(ben.rpc, other, ["done"]);
  await ben.rpc.when("tools", wid, (view) =>
    view.servers.some((one) => one.id === ledger && one.state === "ready" && one.restarts > 0),
  );
  const look = await callInNewThread(ben.rpc, wid, ledger, "look", {});
  expect((await callBecomes(ben.rpc, look, ["done"])).result?.text).toContain("hello");
});

test("[T29] a tool process is started with the allowed environment only", async ({ world }) => {
  const secret = "BULKHEAD_TEST_CLOUD_KEY";
  process.env[secret] = "very-private";
  process.env["AWS_SECRET_ACCESS_KEY"] = "very-private";
  try {
    const ada = await world.person("Ada");
    const wid = await found(ada.rpc, "Ada", "Harbour", ada.net.url);
    const ledger = await addServer(
      ada.rpc,
      wid,
      "ledger",
      scriptServer(resolve("test/fixtures/ledger-mcp.mjs"), `${world.dir}/ledger.txt`),
    );
    const thread = await callInNewThread(ada.rpc, wid, ledger, "environment", {});
    const names = (await callBecomes(ada.rpc, thread, ["done"])).result?.text.split(" ") ?? [];
    expect(names).toContain("PATH");
    expect(names.filter((name) => /^(BULKHEAD|AWS|NPM|npm)_/.test(name))).toEqual([]);
  } finally {
    delete process.env[secret];
    delete process.env["AWS_SECRET_ACCESS_KEY"];
  }
});
