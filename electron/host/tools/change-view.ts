/** A tool that is not as the team accepted it, as people compare it: its definition before and now, indented. */
import type { ToolView } from "#bridge/tool.ts";
import type { DefinitionStore } from "../store/definitions.ts";
import type { AcceptedDefinition, ToolDef, ToolStanding } from "../seams.ts";

/** Characters of a definition that are sent to a window. */
const SHOWN_MAX = 16_384;

export const changeView = (
  store: DefinitionStore,
  wid: string,
  server: string,
  tool: ToolDef,
  standing: ToolStanding,
  accepted: readonly AcceptedDefinition[],
): ToolView["change"] => {
  if (standing === "accepted") return null;
  const before = accepted.toReversed().flatMap((seen) => {
    const text = seen.schema === tool.schema ? null : store.textOf(wid, server, tool.name, seen.schema);
    return text === null ? [] : [{ text: shown(text), by: seen.by, at: seen.at }];
  })[0];
  return { kind: standing, schema: tool.schema, before: before ?? null, now: shown(tool.definition) };
};

const shown = (json: string): string => {
  const text = JSON.stringify(JSON.parse(json), null, 2);
  return text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX)}\n… ${text.length - SHOWN_MAX} more characters`;
};
