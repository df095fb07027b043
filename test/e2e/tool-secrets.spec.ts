/** Keys of tool servers: pasted, kept here, filled in by each person for themselves, and changed in place. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { acceptServer, callBecomes, callInNewThread } from "../../scripts/apps/team.ts";
import { canary, findCanaries } from "../helpers/canary.ts";
import type { Source } from "../helpers/canary.ts";
import type { Person, World } from "../helpers/world.ts";
import { expect, test } from "./fixtures.ts";
import { look } from "./look.ts";
import { openPage, section } from "./pages.ts";

const FIXTURE = resolve("test/fixtures/mcp/server.mjs");

const outside = (world: World, others: readonly Person[], nets: readonly Person[]): Source[] => [
  ...world.files(world.server.dataDir),
  { path: "server log", bytes: Buffer.from(world.server.output()) },
  ...others.flatMap(({ name, app }) => [
    ...world.files(app.dataDir),
    { path: `${name}'s log`, bytes: Buffer.from(app.output()) },
  ]),
  ...nets.flatMap(({ name, app, net }) => [
    { path: `${name}'s own log`, bytes: Buffer.from(app.output()) },
    { path: `${name}'s wire`, bytes: net.raw() },
    ...net.messages().map((message, index) => ({ path: `${name}'s message ${index}`, bytes: message.bytes })),
  ]),
];

/** A server at an address that has no tools and writes down what it was asked with. */
const scripted = async (): Promise<{ url: string; heard: { key: string; path: string }[]; close(): void }> => {
  const heard: { key: string; path: string }[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      let text = "";
      for await (const chunk of request) text += String(chunk);
      heard.push({ key: request.headers.authorization ?? "", path: request.url ?? "" });
      const { id, params, method } = JSON.parse(text === "" ? "{}" : text) as {
        id?: number;
        method?: string;
        params?: { protocolVersion: string };
      };
      if (id === undefined) return void response.writeHead(request.method === "POST" ? 202 : 405).end();
      const result =
        method === "initialize"
          ? {
              protocolVersion: params?.protocolVersion,
              capabilities: { tools: {} },
              serverInfo: { name: "x", version: "1" },
            }
          : { tools: [{ name: "look", inputSchema: { type: "object" }, annotations: { readOnlyHint: true } }] };
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify({ jsonrpc: "2.0", id, result }));
    })();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    close: () => void (server.closeAllConnections(), server.close()),
  };
};

/** Reads a pasted text, tries it and adds it as the dialog does. */
const addPasted = async ({ rpc }: Person, wid: string, text: string, shares?: boolean): Promise<string> => {
  const { servers } = await rpc.call("server.parse", { text });
  const [server] = servers;
  if (server === undefined) throw new Error("nothing was read");
  const { tools } = await rpc.call("server.probe", {
    wid,
    name: server.name,
    launch: server.launch,
    values: server.values,
  });
  const effects = Object.fromEntries(tools.map(({ name }) => [name, { kind: "allow" as const }]));
  const { id } = await rpc.call("server.add", {
    wid,
    name: server.name,
    launch: server.launch,
    values: server.values,
    effects,
    ...(shares === undefined ? {} : { shares }),
  });
  await rpc.when("tools", wid, (view) => view.servers.some((one) => one.id === id && one.state === "ready"));
  return id;
};
const accept = async ({ rpc }: Person, wid: string, server: string, values: Record<string, string>): Promise<void> => {
  await rpc.when("tools", wid, (view) => view.servers.some((one) => one.id === server && one.state === "needs-review"));
  await rpc.call("server.accept", { wid, server, values });
  await acceptServer(rpc, wid, server);
};
const argvOf = async ({ rpc }: Person, wid: string, server: string): Promise<string> => {
  const thread = await callInNewThread(rpc, wid, server, "argv", {});
  return JSON.stringify(await callBecomes(rpc, thread, ["done"]));
};

