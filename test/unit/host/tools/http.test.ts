import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Server as McpServer } from "@modelcontextprotocol/sdk/server/index.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { expect, onTestFinished, test } from "vitest";
import { freePort } from "../../../../electron/main/free-port.ts";
import { makeRoom, until } from "./room.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const listen = async (handler: Handler): Promise<{ url: string }> => {
  const http = createServer(handler);
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void (http.closeAllConnections(), http.close()));
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp` };
};

/** A stateless server of the SDK, answering as JSON or as an event stream. */
const mcp = (asJson: boolean): Handler => (request, response) => {
  const server = new McpServer({ name: "remote", version: "1" }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [{ name: "say", inputSchema: { type: "object" as const }, annotations: { readOnlyHint: true } }] }));
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
    const { text, bytes } = params.arguments as { text?: string; bytes?: number };
    return { content: [{ type: "text", text: text ?? "x".repeat(bytes ?? 0) }] };
  });
  const transport = new StreamableHTTPServerTransport({ enableJsonResponse: asJson });
  response.on("close", () => void server.close());
  void server.connect(transport as Parameters<McpServer["connect"]>[0]).then(() => transport.handleRequest(request, response));
};

test.each([true, false])("a server at an address lists and runs its tools (answers as JSON: %s)", async (asJson) => {
  const { url } = await listen(mcp(asJson));
  const room = makeRoom();
  room.run({ kind: "http", url, headers: [], vars: [] });
  await room.isIn("ready");
  expect(room.view()?.tools.map(({ name }) => name)).toEqual(["say"]);
  expect(await room.call("say", { text: "from afar" })).toMatchObject({ ok: true, text: "from afar" });
});

test.each([true, false])("an answer of 20 MB is cut off by name, and the server is connected again (answers as JSON: %s)", async (asJson) => {
  const { url } = await listen(mcp(asJson));
  const room = makeRoom();
  room.run({ kind: "http", url, headers: [], vars: [] });
  await room.isIn("ready");
  expect((await room.call("say", { bytes: 20 * 1_048_576 })).error?.code).toBe("tool-output-too-large");
  await until("it is connected again", () => room.view()?.state === "ready" && room.view()?.restarts === 1);
  expect(await room.call("say", { text: "again" })).toMatchObject({ ok: true, text: "again" });
});

test("a server that wants a sign-in fails at once, by name", async () => {
  const { url } = await listen((_request, response) => void response.writeHead(401, { "www-authenticate": "Bearer" }).end());
  const room = makeRoom();
  room.run({ kind: "http", url, headers: [], vars: [] });
  await room.isIn("failed");
  expect(room.view()).toMatchObject({ restarts: 0, error: { code: "tool-server-auth" } });
});

test("an address where nobody listens is tried again a few times and then named", async () => {
  const room = makeRoom({ limits: { quickCrashes: 1, backoffFirst: 10 } });
  room.run({ kind: "http", url: `http://127.0.0.1:${await freePort()}/mcp`, headers: [], vars: [] });
  await room.isIn("failed");
  expect(room.view()).toMatchObject({ restarts: 1, error: { message: expect.stringContaining("cannot be reached") } });
});

test("a page that is no MCP server is named", async () => {
  const { url } = await listen((_request, response) => void response.writeHead(200, { "content-type": "text/html" }).end("<h1>hello</h1>"));
  const room = makeRoom({ limits: { quickCrashes: 0 } });
  room.run({ kind: "http", url, headers: [], vars: [] });
  await room.isIn("failed");
  expect(room.view()?.error?.message).toContain("does not follow the protocol");
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
