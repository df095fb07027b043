/** Words of the thread page: messages, composer, tool form, context. */
import { UNNAMED_THREAD } from "#bridge/thread.ts";
import { countWords } from "./common.ts";
import { words } from "./words.ts";

export const threadWords = words("thread.threadWords", {
  rename: "Rename thread",
  renameTitle: "Rename this thread",
  titleLabel: "Title",
  remove: "Delete thread",
  removeTitle: "Delete this thread?",
  removeWhy: "Its messages leave this computer's database. Nobody else had them, so nobody can bring them back.",
  actions: "Thread actions",
  messages: "Messages",
  you: "You",
  agent: "Agent",
  emptyTitle: "A private thread",
  emptyModel:
    "Write to your agent. It can call the workspace's tools; a call that a rule holds back waits here while your other threads go on.",
  emptyNoModel:
    "No model is connected. Type / to call one of the workspace's tools directly, or connect a model so that the agent can answer.",
  latest: "Jump to latest",
  stop: "Stop run",
  retry: "Try again",
  noThreadTitle: "No thread is open",
  noThread: "A thread is a private conversation with your agent. Nobody else in the workspace can read it.",
  newThread: "New thread",
  thinking: (step: number) => `Thinking, step ${step}`,
  calling: (step: number) => `Calling a tool, step ${step}`,
  confirming: (step: number) => `Waits for you to confirm, step ${step}`,
  waiting: (step: number) => `Waiting for approval, step ${step}`,
  queued: (step: number) => `Queued until you are online, step ${step}`,
  panel: "Context panel",
  showPanel: "Show context panel",
  hidePanel: "Hide context panel",
} as const);

/** What a thread is called. */
export const threadTitle = (title: string): string => (title === UNNAMED_THREAD ? threadWords.newThread : title);

export const composerWords = words("thread.composerWords", {
  message: "Message",
  placeholder: "Write to your agent, or / to call a tool",
  placeholderNoModel: "Type / to call a tool",
  send: "Send",
  noModel: "No model is connected, so text cannot be answered. Type / to call a tool directly.",
  connect: "Connect a model",
  tools: "Tools you can call",
  noTools: "No tool is ready. Add a server under Tools.",
  model: "Model of this thread",
  noModelOption: "No model: call tools directly",
  manageModels: "Manage models",
  context: (items: number, tokens: number) =>
    `${countWords(items, "item", "items")}, about ${countWords(tokens, "token", "tokens")}`,
  whatLeaves: "If you send, this leaves this computer:",
  yourMessage: "The message you are writing",
  choose: "Choose a model",
  modelGone:
    "The model of this thread was removed. Choose another one before you send; it would be sent all that stands here.",
  noneChosen: "No model is chosen for this thread. Choose one before you send.",
  isDefault: "default",
} as const);

export const toolFormWords = words("thread.toolFormWords", {
  call: "Call tool",
  values: "Values of the call",
  back: "Choose another tool",
  raw: "Edit as JSON",
  fields: "Edit as fields",
  json: "Arguments as JSON",
  jsonHelp: "This tool's schema is too free for a form. Write the arguments as one JSON object.",
  lines: "One per line.",
  notSet: "Not set",
  allow: "Runs at once on this computer.",
  confirm: "Asks you on this computer before it runs.",
  ask: (queue: string) =>
    `Asks ${queue} first. The arguments leave this computer encrypted to the approvers; the server cannot read them.`,
  deny: "A rule refuses this tool.",
  yes: "Yes",
  no: "No",
} as const);

export const contextWords = words("thread.contextWords", {
  title: "In this context",
  none: "This thread has no model, so nothing is sent to one.",
  empty: "Nothing yet.",
  tokens: "tokens",
  items: (n: number) => countWords(n, "item", "items"),
  spent: "Used by this thread so far",
  spentIn: "in",
  spentOut: "out",
  run: "Run",
  noRun: "No run is going on.",
  tools: "Tools",
  ready: (n: number) => countWords(n, "tool is ready", "tools are ready"),
  estimate: "Tokens are estimated until the provider reports them.",
} as const);

export const markdownWords = words("thread.markdownWords", {
  linkTitle: "Open this link?",
  linkWhy: "It leads outside Bulkhead. Check the address first.",
  openLink: "Open link",
  picture: (alt: string) => (alt === "" ? "Picture, not loaded" : `Picture, not loaded: ${alt}`),
  copyCode: "Copy code",
  table: "Table",
} as const);
