/** Words of the tools page: servers, rules, approval queues. */
import type { ServerView } from "#bridge/tool.ts";
import { allWords, countWords } from "./common.ts";
import { words } from "./words.ts";

export const effectWords = words("tools.effectWords", {
  allow: "Allow",
  ask: (queue: string) => `Ask ${queue}`,
  confirm: "Confirm",
  confirmed: "Confirmed by whoever runs it",
  deny: "Deny",
  allowed: "Allowed",
  denied: "Denied",
  asks: (queue: string) => `Asks ${queue}`,
} as const);

export const serverStateWords: Record<ServerView["state"], string> = words("tools.serverStateWords", {
  stopped: "Stopped",
  "needs-review": "Needs your review",
  starting: "Starting",
  ready: "Ready",
  restarting: "Restarting",
  failed: "Failed",
  unsupported: "Not supported here",
});

export const toolsWords = words("tools.toolsWords", {
  title: "Tools",
  subtitle: "MCP servers of this workspace. Each runs on the computer of whoever calls it.",
  add: "Add server",
  emptyTitle: "No tool servers yet",
  empty:
    "A tool server gives the agent something it can do: read a folder, query a database, open a ticket. Paste its command or the usual mcpServers JSON.",
  cannotAdd: (rule: string) => `You cannot add servers: ${rule}`,
  addedBy: (name: string) => `Added by ${name}`,
  restarts: (n: number) => countWords(n, "restart", "restarts"),
  actions: (name: string) => `Actions for ${name}`,
  restart: "Restart",
  reviewFirst: "Review it first.",
  log: "Show log",
  logTitle: (name: string) => `Log of ${name}`,
  logWhy: "What the server wrote on this computer. It never leaves it.",
  logEmpty: "The server wrote nothing yet.",
  refresh: "Refresh",
  remove: "Remove server",
  removeTitle: (name: string) => `Remove ${name}?`,
  removeWhy:
    "It stops on every member's computer, its tools can no longer be called, and its rules go with it. Threads keep what it gave before. This cannot be undone: added again it is a new server, which everybody reviews.",
  removed: (name: string) => `${name} was removed for everybody, with its rules`,
  starting: "Starting on this computer.",
  noTools: "No tools listed yet.",
  readOnly: "says read-only",
  destructive: "says destructive",
  hint: "What the server says about itself. It is a hint, not a guarantee.",
  policyOf: (tool: string) => `Policy for ${tool}`,
  details: "Description and schema",
  rule: (rule: string) => `Rule: ${rule}`,
} as const);

export const changedToolWords = words("tools.changedToolWords", {
  title: {
    changed: "Changed since it was accepted.",
    new: "Not there when the server was added.",
    unsteady: "Changes too often.",
  },
  why: {
    changed:
      "It asks until somebody who may configure tools accepts it as it is now. Its description is read by the model, so every word of it counts.",
    new: "It asks until somebody who may configure tools accepts it.",
    unsteady:
      "What it says of itself changed several times within a day, so it always asks. It may steady itself in a day, or when its server is restarted.",
  },
  neverSeen: "This computer never saw what was accepted before, so all of it is shown as new.",
  acceptedBy: (name: string) => `Compared with what ${name} accepted`,
  difference: (tool: string) => `What changed in ${tool}`,
  accept: "Accept for everybody",
  accepted: (tool: string) => `${tool} is accepted as it is now`,
  whoAccepts: "Somebody who may configure tools accepts it.",
  badge: (n: number) =>
    n === 1
      ? "1 tool or server waits for somebody to look at it"
      : `${n} tools or servers wait for somebody to look at them`,
} as const);

export const reviewWords = words("tools.reviewWords", {
  title: "Review before it starts",
  first: "This server was added by a teammate. It has never run on this computer.",
  changed: "Its command was changed since you accepted it.",
  before: "Accepted before",
  after: "Would start now",
  accept: "Accept and start",
  values: "Values stay on this computer.",
  command: "Command",
  argument: (n: number) => `Argument ${n}`,
  environment: "Environment",
  header: (name: string) => `Header ${name}`,
  /** What the `${NAME}` in the lines above stand for. */
  ownValues: "Each person's own",
  address: "Address",
  same: "unchanged",
} as const);

export const changeValuesWords = words("tools.changeValuesWords", {
  open: "Change values…",
  none: "It takes no values of each person's own.",
  title: (name: string) => `Values of ${name}`,
  why: "The server starts again with them. An empty field keeps the value it has.",
  remove: (name: string) => `Remove the value of ${name}`,
  save: "Save and restart",
  saved: (name: string) => `${name} starts again with its new values`,
} as const);

export const addServerWords = words("tools.addServerWords", {
  title: "Add a tool server",
  pasteLabel: "Command or mcpServers JSON",
  pasteHelp: "For example: npx -y @modelcontextprotocol/server-filesystem ~/notes",
  read: "Read",
  ignored: (text: string) => `Left out: ${text}`,
  choose: "Which server",
  name: "Server name",
  command: "Command",
  values: "Values",
  valuesHelp: "They stay on this computer. Each teammate fills in their own.",
  homeFolder: "Home folder of this computer",
  kept: (places: readonly string[]) =>
    places.length === 1
      ? `The value of ${places[0] ?? ""} stays on this computer; teammates fill in their own.`
      : `These values stay on this computer; teammates fill in their own: ${allWords(places)}.`,
  share: "It is no secret: share it",
  probe: "Start and list tools",
  probing: "Starting the server on this computer",
  output: "Show output",
  runs: "This starts the command on this computer, with your rights. Start only what you trust.",
  tools: "Tools and who must be asked",
  add: "Add server",
  added: (name: string) => `${name} was added for everybody`,
  again: "Start over",
  all: (n: number) => `All ${n} tools`,
  allOf: "Set all tools",
  allMixed: "Different",
  left: (n: number) => `${countWords(n, "tool is", "tools are")} left out`,
  none: "The server started but lists no tools.",
  nothing: "No server was found in this text.",
} as const);
