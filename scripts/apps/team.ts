/** What people do with their apps, in words of the RPC: found a workspace, add a tool, invite, join, ask, decide. */
import { resolve } from "node:path";
import type { CardSummary } from "#bridge/card.ts";
import type { Effect } from "#bridge/policy.ts";
import type { Launch } from "#bridge/tool.ts";
import { factWords } from "#text/facts.ts";
import { ROOT } from "../check/step.ts";
import { RpcRefusal } from "./rpc-calls.ts";
import { WAIT_MS } from "./rpc-client.ts";
import type { RpcClient } from "./rpc-client.ts";

/** A Node script as an MCP server. */
export const scriptServer = (script: string, ...args: string[]): Launch => ({
  kind: "stdio",
  command: process.execPath,
  args: [script, ...args],
  env: [],
  vars: [],
});

/** Command line of the real filesystem MCP server on one folder. */
export const filesystemServer = (folder: string): Launch =>
  scriptServer(resolve(ROOT, "node_modules/@modelcontextprotocol/server-filesystem/dist/index.js"), folder);

/** Names the person and founds a workspace on the server at `url`. Answers the workspace's id. */
export const found = async (client: RpcClient, person: string, workspace: string, url: string): Promise<string> => {
  await client.call("profile.set", { name: person });
  const { wid } = await client.call("workspace.create", { name: workspace, server: { kind: "url", url } });
  await client.when("status", wid, (status) => status.link === "in-sync");
  return wid;
};

/** Adds the filesystem server: reading is allowed, everything else asks the first queue. Answers the server's id. */
export const addFilesystem = (client: RpcClient, wid: string, folder: string): Promise<string> =>
  addServer(client, wid, "filesystem", filesystemServer(folder));

/** Adds any server by its command: tools that only read are allowed, the others ask the first queue. */
export const addServer = async (client: RpcClient, wid: string, name: string, launch: Launch): Promise<string> => {
  const { tools } = await client.call("server.probe", { wid, name, launch, values: {} });
  const { queues } = await client.when("tools", wid, (view) => view.queues.length > 0);
  const ask: Effect = { kind: "ask", queue: queues[0]?.id ?? "" };
  const effects = Object.fromEntries(
    tools.map((tool): [string, Effect] => [tool.name, tool.readOnly ? { kind: "allow" } : ask]),
  );
  const { id } = await client.call("server.add", { wid, name, launch, values: {}, effects });
  await toolsReady(client, wid, id);
  return id;
};

/** Accepts the server's command on this computer where that is still asked, and waits until its tools can be called. */
export const acceptServer = async (client: RpcClient, wid: string, server: string): Promise<void> => {
  const view = await client.when("tools", wid, (tools) =>
    tools.servers.some((one) => one.id === server && one.state !== "stopped"),
  );
  if (view.servers.find((one) => one.id === server)?.state === "needs-review")
    await client.call("server.accept", { wid, server, values: {} });
  await toolsReady(client, wid, server);
};

const toolsReady = (client: RpcClient, wid: string, server: string) =>
  client.when("tools", wid, (view) =>
    view.servers.some((one) => one.id === server && one.state === "ready" && one.tools.length > 0),
  );

export interface InviteWish {
  readonly role?: string;
  readonly uses?: number;
  readonly expiresInMs?: number;
}

/** Makes an invite; answers its id and its web link. */
export const invite = async (
  client: RpcClient,
  wid: string,
  wish: InviteWish = {},
): Promise<{ id: string; link: string; appLink: string }> => {
  const made = await client.call("invite.create", {
    wid,
    role: wish.role ?? "member",
    label: "test",
    uses: wish.uses ?? 1,
    expiresInMs: wish.expiresInMs ?? 3_600_000,
  });
  if (made.link === null || made.appLink === null)
    throw new Error("The invite has no link on the computer that made it.");
  return { id: made.id, link: made.link, appLink: made.appLink };
};

export const join = async (client: RpcClient, person: string, link: string): Promise<string> => {
  await client.call("profile.set", { name: person });
  const { wid } = await client.call("invite.join", { link });
  await client.when("status", wid, (status) => status.link === "in-sync");
  return wid;
};

/** Calls a tool from the composer of a new thread; answers the thread. The call itself goes on. */
export const callInNewThread = async (
  client: RpcClient,
  wid: string,
  server: string,
  tool: string,
  args: unknown,
): Promise<string> => {
  const thread = await client.call("thread.create", { wid });
  await client.call("thread.callTool", { thread: thread.id, server, tool, args: JSON.stringify(args) });
  return thread.id;
};

/** Every call in a thread, as its messages show them. */
export const callsOf = async (client: RpcClient, thread: string) => {
  const { messages } = await client.call("thread.page", { thread, before: null, limit: 200 });
  return messages.flatMap((message) => message.parts).flatMap((part) => (part.kind === "call" ? [part.call] : []));
};

type CallNow = Awaited<ReturnType<typeof callsOf>>[number];

/** Waits until the newest call of a thread is in one of the states. */
export const callBecomes = async (
  client: RpcClient,
  thread: string,
  states: readonly CallNow["state"][],
): Promise<CallNow> => {
  const until = Date.now() + WAIT_MS;
  let last: CallNow | undefined;
  while (Date.now() < until) {
    // Between two lives of the agent host there is nobody to answer.
    last = (await callsOf(client, thread).catch(whileAway))?.at(-1) ?? last;
    if (last !== undefined && states.includes(last.state)) return last;
    await new Promise((done) => setTimeout(done, 40));
  }
  const reason = last?.reason ?? null;
  throw new Error(
    `The call stayed ${last?.state ?? "absent"} (${reason === null ? "no reason" : factWords(reason)}), not ${states.join(" or ")}.`,
  );
};

const whileAway = (error: unknown): undefined => {
  if (!(error instanceof RpcRefusal) || !error.code.startsWith("host-")) throw error;
};

/** Waits for a pending card that `wanted` holds for. */
export const cardFor = async (
  client: RpcClient,
  wid: string,
  wanted: (card: CardSummary) => boolean = () => true,
): Promise<CardSummary> => {
  const cards = await client.when("cards", wid, (all) => all.some((card) => card.state === "pending" && wanted(card)));
  const found = cards.find((card) => card.state === "pending" && wanted(card));
  if (found === undefined) throw new Error("The card went away.");
  return found;
};

/** Decides in the approval window, as a person does. */
export const decide = async (
  client: RpcClient,
  wid: string,
  request: string,
  vote: "approve" | "reject",
  note = "",
): Promise<void> => {
  const popup = await client.popup(wid, request);
  try {
    await popup.call("card.get", { wid, request });
    await popup.call("card.decide", { wid, request, vote, note });
  } finally {
    popup.close();
  }
};
