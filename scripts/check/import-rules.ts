/**
 * Who may import whom, as data. The type checker enforces the folder borders too; this table also covers packages
 * and the doors inside a folder, and refuses with a sentence that names the border.
 */

/** A top-level room and what it may reach by a relative or `#` import. A room always reaches itself. */
export interface Room {
  readonly folder: string;
  readonly reaches: readonly string[];
}

const CORE = "sync-server/core";
const BRIDGE = "electron/bridge";
const MAIN = "electron/main";
const SHELL = "electron/shell";
const BROWSER_SHELL = "electron/browser-shell";

export const ROOMS: readonly Room[] = [
  { folder: CORE, reaches: [] },
  { folder: "sync-server", reaches: [CORE] },
  { folder: BRIDGE, reaches: [CORE] },
  { folder: SHELL, reaches: [BRIDGE, CORE] },
  { folder: MAIN, reaches: [SHELL, BRIDGE, CORE] },
  { folder: BROWSER_SHELL, reaches: [SHELL, BRIDGE, CORE] },
  { folder: "electron/host", reaches: [BRIDGE, CORE] },
  { folder: "electron/preload", reaches: [BRIDGE] },
  { folder: "renderer", reaches: [BRIDGE, CORE] },
  { folder: "scripts", reaches: [MAIN, SHELL, BROWSER_SHELL, BRIDGE, CORE] },
  { folder: "test", reaches: ["*"] },
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
    packages: /^(ws|y-websocket)$/,
    only: ["electron/host/sync", "electron/host/rpc", BROWSER_SHELL, "sync-server/server"],
    because: "sockets are opened behind one door",
  },
  {
    packages: /^(yjs|y-protocols)(\/|$)/,
    only: ["electron/host/sync"],
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
      "sync-server/server",
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
  readonly because: string;
}

export const DOORS = {
  toolsCall: {
    what: "sending `tools/call`",
    file: "electron/host/tools/run-call.ts",
    because: "a tool runs only with a permit",
  },
  permitCast: { what: "a cast to `Permit`", file: "electron/host/gate/gate.ts", because: "only the gate gives leave" },
  ipcMain: { what: "`ipcMain`", file: "electron/main/ipc.ts", because: "every message from a window passes one gate" },
} as const satisfies Record<string, Door>;
