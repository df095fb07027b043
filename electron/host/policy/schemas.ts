import type { Tools } from "../seams.ts";
import type { Schemas } from "./rule-judge.ts";

/** What the servers that run on this computer say of their tools' arguments. */
export const schemasOf =
  (tools: Pick<Tools, "find">, wid: string): Schemas =>
  (server, tool) =>
    tools.find(wid, server, tool)?.def.inputSchema ?? null;
