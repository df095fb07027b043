/**
 * What one change costs where members are 51, tools 200, waiting cards and threads 500: bytes to a window that watches all of
 * it, and time of the agent host. Beside it how large each value, or all rows of a list, is as a whole.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { addServer, decide, found, invite, scriptServer } from "../../scripts/apps/team.ts";
import { openWorld, type Person } from "../helpers/world.ts";
import { crowd } from "./crowd.ts";
import { costsOf, rowsOf } from "./lists.ts";
import { measured, type Measured } from "./measure.ts";

const TOOLS = 200;
const THREADS = 500;
const ROUNDS = 20;

/** An MCP server that lists many tools, each with a schema of some size, and calls none. */
const manyTools = (count: number): string => `
import { createInterface } from "node:readline";
const properties = Object.fromEntries(Array.from({ length: 8 }, (_, n) => ["field_" + n, { type: "string", description: "What stands in the field of this number, in some words." }]));
const tools = Array.from({ length: ${count} }, (_, n) => ({ name: "tool_" + n, description: "Does what the tool of this number does, in some words. ".repeat(3), inputSchema: { type: "object", properties } }));
const answers = { initialize: { protocolVersion: "2025-06-18", capabilities: { tools: {} }, serverInfo: { name: "many", version: "1" } }, "tools/list": { tools }, ping: {} };
createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method } = JSON.parse(line);
  if (id !== undefined) process.stdout.write(JSON.stringify({ jsonrpc: "2.0", id, result: answers[method] ?? {} }) + "\\n");
});
`;

/** All that windows watch of a workspace at once, as no page does. */
const WATCHED = ["team", "tools", "policy", "invites", "arrivals", "audit", "status", "cards", "threads"] as const;

export const changes = async (): Promise<Measured[]> => {
  const world = await openWorld();
  try {
    const ada = await world.person("Ada");
    const wid = await found(ada.rpc, "Ada", "Harbour", ada.net.url);
    const script = join(world.dir, "many.mjs");
    writeFileSync(script, manyTools(TOOLS));
    const server = await addServer(ada.rpc, wid, "many", scriptServer(script));
    const asked = await crowd(world.dir, ada, wid);
    await ada.rpc.when("team", wid, (team) => team.members.length > 50);
    const threads: string[] = [];
    for (let n = 0; n < THREADS; n++) threads.push((await ada.rpc.call("thread.create", { wid })).id);
    await ada.rpc.when("app", null, () => true);
    const wholes: Measured[] = [];
    for (const topic of WATCHED) {
      const value = await ada.rpc.when(topic, wid, () => true);
      wholes.push(measured(`all of ${topic}`, JSON.stringify(value).length / 1_000, "kB", 1));
    }
    const acts = actsOf(ada, { wid, server, asked, threads });
    const rows: Measured[] = [];
    for (const [name, act] of Object.entries(acts)) rows.push(...rowsOf(name, await costsOf(ada, ROUNDS, act)));
    return [...wholes, ...rows];
  } finally {
    await world.close();
  }
};

interface Harbour {
  readonly wid: string;
  readonly server: string;
  readonly asked: readonly string[];
  readonly threads: readonly string[];
}
const actsOf = (
  { rpc }: Person,
  { wid, server, asked, threads }: Harbour,
): Record<string, (round: number) => Promise<unknown>> => ({
  "a role given": async (round) => {
    const { members } = await rpc.when("team", wid, () => true);
    const member = members.filter(({ me }) => !me)[round]?.id ?? "";
    return rpc.call("member.setRole", { wid, member, role: "approver" });
  },
  "a tool's rule changed": async (round) => {
    const { base } = await rpc.when("policy", wid, () => true);
    const change = { kind: "effects", server, effects: { [`tool_${round}`]: { kind: "deny" } } } as const;
    await rpc.call("policy.change", { wid, changes: [change], base });
    // The next one is made from what is then there.
    await rpc.when("policy", wid, (policy) => policy.base !== base);
  },
  "an invite made": () => invite(rpc, wid),
  "a vote": (round) => decide(rpc, wid, asked[round * 7] ?? "", "approve"),
  "a thread renamed": (round) =>
    rpc.call("thread.rename", { thread: threads[round * 3] ?? "", title: `Another title, number ${round}` }),
});
