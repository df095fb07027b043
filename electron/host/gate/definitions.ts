/** Whether a running tool is what the team accepted. Asked by the gate before every call and by the screen that shows tools. */
import type { ServerId } from "#core/protocol/ids.ts";
import { DEFINITIONS_MAX } from "#core/rules/policy.ts";
import type { ReadLog } from "#core/rules/read.ts";
import type { Accepted } from "#core/rules/state.ts";
import type { ToolDef, ToolStanding } from "../seams.ts";

export const acceptedOf = (log: ReadLog, server: string, tool: string): readonly Accepted[] =>
  log.servers.get(server as ServerId)?.tools.find(({ name }) => name === tool)?.accepted ?? [];

/** `unsteady`: it changed too often on this computer. A tool whose set of accepted definitions is full is no steadier (TD3). */
export const toolStanding = (
  log: ReadLog,
  server: string,
  { name, schema }: Pick<ToolDef, "name" | "schema">,
  unsteady: boolean,
): ToolStanding => {
  const known = log.servers.get(server as ServerId)?.tools.some((tool) => tool.name === name) === true;
  const accepted = acceptedOf(log, server, name);
  if (!known) return "new";
  if (!accepted.some((seen) => seen.schema === schema)) return "changed";
  return unsteady || accepted.length >= DEFINITIONS_MAX ? "unsteady" : "accepted";
};
