import { tells, worded, wordsOf } from "../../../helpers/worded.ts";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Server as McpServer } from "@modelcontextprotocol/sdk/server/index.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { expect, onTestFinished, test } from "vitest";
import { freePort } from "../../../../electron/shell/free-port.ts";
import { mayHaveRun } from "../../../../electron/host/tools/run-call.ts";
import { makeRoom, until } from "./room.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

const listen = async (handler: Handler): Promise<{ url: string }> => {
  const http = createServer((request, response) => void handler(request, response));
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void (http.closeAllConnections(), http.close()));
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp` };
};

/** A stateless server of the SDK, answering as JSON or as an event stream. */
const mcp =
  (asJson: boolean): Handler =>
  (request, response) => {
    const server = new McpServer({ name: "remote", version: "1" }, { capabilities: { tools: {} } });
    server.setRequestHandler(ListToolsRequestSchema, () => ({
      tools: [{ name: "say", inputSchema: { type: "object" as const }, annotations: { readOnlyHint: true } }],
    }));
    server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
      const { text, bytes } = params.arguments as { text?: string; bytes?: number };
      return { content: [{ type: "text", text: text ?? "x".repeat(bytes ?? 0) }] };
    });
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: asJson });
    response.on("close", () => void server.close());
    void server
      .connect(transport as Parameters<McpServer["connect"]>[0])
      .then(() => transport.handleRequest(request, response));
  };

test.each([true, false])("a server at an address lists and runs its tools (answers as JSON: %s)", async (asJson) => {
  const { url } = await listen(mcp(asJson));
  const room = makeRoom();
  room.run({ kind: "http", url, headers: [], vars: [] });
  await room.isIn("ready");
  expect(room.view()?.tools.map(({ name }) => name)).toEqual(["say"]);
  expect(await room.call("say", { text: "from afar" })).toMatchObject({ ok: true, text: "from afar" });
});

test("[T19] an answer of 20 MB is told as an answer, and the connection goes on", async () => {
  const { url } = await listen(mcp(true));
  const room = makeRoom();
  room.run({ kind: "http", url, headers: [], vars: [] });
  await room.isIn("ready");
  const { error } = await room.call("say", { bytes: 20 * 1_048_576 });
  expect([error?.code, mayHaveRun(error?.code ?? "")]).toEqual(["tool-ran-unread", false]);
  expect(wordsOf(error)).toContain("The call was made and is over");
  expect(await room.call("say", { text: "again" })).toMatchObject({ ok: true, text: "again" });
  expect(room.view()?.restarts).toBe(0);
});

test("20 MB in one line of a stream are cut off by name, and the server is connected again", async () => {
  const { url } = await listen(mcp(false));
  const room = makeRoom();
  room.run({ kind: "http", url, headers: [], vars: [] });
  await room.isIn("ready");
  expect((await room.call("say", { bytes: 20 * 1_048_576 })).error).toEqual(tells("tool-output-too-large"));
  await until("it is connected again", () => room.view()?.state === "ready" && room.view()?.restarts === 1);
  expect(await room.call("say", { text: "again" })).toMatchObject({ ok: true, text: "again" });
});

/** A server that knows its connections by a name, and forgets them when told. */
const stateful = () => {
  const known = new Map<string, StreamableHTTPServerTransport>();
  const ran: string[] = [];
  const gets: number[] = [];
  let greetings = 0;
  let forgetsCalls = false;
  const handler: Handler = async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const body: unknown = text === "" ? undefined : JSON.parse(text);
    if (forgetsCalls && text.includes('"tools/call"')) known.clear();
    const session = request.headers["mcp-session-id"];
    if (request.method === "GET") {
      gets.push(404);
      return void response.writeHead(404).end();
    }
    const transport = typeof session === "string" ? known.get(session) : undefined;
    if (typeof session === "string" && transport === undefined)
      return void response
        .writeHead(404, { "content-type": "application/json" })
        .end('{"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"Session not found"}}');
    if (transport !== undefined) return void transport.handleRequest(request, response, body);
    greetings += 1;
    const fresh = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => `s${greetings}`,
      enableJsonResponse: true,
      onsessioninitialized: (id) => void known.set(id, fresh),
    });
    const server = new McpServer({ name: "remote", version: "1" }, { capabilities: { tools: {} } });
    server.setRequestHandler(ListToolsRequestSchema, () => ({
      tools: [
        { name: "say", inputSchema: { type: "object" as const } },
        { name: "slow", inputSchema: { type: "object" as const } },
      ],
    }));
    server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
      ran.push(params.name);
      if (params.name === "slow") await new Promise(() => undefined);
      return { content: [{ type: "text", text: "done" }] };
    });
    void server
      .connect(fresh as Parameters<McpServer["connect"]>[0])
      .then(() => fresh.handleRequest(request, response, body));
  };
  return {
    handler,
    ran,
    gets,
    greetings: () => greetings,
    forget: () => known.clear(),
    forgetCalls: () => (forgetsCalls = true),
  };
};

test("[T19] a connection that the server forgot is made anew and the call sent again, once: it ran once", async () => {
  const remote = stateful();
  const { url } = await listen(remote.handler);
  const room = makeRoom();
  room.run({ kind: "http", url, headers: [], vars: [] });
  await room.isIn("ready");
  remote.forget();
  expect(await room.call("say")).toMatchObject({ ok: true, text: "done" });
  expect([remote.ran, remote.greetings()]).toEqual([["say"], 2]);
});

test("[T19] of two calls on a connection that the server forgets, the one that it had taken is not sent again", async () => {
  const remote = stateful();
  const { url } = await listen(remote.handler);
  const room = makeRoom();
  room.run({ kind: "http", url, headers: [], vars: [] });
  await room.isIn("ready");
  const slow = room.call("slow");
  await until("it has begun", () => remote.ran.length === 1);
  remote.forget();
  expect(await room.call("say")).toMatchObject({ ok: true });
  const taken = await slow;
  expect([taken.error?.code, mayHaveRun(taken.error?.code ?? ""), wordsOf(taken.error)]).toEqual([
    "tool-may-have-run",
    true,
    expect.stringContaining("may or may not"),
  ]);
  expect(remote.ran).toEqual(["slow", "say"]);
});

test("[T19] a server that forgets every connection at once is asked twice at most, and the words say that nothing was called", async () => {
  const remote = stateful();
  remote.forgetCalls();
  const { url } = await listen(remote.handler);
  const room = makeRoom();
  room.run({ kind: "http", url, headers: [], vars: [] });
  await room.isIn("ready");
  const result = await room.call("say");
  expect([result.error?.code, mayHaveRun(result.error?.code ?? "")]).toEqual(["tool-did-not-run", false]);
  expect(wordsOf(result.error)).toMatch(/Nothing was called\.$/);
  expect(remote.ran).toEqual([]);
});

test("a server that has no stream of its own and says 404 to it is used like any other", async () => {
  const remote = stateful();
  const { url } = await listen(remote.handler);
  const room = makeRoom();
  room.run({ kind: "http", url, headers: [], vars: [] });
  await room.isIn("ready");
  await until("it was asked for a stream", () => remote.gets.length > 0);
  expect(await room.call("say")).toMatchObject({ ok: true });
  expect(room.view()).toMatchObject({ state: "ready", restarts: 0, error: null });
});

test("an address at which there is no server is named as such", async () => {
  const { url } = await listen((_request, response) => void response.writeHead(404).end());
  const room = makeRoom({ limits: { quickCrashes: 0 } });
  room.run({ kind: "http", url, headers: [], vars: [] });
  await room.isIn("failed");
  expect(wordsOf(room.view()?.error)).toContain("no tool server at this address");
});

test("a server that wants a sign-in fails at once, by name", async () => {
  const { url } = await listen(
    (_request, response) => void response.writeHead(401, { "www-authenticate": "Bearer" }).end(),
  );
  const room = makeRoom();
  room.run({ kind: "http", url, headers: [], vars: [] });
  await room.isIn("failed");
  expect(room.view()).toMatchObject({ restarts: 0, error: { code: "tool-server-auth" } });
});

test("an address where nobody listens is tried again a few times and then named", async () => {
  const room = makeRoom({ limits: { quickCrashes: 1, backoffFirst: 10 } });
  room.run({ kind: "http", url: `http://127.0.0.1:${await freePort()}/mcp`, headers: [], vars: [] });
  await room.isIn("failed");
  expect(room.view()).toMatchObject({
    restarts: 1,
    error: worded(/^Nobody answers at .* It was tried 2 times and is not tried again by itself/),
  });
});

test("a page that is no MCP server is named", async () => {
  const { url } = await listen(
    (_request, response) => void response.writeHead(200, { "content-type": "text/html" }).end("<h1>hello</h1>"),
  );
  const room = makeRoom({ limits: { quickCrashes: 0 } });
  room.run({ kind: "http", url, headers: [], vars: [] });
  await room.isIn("failed");
  expect(wordsOf(room.view()?.error)).toContain("does not follow the protocol");
});

test("a redirect to another host is not followed, so no argument travels there", async () => {
  let reached = 0;
  const other = await listen((_request, response) => {
    reached += 1;
    response.writeHead(500).end();
  });
  const { url } = await listen((_request, response) => void response.writeHead(307, { location: other.url }).end());
  const room = makeRoom({ limits: { quickCrashes: 0 } });
  room.run({ kind: "http", url, headers: [], vars: [] });
  await room.isIn("failed");
  expect(reached).toBe(0);
});