test("[T38] [T29] [T2] keys in arguments, variables, address and headers reach each person's own server and nobody else", async ({
  team: { ada, ben, wid },
  world,
}) => {
  const remote = await scripted();
  const hers = { arg: canary("arg"), env: canary("env"), url: canary("url"), header: canary("header") };
  const his = { arg: canary("bensarg"), env: canary("bensenv"), url: canary("bensurl"), header: canary("bensheader") };

  const process = await addPasted(
    ada,
    wid,
    JSON.stringify({
      mcpServers: {
        mine: {
          command: globalThis.process.execPath,
          args: [FIXTURE, "good", "--key", hers.arg],
          env: { API_KEY: hers.env },
        },
      },
    }),
  );
  const address = await addPasted(
    ada,
    wid,
    JSON.stringify({
      mcpServers: {
        far: { url: `${remote.url}/mcp?api_key=${hers.url}`, headers: { Authorization: `Bearer ${hers.header}` } },
      },
    }),
  );
  const review = (await ben.rpc.when("tools", wid, (view) => view.servers.length === 3)).servers.find(
    ({ id }) => id === process,
  )?.review;
  expect(JSON.stringify(review)).toContain("--key");
  await accept(ben, wid, process, { KEY: his.arg, API_KEY: his.env });
  await accept(ben, wid, address, { API_KEY: his.url, AUTHORIZATION: his.header });

  expect(await argvOf(ada, wid, process)).toContain(hers.arg);
  expect(await argvOf(ben, wid, process)).toContain(his.arg);
  for (const mine of [hers, his])
    expect(remote.heard).toContainEqual({ key: `Bearer ${mine.header}`, path: `/mcp?api_key=${mine.url}` });

  await ada.rpc.call("server.accept", { wid, server: process, values: { KEY: canary("next") } });
  const refused: unknown = await ada.rpc
    .call("server.add", {
      wid,
      name: "x",
      launch: { kind: "http", url: `${remote.url}/?token=${hers.url}`, headers: [], vars: [] },
      values: {},
      effects: {},
    })
    .catch((error: unknown) => error);
  expect(String(refused)).toContain("keep this for good");

  const places = outside(world, [ben], [ada]);
  expect(places.length).toBeGreaterThan(20);
  expect(findCanaries(places, Object.values(hers))).toEqual([]);
  expect(findCanaries(outside(world, [ada], [ben]), Object.values(his))).toEqual([]);

  // The scan can see: shared on purpose, the same kind of word is with the server and with Ben.
  const planted = canary("planted");
  const { rpc } = ada;
  const launch = { kind: "http" as const, url: `${remote.url}/mcp?token=${planted}`, headers: [], vars: [] };
  await rpc.call("server.add", { wid, name: "shared", launch, values: {}, effects: {}, shares: true });
  await ben.rpc.when("tools", wid, (view) => view.servers.some(({ name }) => name === "shared"));
  const found = findCanaries(outside(world, [ben], [ada]), [planted]).join("\n");
  for (const place of [world.server.dataDir, ben.app.dataDir, "Ada's message"]) expect(found).toContain(place);
  remote.close();
});

const lookAt = async (page: Page, name: string): Promise<void> => {
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await look(page, name, theme);
  }
};

test("[T38] the dialog says what stays here, a teammate fills in their own, and a value is changed in place", async ({
  team: { ada, ben, wid },
  browser,
}) => {
  const page = await openPage(browser, ada.app);
  await section(page, "Tools").click();
  await page.getByRole("button", { name: "Add server" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Add a tool server" });
  await dialog
    .getByRole("textbox", { name: "Command or mcpServers JSON" })
    .fill(`"${process.execPath}" "${FIXTURE}" good --key example-key`);
  await dialog.getByRole("button", { name: "Read" }).click();
  await expect(dialog).toContainText("The value of --key stays on this computer; teammates fill in their own.");
  await expect(dialog.getByRole("region", { name: "Command" })).toContainText("${KEY}");
  await expect(dialog.getByRole("textbox", { name: "KEY" })).toHaveValue("example-key");
  await dialog.getByRole("textbox", { name: "Server name" }).fill("ghp_0123456789abcdef");
  await lookAt(page, "add-server-value");
  await dialog.getByRole("button", { name: "Start and list tools" }).click();
  await dialog.getByRole("button", { name: "Add server" }).click();
  await expect(dialog.getByRole("alert")).toContainText("The whole team and the server would keep this for good");
  await expect(dialog.getByRole("button", { name: "It is no secret: share it" })).toBeInViewport();
  await lookAt(page, "add-server-secret");
  await dialog.getByRole("button", { name: "It is no secret: share it" }).click();
  await expect(dialog).toBeHidden();

  const { servers } = await ben.rpc.when("tools", wid, (view) =>
    view.servers.some(({ name }) => name.startsWith("ghp_")),
  );
  const id = servers.find(({ name }) => name.startsWith("ghp_"))?.id ?? "";
  await ada.rpc.call("policy.change", {
    wid,
    base: (await ada.rpc.when("policy", wid, () => true)).base,
    changes: [{ kind: "effects", server: id, effects: { argv: { kind: "allow" } } }],
  });

  const bens = await openPage(browser, ben.app);
  await section(bens, "Tools").click();
  await bens.setViewportSize({ width: 600, height: 800 });
  const server = bens.getByRole("region", { name: "ghp_0123456789abcdef" });
  await expect(server).toContainText("Each person's own");
  await lookAt(bens, "review-values-narrow");
  await server.getByRole("button", { name: "Accept and start" }).click();
  await expect(server.getByRole("alert")).toContainText("needs a value for KEY");
  await server.getByRole("button", { name: "Change values…" }).click();
  const change = bens.getByRole("dialog", { name: "Values of ghp_0123456789abcdef" });
  await change.getByRole("textbox", { name: "KEY" }).fill("bens-first-key");
  await lookAt(bens, "change-values-narrow");
  await change.getByRole("button", { name: "Save and restart" }).click();
  await expect(server).toContainText("Ready");

  expect(await argvOf(ben, wid, id)).toContain("bens-first-key");
  await server.getByRole("button", { name: /^Actions for/ }).click();
  await bens.getByRole("menuitem", { name: "Change values…" }).click();
  await change.getByRole("textbox", { name: "KEY" }).fill("bens-rotated-key");
  await change.getByRole("button", { name: "Save and restart" }).click();
  // Between its two lives nothing can be called.
  await expect.poll(() => argvOf(ben, wid, id).catch(String)).toContain("bens-rotated-key");
});
