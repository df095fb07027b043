/** What one change costs where the team and its tools are many: bytes to a window that shows both, and time of the agent host. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { addServer, found, scriptServer } from "../../scripts/apps/team.ts";
import { openWorld } from "../helpers/world.ts";
import { crowd } from "./crowd.ts";
import { costsOf, rowsOf } from "./lists.ts";
import type { Measured } from "./measure.ts";

const TOOLS = 200;
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

export const changes = async (): Promise<Measured[]> => {
  const world = await openWorld();
  try {
    const ada = await world.person("Ada");
    const wid = await found(ada.rpc, "Ada", "Harbour", ada.net.url);
    const script = join(world.dir, "many.mjs");
    writeFileSync(script, manyTools(TOOLS));
    const server = await addServer(ada.rpc, wid, "many", scriptServer(script));
    await crowd(world.dir, ada, wid);
    await ada.rpc.when("team", wid, (team) => team.members.length > 50);
    for (const topic of ["tools", "policy", "invites", "arrivals", "audit", "status"] as const)
      await ada.rpc.when(topic, wid, () => true);
    const team = await ada.rpc.when("team", wid, () => true);
    const others = team.members.filter(({ me }) => !me);
    const roles = await costsOf(ada, ROUNDS, (index) =>
      ada.rpc.call("member.setRole", { wid, member: others[index]?.id ?? "", role: "approver" }),
    );
    const rules = await costsOf(ada, ROUNDS, async (index) => {
      const { base } = await ada.rpc.when("policy", wid, () => true);
      const change = { kind: "effects", server, effects: { [`tool_${index}`]: { kind: "deny" } } } as const;
      await ada.rpc.call("policy.change", { wid, changes: [change], base });
    });
    const size = `${team.members.length} members and ${TOOLS} tools`;
    return [...rowsOf(`a role given among ${size}`, roles), ...rowsOf(`a tool's rule changed among ${size}`, rules)];
  } finally {
    await world.close();
  }
};
