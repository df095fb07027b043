/**
 * Loaded before the code of every process of a measured world (`node --import`): notes when a message passes one of its
 * edges, so that nothing of the product has to. Written to `FOLDER_ENV` when the process ends.
 */
import child from "node:child_process";
import { writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { Socket } from "node:net";
import { join } from "node:path";
import { WebSocket } from "ws";

/** Handed on to the agent host, whose environment is a list of names and of what begins so. */
const FOLDER_ENV = "BULKHEAD_BENCH_TAP";
const BRIEF = 160;

export type Edge =
  /** Over the channel between an agent host and its shell. */
  | "told"
  | "tells"
  /** Over a WebSocket. */
  | "hears"
  | "says"
  /** Into a tool server. */
  | "calls";
/** `at` is ms on the clock of the computer, which all its processes share. `what` begins the message, or is `type#bytes`. */
export interface Mark {
  readonly at: number;
  readonly edge: Edge;
  readonly what: string;
}
export type Role = "host" | "shell" | "server" | "bench";
export interface Tap {
  readonly role: Role;
  /** Name of the data folder. */
  readonly who: string;
  readonly marks: readonly Mark[];
}

/** Milliseconds on the clock that all processes of this computer share. */
export const clock = (): number => Number(process.hrtime.bigint()) / 1e6;

export const marks: Mark[] = [];
const note = (edge: Edge, what: string): void => void marks.push({ at: clock(), edge, what });

const brief = (message: unknown): string => (JSON.stringify(message) ?? "").slice(0, BRIEF);
const briefFrame = (data: unknown): string => {
  if (typeof data === "string") return data.slice(0, BRIEF);
  const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : data;
  if (!(bytes instanceof Uint8Array)) return "";
  // Frames of windows are JSON, those of the sync server are not.
  return bytes[0] === "{".charCodeAt(0)
    ? Buffer.from(bytes.subarray(0, BRIEF)).toString("utf8")
    : `${bytes[0] ?? ""}#${bytes.byteLength}`;
};

/** Calls `before` with the arguments each time before the method runs. */
const watch = (owner: object, method: string, before: (args: readonly unknown[]) => void): void => {
  const methods = owner as Record<string, (...args: unknown[]) => unknown>;
  const plain = methods[method];
  if (plain === undefined) return;
  methods[method] = function watched(this: unknown, ...args) {
    before(args);
    return plain.apply(this, args);
  };
};

const tap = (): void => {
  watch(WebSocket.prototype, "send", ([data]) => note("says", briefFrame(data)));
  watch(WebSocket.prototype, "emit", ([event, data]) => event === "message" && note("hears", briefFrame(data)));
  watch(Socket.prototype, "write", ([text]) => {
    if (typeof text === "string" && text.includes('"tools/call"')) note("calls", "");
  });
  if (process.send === undefined) return;
  watch(process, "send", ([message]) => note("tells", brief(message)));
  watch(process, "emit", ([event, message]) => event === "message" && note("told", brief(message)));
};

/** Host processes get no options of Node's from their shell. */
const follow = (): void => {
  const { fork } = child;
  child.fork = ((entry: string, args: string[], options: child.ForkOptions) =>
    fork(entry, args, {
      ...options,
      env: { ...options.env, NODE_OPTIONS: process.env["NODE_OPTIONS"] },
    })) as typeof fork;
  syncBuiltinESMExports();
};

const SCRIPTS: readonly (readonly [Role, RegExp])[] = [
  ["host", /electron[/\\]host[/\\]main\.ts$/],
  ["shell", /browser-shell[/\\]main\.ts$/],
  ["server", /sync-server[/\\]main\.ts$/],
];
const ownRole = (): Role => SCRIPTS.find(([, script]) => script.test(process.argv[1] ?? ""))?.[0] ?? "bench";
const dataFolder = (): string => process.env["BULKHEAD_DATA"] ?? process.argv[process.argv.indexOf("--data") + 1] ?? "";

/** The options with which a process notes its marks into `folder`. */
export const tapped = (folder: string): Record<string, string> => ({
  NODE_OPTIONS: `--import ${import.meta.url}`,
  [FOLDER_ENV]: folder,
});

const role = ownRole();
tap();
const folder = process.env[FOLDER_ENV];
if (role !== "bench" && folder !== undefined) {
  follow();
  process.on("exit", () => {
    const who = dataFolder().split(/[/\\]/).at(-1) ?? "";
    writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify({ role, who, marks } satisfies Tap));
  });
}
