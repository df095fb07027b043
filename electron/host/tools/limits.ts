import { TOOLS_MAX } from "#core/protocol/command.ts";

/** Every bound that keeps one MCP server from costing the host more than its share. Sizes in bytes, times in ms. */
export const limits = {
  /** One message of a server. Larger ones are skipped while they stream in, so memory stays bounded. */
  message: 8 * 1024 * 1024,
  /** A line that is still not over after this much ends the server. */
  line: 64 * 1024 * 1024,
  /** What a server may write within `floodWindow` before it counts as a flood. */
  floodBytes: 128 * 1024 * 1024,
  floodLines: 20_000,
  floodWindow: 10_000,
  /** What may wait in the pipe to a server that does not read. */
  unread: 8 * 1024 * 1024,

  logLines: 500,
  logLine: 2_048,
  /** Beyond this in one second, a server's stderr is counted but not kept. */
  logBytesPerSecond: 1024 * 1024,

  /** As many as the log holds of one server. */
  tools: TOOLS_MAX,
  toolPages: 32,
  toolDefinitions: 2 * 1024 * 1024,
  result: 256 * 1024,

  start: 30_000,
  /** Runners such as `npx` may download the server first. */
  startWithDownload: 120_000,
  startIsSlow: 8_000,
  call: 600_000,
  list: 30_000,
  refreshPause: 250,
  /** A changed list is read at most this often, and a server that changes it more often than this is not steady. */
  refreshRest: 5_000,
  changesMost: 10,
  changesWithin: 600_000,

  backoffFirst: 500,
  backoffMost: 30_000,
  /** A server that ran this long is healthy again: earlier crashes no longer count. */
  healthy: 60_000,
  quickCrashes: 5,

  callsPerMinute: 60,
  probes: 4,
} as const;
export type Limits = { readonly [K in keyof typeof limits]: number };

/** Timers as the tools room uses them, so that tests decide when time passes. `after` answers its own undoing. */
export interface Timers {
  after(ms: number, run: () => void): () => void;
}

export const systemTimers: Timers = {
  after(ms, run) {
    const timer = setTimeout(run, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
