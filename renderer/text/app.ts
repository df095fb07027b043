/** Words of the frame around everything: first run, joining, sidebar, status line, palette, keys. */
import type { StatusView } from "#bridge/workspace.ts";
import { countWords } from "./common.ts";
import { words } from "./words.ts";

export const firstRunWords = words("app.firstRunWords", {
  title: "Bulkhead",
  about: "Your team shares tools, rules and approvals. Your conversations stay yours.",
  aboutWhy:
    "They are kept on this computer. What you write in one goes to the model that you choose for it, and to no teammate.",
  name: "Your name",
  nameHelp: "Your teammates see it beside what you ask and decide.",
  nameNeeded: "Write your name first.",
  create: "Create a workspace",
  createWhy: "You become its Owner.",
  join: "Join with a link",
  joinWhy: "Somebody sent you an invite.",
} as const);

export const unreadWords = words("app.unreadWords", {
  title: (count: number) => (count === 1 ? "One workspace could not be read" : `${count} workspaces could not be read`),
  what: (count: number) =>
    count === 1
      ? "What is kept of it on this computer is damaged. It is kept as it is, with its key, and everything else goes on."
      : "What is kept of them on this computer is damaged. They are kept as they are, with their keys, and everything else goes on.",
  todo: "Put back a backup of the folder with your threads, or ask a teammate for a new link to join again.",
  go: "Go on",
} as const);

export const createWords = words("app.createWords", {
  title: "Create a workspace",
  name: "Workspace name",
  nameNeeded: "Give the workspace a name.",
  unnamed: "Who says yes to tool calls",
  justMe: "Just me for now",
  justMeWhy:
    "Each call that no rule names is shown to you in its own window, and runs once you confirm it there. When somebody joins who can approve, you are offered to ask them.",
  eachOther: "We approve for each other",
  eachOtherWhy: "Each call that no rule names waits until somebody else approves it. Nobody approves their own.",
  server: "Sync server",
  serverWhy: "It carries members, roles and approvals, signed and checked on every computer. Threads never go there.",
  embedded: "On this computer",
  embeddedWhy: "Bulkhead runs it for you. Nothing else to set up.",
  url: "At an address",
  urlWhy: "A server that somebody runs for your team.",
  address: "Server address",
  addressHelp: "Or the founding link that whoever runs the server gave you.",
  addressNeeded: "Write the server's address, such as https://sync.example.com.",
  reach: "Who can reach it",
  reachComputer: "Only this computer",
  reachNetwork: "Teammates in this network too",
  submit: "Create workspace",
} as const);

export const joinWords = words("app.joinWords", {
  definedRole: (role: string) => `${role}, a role that this workspace defined`,
  title: "Join with a link",
  link: "Invite link",
  linkHelp: "Paste the link or the code from the join page. Nothing happens before you confirm.",
  look: "Look at the invite",
  confirmTitle: "Join this workspace?",
  backAs: "Back as",
  backTitle: (name: string) => `Come back as ${name}?`,
  backWhy: (name: string) =>
    `You come back as ${name}; your older devices are closed, and everybody in the workspace is told. If you are not ${name}, do not use this link. Only this device's public keys are sent to this server.`,
  comeBack: "Come back",
  confirmWhy: "Joining sends your name and this device's public keys to this server. Your threads never go there.",
  server: "Server",
  workspace: "Workspace",
  inviter: "Invited by",
  role: "Your role",
  expires: "Expires",
  uses: "Uses left",
  join: "Join workspace",
  open: "Open workspace",
  already: "You are already a member of this workspace on this computer.",
  notNow: "Not now",
  refused: "This invite cannot be used",
} as const);

export const sideWords = words("app.sideWords", {
  switcher: "Switch workspace",
  search: "Search",
  waiting: "Waiting",
  mine: "Mine",
  newThread: "New thread",
  noThreads: "Your private threads will be listed here.",
  team: "Team",
  tools: "Tools",
  audit: "Audit",
  settings: "Settings",
  navigation: "Workspace",
  showSide: "Show sidebar",
  threadStates: { idle: "", running: "running", waiting: "waiting for a decision", failed: "stopped with an error" },
} as const);

export const statusWords = words("app.statusWords", {
  name: "Status",
  links: {
    "in-sync": "In sync",
    connecting: "Connecting",
    offline: "Offline: chat, search and ungated tools work",
    refused: "Refused by the server",
    out: "Not part of this workspace",
    tampered: "The server's copy cannot be trusted: approvals are stopped, your threads and the rest work",
    withheld: "The server does not do what it said: approved calls wait, the rest works",
    "update-app": "This app is too old for the workspace",
  } satisfies Record<StatusView["link"], string>,
  queued: (n: number) => `${countWords(n, "change waits", "changes wait")} to be sent`,
  mayApprove: (n: number, known: boolean) =>
    `${n === 0 ? "nobody else may approve" : `${n} may approve`}${known ? "" : ", as of the last contact"}`,
  noModel: "no model",
  reconnect: "Reconnect",
  more: "Show all",
  less: "Show less",
} as const);

export const paletteWords = words("app.paletteWords", {
  title: "Search and commands",
  placeholder: "Search threads and messages, or type a command",
  none: "Nothing found.",
  found: "What was found",
  threads: "Threads",
  sections: "Go to",
  actions: "Actions",
  messages: "Messages",
  searching: "Searching messages",
  invite: "Invite somebody",
  addServer: "Add a tool server",
  theme: "Change appearance",
  keys: "List of keys",
} as const);

export const keyWords = words("app.keyWords", {
  title: "Keys",
  rows: (mod: string, section: string) => [
    { keys: [mod, "K"], what: "Search and commands" },
    { keys: [section === mod ? mod : section, "N"], what: "New thread" },
    { keys: [section, "1…6"], what: "Waiting, Threads, Team, Tools, Audit, Settings" },
    { keys: [mod, "Z"], what: "Take back what was just done, while its notice stands" },
    { keys: ["J", "K"], what: "Next and previous in a list" },
    { keys: ["Enter"], what: "On a card in Waiting: open it to decide" },
    { keys: ["R"], what: "In a card's window: write a reason" },
    { keys: [mod, "Enter"], what: "In a card's window: approve what was read to its end" },
    { keys: ["E"], what: "On your own card or call: edit its arguments" },
    { keys: ["/"], what: "In the message box: call a tool" },
    { keys: ["Enter"], what: "Send" },
    { keys: ["Shift", "Enter"], what: "New line" },
    { keys: ["Esc"], what: "One step back" },
    { keys: ["?"], what: "This list" },
  ],
} as const);
