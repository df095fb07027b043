import type { ServerView } from "#bridge/views.ts";
import type { Workspaces } from "../seams.ts";
import type { ToolServerStore } from "../store/tool-servers.ts";
import { toolView } from "./probe.ts";
import { sameReceiver } from "./secrets.ts";
import type { Servers } from "./servers.ts";

/** Builds the servers of the topic `tools`; the composition root adds queues and `mayEdit`. */
export const createServerViews = (deps: { readonly servers: Servers; readonly store: ToolServerStore; readonly workspaces: () => Workspaces }) => {
  const { servers, store } = deps;
  return (wid: string): ServerView[] =>
    servers.facts(wid).map(({ entry, state, error, review, tools, restarts }) => ({
      id: entry.id,
      name: entry.name,
      launch: entry.launch,
      addedBy: entry.addedBy,
      state,
      error: error === null ? null : { code: error.code, message: error.message },
      review,
      filled: review !== null && review.before !== null && !sameReceiver(review.before, review.after) ? [] : [...store.values(wid, entry.id).keys()],
      tools: tools.map((tool) => toolView(tool, deps.workspaces().effectOf(wid, entry.id, tool))),
      restarts,
    }));
};
