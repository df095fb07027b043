import type { ServerView, ToolView } from "#bridge/tool.ts";
import type { ToolDef, Workspaces } from "../seams.ts";
import type { DefinitionStore } from "../store/definitions.ts";
import type { ToolServerStore } from "../store/tool-servers.ts";
import { changeView } from "./change-view.ts";
import { toolView } from "./probe.ts";
import { sameReceiver } from "./secrets.ts";
import type { Servers } from "./servers.ts";

/** Builds the servers of the topic `tools`; the composition root adds queues and `mayEdit`. */
export const createServerViews = (deps: {
  readonly servers: Servers;
  readonly store: ToolServerStore;
  readonly definitions: DefinitionStore;
  readonly isUnsteady: (wid: string, server: string, tool: string) => boolean;
  readonly workspaces: () => Workspaces;
}) => {
  const { servers, store } = deps;
  const viewOf = (wid: string, server: string, tool: ToolDef): ToolView => {
    const { effect, rule, own, overruledBy, standing, accepted } = deps
      .workspaces()
      .effectOf(wid, server, tool, deps.isUnsteady(wid, server, tool.name));
    const change = changeView(deps.definitions, wid, server, tool, standing, accepted);
    return toolView(tool, {
      effect,
      rule,
      own,
      overruledBy,
      change,
      accepted: accepted.map((seen) => ({ ...seen, running: seen.schema === tool.schema })),
    });
  };
  return (wid: string): ServerView[] =>
    servers.facts(wid).map(({ entry, state, error, review, tools, restarts }) => ({
      id: entry.id,
      name: entry.name,
      launch: entry.launch,
      addedBy: entry.addedBy,
      state,
      error,
      review,
      filled:
        review !== null && review.before !== null && !sameReceiver(review.before, review.after)
          ? []
          : [...store.values(wid, entry.id).keys()],
      tools: tools.map((tool) => viewOf(wid, entry.id, tool)),
      restarts,
    }));
};
