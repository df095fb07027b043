/**
 * The sync server inside the app, for a team without one of its own. It keeps its port across restarts, because the
 * address is part of every invite, and runs only while the app runs.
 */
import { networkInterfaces } from "node:os";
import { z } from "zod";
import { readWhole, writeWhole } from "./atomic-file.ts";
import { createBackoff } from "./backoff.ts";
import { canListen, freePort } from "./free-port.ts";
import { ShellRefusal } from "./refusal.ts";

export type Reach = "computer" | "network";

/** A started server. */
export interface ServerChild {
  onExit(listener: () => void): void;
  /** Asks it to end. */
  stop(): void;
  kill(): void;
}

export interface EmbeddedServerParts {
  /** File that remembers the port. */
  readonly memory: string;
  readonly dataFolder: string;
  readonly start: (args: string[]) => ServerChild;
  /** This computer's address in the local network, or undefined. */
  readonly address?: () => string | undefined;
}

export interface EmbeddedServer {
  /** Resolves with the server's origin once it answers. Rejects with `ShellRefusal`. */
  start(reach: Reach): Promise<string>;
  stop(): Promise<void>;
}

interface Running {
  readonly port: number;
  readonly reach: Reach;
  child: ServerChild | null;
  /** Set once the server is meant to end. */
  ending: boolean;
  gone: Promise<void>;
}

/** A server that ended is known at once, so this is only how long a busy computer may take to start one. */
const ANSWER_MS = 60_000;
const STOP_MS = 8_000;
const Memory = z.strictObject({ v: z.literal(1), port: z.number().int().min(1).max(65_535), reach: z.enum(["computer", "network"]) });

export const createEmbeddedServer = (parts: EmbeddedServerParts): EmbeddedServer => {
  const address = parts.address ?? localAddress;
  let running: Running | null = null;
  // One at a time: two workspaces that ask at once must not start two servers.
  let queue: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(step: () => Promise<T>): Promise<T> => {
    const result = queue.then(step);
    queue = result.catch(() => undefined);
    return result;
  };

  const start = async (asked: Reach): Promise<string> => {
    const memory = readMemory(parts.memory);
    // A workspace that teammates reach over the network stays reachable when another one is only for this computer.
    const reach: Reach = memory?.reach === "network" ? "network" : asked;
    if (running !== null && running.reach !== reach) await end();
    if (running === null) {
      const port = memory === undefined ? await freePort() : await bindable(memory.port);
      running = run(parts, port, reach);
      try {
        await answers(running);
      } catch (error) {
        await end();
        throw error;
      }
      writeWhole(parts.memory, `${JSON.stringify({ v: 1, port, reach })}\n`);
    }
    const host = reach === "network" ? address() : "127.0.0.1";
    if (host === undefined) throw new ShellRefusal("no-network", "This computer has no address in a local network. Connect it to one, or keep the workspace on this computer.");
    return `http://${host}:${running.port}`;
  };

  const end = async (): Promise<void> => {
    const going = running;
    running = null;
    if (going === null) return;
    going.ending = true;
    going.child?.stop();
    const patience = setTimeout(() => going.child?.kill(), STOP_MS);
    await going.gone;
    clearTimeout(patience);
  };

  return { start: (reach) => inTurn(() => start(reach)), stop: () => inTurn(end) };
};

/** Starts the server and keeps it up until it is meant to end. */
const run = (parts: EmbeddedServerParts, port: number, reach: Reach): Running => {
  const backoff = createBackoff(500, 15_000);
  let settle: () => void = () => undefined;
  const running: Running = { port, reach, child: null, ending: false, gone: new Promise((resolve) => (settle = resolve)) };
  const begin = () => {
    if (running.ending) return settle();
    const child = parts.start(["--port", String(port), "--data", parts.dataFolder, "--host", reach === "network" ? "0.0.0.0" : "127.0.0.1"]);
    running.child = child;
    child.onExit(() => {
      running.child = null;
      if (running.ending) settle();
      else setTimeout(begin, backoff.next());
    });
  };
  begin();
  return running;
};

const answers = async (running: Running): Promise<void> => {
  const until = Date.now() + ANSWER_MS;
  while (Date.now() < until) {
    // Asked only of our own child: when it has gone, whoever answers on this port is a stranger.
    if (running.child === null) throw portTaken(running.port);
    const response = await fetch(`http://127.0.0.1:${running.port}/healthz`, { signal: AbortSignal.timeout(5_000), redirect: "error" }).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok === true && running.child !== null) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new ShellRefusal("server-silent", "The sync server was started but does not answer. Try again; if it stays, start Bulkhead from a terminal to see why.");
};

const readMemory = (path: string): z.infer<typeof Memory> | undefined => {
  const text = readWhole(path);
  if (text === undefined) return undefined;
  try {
    return Memory.parse(JSON.parse(text));
  } catch {
    throw new ShellRefusal("server-memory", "The file that remembers the sync server's port is damaged. Another port would break every invite, so nothing was started: put back embedded-server.json from a backup, or move it away to start on a new port.");
  }
};

/**
 * This port, if nobody has it. Asked before the start: a stranger on our port would answer our question for health before
 * our own child finds out that it cannot listen.
 */
const bindable = async (port: number): Promise<number> => {
  if (await canListen(port)) return port;
  throw portTaken(port);
};

const portTaken = (port: number): ShellRefusal => new ShellRefusal("server-stopped", `The sync server could not start. Another program may be using port ${port}: close it, then try again.`);

const localAddress = (): string | undefined =>
  Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .find((one) => one.family === "IPv4" && !one.internal)?.address;
