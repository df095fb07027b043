/**
 * An MCP server as a child process. The SDK's own stdio transport is not used because it ends only the direct
 * child, lets a server fill memory up to its buffer and then goes silent, and cannot say how a process ended.
 */
import { told } from "#bridge/told.ts";
import { homedir } from "node:os";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { JSONRPCMessageSchema, type JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import type { Clock } from "#client/ports/clock.ts";
import { json } from "#core/protocol/parse.ts";
import type { Limits } from "./limits.ts";
import { skippedAnswer } from "./answered.ts";
import { createLineReader } from "./line-reader.ts";
import { startTree, type Tree } from "./process-tree.ts";
import type { ServerLog } from "./server-log.ts";
import { failure, type Failure, type Wire } from "./wire.ts";

export interface StdioDeps {
  readonly launch: { readonly command: string; readonly args: readonly string[] };
  readonly env: Record<string, string>;
  readonly serverLog: ServerLog;
  readonly clock: Pick<Clock, "monotonic">;
  readonly limits: Limits;
}

const notStarted = (command: string, error: NodeJS.ErrnoException): Failure => {
  const program = command.length > 120 ? `${command.slice(0, 119)}…` : command;
  if (error.code === "ENOENT") return failure(told("tool-command-missing", program), true);
  if (error.code === "EACCES" || error.code === "EPERM") return failure(told("tool-command-refused", program), true);
  if (error.code === "E2BIG") return failure(told("tool-command-long"), true);
  return failure(told("tool-command-failed", program, error.code ?? ""));
};

const exited = (code: number | null, signal: NodeJS.Signals | null): Failure =>
  failure(code === null ? told("tool-server-killed", signal ?? "") : told("tool-server-exited", code));

const FLOODED = failure(told("tool-server-flooded"));

/** The request that a skipped answer belonged to, where its first or last bytes tell. */
export const answeredId = (head: string, tail: string): number | null => {
  const first = /^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*([0-9]{1,15})\s*[,}]/.exec(head);
  const last = /[,{]\s*"id"\s*:\s*([0-9]{1,15})\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$/.exec(tail);
  const found = first?.[1] ?? last?.[1];
  return found === undefined ? null : Number(found);
};

const parseMessage = (line: string): JSONRPCMessage | null => JSONRPCMessageSchema.safeParse(json(line)).data ?? null;

export const createStdioWire = (deps: StdioDeps): Wire => {
  let tree: Tree | null = null;
  let reason: Failure | null = null;
  let closed = false;

  const transport: Transport = {
    start: () => start(),
    send: (message) => send(message),
    close: () => close(),
  };

  /** Whoever closes it again waits for the same end: until then what it wrote last may not be in the log. */
  const close = async (): Promise<void> => {
    const ending = tree?.end();
    if (!closed) {
      closed = true;
      transport.onclose?.();
    }
    await ending;
  };
  const end = (why: Failure): void => {
    if (closed) return;
    reason = why;
    deps.serverLog.say(why.problem);
    void close();
  };

  const reader = createLineReader(deps.limits, deps.clock, {
    line(text) {
      const message = parseMessage(text);
      if (message === null) deps.serverLog.add(`stdout: ${text}`);
      else transport.onmessage?.(message);
    },
    skipped(head, tail) {
      deps.serverLog.say(told("message-unread", deps.limits.message));
      const id = answeredId(head, tail);
      if (id === null) return end(FLOODED);
      transport.onmessage?.(skippedAnswer(id));
    },
    flooded: () => end(FLOODED),
  });

  const start = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const { command, args } = deps.launch;
      const fail = (error: NodeJS.ErrnoException): void => {
        end(notStarted(command, error));
        reject(new Error("not started"));
      };
      try {
        tree = startTree(command, args, deps.env, homedir());
      } catch (error) {
        return fail(error as NodeJS.ErrnoException);
      }
      const { child } = tree;
      child.once("spawn", resolve);
      child.once("error", fail);
      child.once("exit", (code, signal) => {
        // What it wrote last is still in the pipes: the loop may read that first, or the reason would have no log.
        setTimeout(() => end(exited(code, signal)), 50);
      });
      child.stdout?.on("data", (chunk: Buffer) => !closed && reader.push(chunk));
      child.stderr?.on("data", deps.serverLog.sink());
      // A closed pipe is a consequence of the exit, which is reported; without listeners it would end the host.
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.on("error", () => undefined);
    });

  const send = (message: JSONRPCMessage): Promise<void> => {
    const stdin = tree?.child.stdin;
    if (closed || stdin === null || stdin === undefined || !stdin.writable) return Promise.reject(new Error("closed"));
    stdin.write(`${JSON.stringify(message)}\n`);
    if (stdin.writableLength > deps.limits.unread) end(FLOODED);
    return Promise.resolve();
  };

  return { transport, failure: () => reason, close };
};
