/**
 * Who may import whom, as data. The type checker enforces the folder borders too; this table also covers packages
 * and the doors inside a folder, and refuses with a sentence that names the border.
 */

/**
 * A folder or a file, and what it may reach by a relative or `#` import. The longest name that fits a file is its room;
 * a room reaches itself and, where it names a folder, every room inside it.
 */
export interface Room {
  readonly folder: string;
  readonly reaches: readonly string[];
}

const CORE = "sync-server/core";
const CLIENT = "sync-server/client";
const SERVER = "sync-server/server";
/** What the core and the client are handed where they run on Node. */
const NODE = "sync-server/node";
/** The same where they run in a browser. */
const WEB = "sync-server/web";
const BRIDGE = "electron/bridge";
const SHELL = "electron/shell";
const MAIN = "electron/main";
const BROWSER_SHELL = "electron/browser-shell";
const HOST = "electron/host";
const SEAMS = `${HOST}/seams.ts`;

const core = (name: string): string => `${CORE}/${name}`;
const client = (name: string): string => `${CLIENT}/${name}`;
const server = (name: string): string => `${SERVER}/${name}`;
const host = (...names: readonly string[]): string[] => names.map((name) => `${HOST}/${name}`);
const renderer = (name: string): string => `renderer/${name}`;
/**
 * The words of facts, free of DOM and React. Prose is made in the windows; where a sentence still leaves the host or the
 * shell (an error, a notification, a file), it is worded by this one entry, so that a second language is a file more.
 */
const FACT_WORDS = renderer("text/facts.ts");
/** Which language is spoken: the shell tells it to what it starts and to the pages it serves. */
const CHOSEN_LANGUAGE = renderer("text/words.ts");
/** What the host still says itself in what it shows. */
const VIEW_WORDS = renderer("text/views.ts");
const SHELL_WORDS = renderer("text/shells.ts");

const inClient = (name: string, ...reaches: readonly string[]): Room => ({
  folder: client(name),
  reaches: [client("ports"), CORE, ...reaches.map(client)],
});

const inHost = (name: string, ...reaches: readonly string[]): Room => ({
  folder: `${HOST}/${name}`,
  reaches: [
    SEAMS,
    `${HOST}/log.ts`,
    `${HOST}/rooms.ts`,
    `${HOST}/people`,
    `${HOST}/json`,
    CLIENT,
    NODE,
    BRIDGE,
    CORE,
    FACT_WORDS,
    VIEW_WORDS,
    ...host(...reaches),
  ],
});

/** The one room that writes notifications. */
const CARDS = inHost("cards", "team", "gate", "store");

const inRenderer = (name: string, ...reaches: readonly string[]): Room => ({
  folder: renderer(name),
  reaches: ["bridge.ts", "failure.ts", "watches.ts", "transport.ts"]
    .map(renderer)
    .concat(BRIDGE, CORE, ...reaches.map(renderer)),
});

export const ROOMS: readonly Room[] = [
  { folder: CORE, reaches: [] },
  { folder: core("protocol"), reaches: [] },
  { folder: core("facts"), reaches: [core("protocol")] },
  { folder: core("rules"), reaches: [core("protocol"), core("facts")] },
  { folder: core("audit"), reaches: [core("protocol"), core("facts"), core("rules")] },

  { folder: client("ports"), reaches: [core("protocol"), core("facts")] },
  inClient("keys"),
  inClient("copy", "keys"),
  inClient("link", "copy", "keys"),
  inClient("docs", "keys"),
  { folder: client("upkeep"), reaches: [CLIENT, CORE] },
  { folder: CLIENT, reaches: [CLIENT, CORE] },

  { folder: NODE, reaches: [CORE, client("ports")] },
  { folder: WEB, reaches: [CORE, client("ports")] },

  { folder: server("system"), reaches: [CORE] },
  { folder: server("store"), reaches: [core("protocol"), `${NODE}/reserve-wal.ts`] },
  { folder: server("order"), reaches: [server("store"), server("system"), CORE] },
  { folder: server("admission"), reaches: [server("order"), server("store"), server("system"), CORE] },
  { folder: server("fan-out"), reaches: [server("order"), server("store"), server("system"), CORE] },
  {
    folder: server("connections"),
    reaches: [server("admission"), server("fan-out"), server("order"), server("store"), server("system"), CORE],
  },
  { folder: "sync-server", reaches: [SERVER, NODE, CORE] },

  { folder: BRIDGE, reaches: [CORE] },
  { folder: SHELL, reaches: [NODE, BRIDGE, CORE, FACT_WORDS, CHOSEN_LANGUAGE, SHELL_WORDS] },
  { folder: MAIN, reaches: [SHELL, BRIDGE, CORE, FACT_WORDS, SHELL_WORDS] },
  { folder: BROWSER_SHELL, reaches: [SHELL, BRIDGE, CORE, FACT_WORDS, SHELL_WORDS] },
  { folder: "electron/preload", reaches: [BRIDGE] },

  { folder: SEAMS, reaches: [BRIDGE, CORE, FACT_WORDS] },
  { folder: `${HOST}/log.ts`, reaches: [SEAMS, CORE] },
  inHost("rooms.ts", "beat.ts", "gate", "store"),
  { folder: `${HOST}/json`, reaches: [BRIDGE, CORE] },
  { folder: `${HOST}/people`, reaches: [BRIDGE, CORE] },
  inHost("store"),
  inHost("app", "store"),
  inHost("ways", "store"),
  inHost("models", "store", "ways"),
  inHost("tools", "store", "ways"),
  inHost("gate", "store", "tools"),
  inHost("agent", "gate", "models", "store", "tools", "ways"),
  inHost("team", "store", "tools"),
  { ...CARDS, reaches: [...CARDS.reaches] },
  inHost("policy", "cards", "team", "gate", "store", "tools"),
  inHost("pairing", "team", "store", "ways"),
  inHost("audit", "team", "store"),
  inHost("workspaces", "audit", "cards", "gate", "pairing", "policy", "store", "team", "ways"),
  inHost("rpc"),
  { folder: HOST, reaches: [HOST, CLIENT, NODE, BRIDGE, CORE, FACT_WORDS] },

  { folder: renderer("transport.ts"), reaches: [BRIDGE, core("protocol")] },
  { folder: renderer("lists.ts"), reaches: [BRIDGE] },
  { folder: renderer("shown.ts"), reaches: [] },
  { folder: renderer("failure.ts"), reaches: [BRIDGE, renderer("text")] },
  { folder: renderer("calls.ts"), reaches: [BRIDGE, renderer("failure.ts"), renderer("text")] },
  {
    folder: renderer("watches.ts"),
    reaches: ["failure.ts", "lists.ts", "text"].map(renderer).concat(BRIDGE, core("facts")),
  },
  {
    folder: renderer("bridge.ts"),
    reaches: ["calls.ts", "failure.ts", "shown.ts", "transport.ts", "strict-zod.ts", "watches.ts", "text"]
      .map(renderer)
      .concat(BRIDGE),
  },
  { folder: renderer("text"), reaches: [BRIDGE, CORE] },
  inRenderer("state", "text"),
  inRenderer("parts", "state", "text"),
  inRenderer("pages", "parts", "state", "text"),
  { folder: "renderer", reaches: ["renderer", BRIDGE, CORE] },

  { folder: "scripts", reaches: [MAIN, SHELL, BROWSER_SHELL, NODE, BRIDGE, CORE, FACT_WORDS] },
  { folder: "test", reaches: ["*"] },
];

