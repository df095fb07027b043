/** The list behind `/` in the composer. Pure. */
import type { QueueView } from "#bridge/policy.ts";
import type { ServerView, ToolView, ToolsView } from "#bridge/tool.ts";

export interface ToolChoice {
  readonly server: ServerView;
  readonly tool: ToolView;
  readonly path: string;
}

/** Tools that can be called now. */
export const readyTools = (tools: ToolsView | undefined): ToolChoice[] =>
  (tools?.servers ?? [])
    .filter((server) => server.state === "ready")
    .flatMap((server) => server.tools.map((tool) => ({ server, tool, path: `${server.name}.${tool.name}` })));

/** Whether the server is on its way up, or is not known yet. */
export const isRising = (tools: ToolsView | undefined, server: string): boolean =>
  tools === undefined ||
  tools.servers.some(({ id, state }) => id === server && (state === "starting" || state === "restarting"));

/** Those whose name holds every word typed; names that begin with it come first. */
export const matching = (choices: readonly ToolChoice[], typed: string): ToolChoice[] => {
  const words = typed
    .toLowerCase()
    .split(/[\s/]+/)
    .filter((word) => word !== "");
  const hits = choices.filter((choice) => words.every((word) => choice.path.toLowerCase().includes(word)));
  const first = words[0] ?? "";
  const rank = (choice: ToolChoice) =>
    choice.tool.name.toLowerCase().startsWith(first) ? 0 : choice.path.toLowerCase().startsWith(first) ? 1 : 2;
  return hits.sort((a, b) => rank(a) - rank(b));
};

/**
 * The place that Enter takes while the list is open, or null where it sends the text: the one that the person moved to,
 * or else the first, where one word was typed and that tool's name begins with it or it alone is left.
 */
export const picked = (choices: readonly ToolChoice[], typed: string, moved: number | null): number | null => {
  if (choices.length === 0) return null;
  if (moved !== null) return Math.min(moved, choices.length - 1);
  if (typed === "" || /[\s/]/.test(typed)) return null;
  const word = typed.toLowerCase();
  const first = choices[0];
  const clear =
    choices.length === 1 ||
    first?.tool.name.toLowerCase().startsWith(word) === true ||
    (word.includes(".") && first?.path.toLowerCase().startsWith(word) === true);
  return clear ? 0 : null;
};

export const queueName = (queues: readonly QueueView[] | undefined, id: string): string =>
  queues?.find((queue) => queue.id === id)?.name ?? id;