/** A folder that may import no package but these, so that it runs wherever the language does. */
export interface Bare {
  readonly folder: string;
  readonly only: RegExp;
}
export const BARE: readonly Bare[] = [
  { folder: CORE, only: /^lib0\// },
  { folder: WEB, only: /^lib0\// },
  { folder: CLIENT, only: /^(?:lib0\/|y-protocols\/|yjs$|y-websocket$)/ },
];

/** A package that only some folders may import, with the reason. Tests and scripts are not restricted. */
export interface PackageDoor {
  readonly packages: RegExp;
  readonly only: readonly string[];
  readonly because: string;
}

export const PACKAGE_DOORS: readonly PackageDoor[] = [
  {
    packages: /^electron(\/|$)/,
    only: [MAIN, "electron/preload"],
    because: "the host and the windows must run without Electron",
  },
  {
    packages: /^@electron\/remote(\/|$)/,
    only: [MAIN, "electron/preload"],
    because: "remote is for the popup window's preload alone",
  },
  {
    packages: /^better-sqlite3$/,
    only: ["electron/host/store", "sync-server/server/store"],
    because: "all SQL lives in the store",
  },
  {
    packages: /^ws$/,
    only: ["electron/host/ways", "electron/host/rpc", BROWSER_SHELL, SERVER],
    because: "sockets are opened behind one door",
  },
  {
    packages: /^(yjs|y-protocols|y-websocket)(\/|$)/,
    only: [CLIENT],
    because: "the server decodes no Yjs that a client sent",
  },
  {
    packages: /^zod$/,
    only: [
      BRIDGE,
      MAIN,
      SHELL,
      BROWSER_SHELL,
      "electron/host",
      "electron/preload",
      "renderer",
      SERVER,
      "sync-server/main.ts",
    ],
    because: "a library upgrade must never change a verdict of the core",
  },
  {
    packages: /^@modelcontextprotocol\/sdk(\/|$)/,
    only: ["electron/host/tools"],
    because: "MCP servers are started and called behind the gate",
  },
  {
    packages: /^(ai|@ai-sdk\/.*)$/,
    only: ["electron/host/agent", "electron/host/models"],
    because: "model requests are built in one place",
  },
];

/** Something that may be written in one file only. */
export interface Door {
  readonly what: string;
  readonly file: string;
  /** Where it is one door; everywhere without it. */
  readonly within?: string;
  readonly because: string;
}

export const DOORS = {
  toolsCall: {
    what: "sending `tools/call`",
    file: "electron/host/tools/run-call.ts",
    because: "a tool runs only with a permit",
  },
  permitCast: { what: "a cast to `Permit`", file: "electron/host/gate/gate.ts", because: "only the gate gives leave" },
  interval: {
    what: "`setInterval` of the host",
    file: "electron/host/beat.ts",
    within: "electron/host",
    because: "whatever is looked at as time passes is looked at in one round",
  },
  ipcMain: { what: "`ipcMain`", file: "electron/main/ipc.ts", because: "every message from a window passes one gate" },
} as const satisfies Record<string, Door>;
