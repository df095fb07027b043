/**
 * One server under measurement in a process of its own. The child reports its port and, when asked, its heap after a
 * full collection: `heapUsed + external`, bytes. Parent and child share the machine's cores, so only ratios between
 * peers of the same run mean anything.
 */
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

export type PeerKind = "yws" | "hocuspocus" | "bulkhead" | "postgres";

export interface Memory {
  readonly heap: number;
  readonly rss: number;
}

/** Called by the child: tells the parent where it listens and answers its questions. */
export const announce = (port: number): void => {
  process.on("message", () => {
    globalThis.gc?.();
    globalThis.gc?.();
    const { heapUsed, external, rss } = process.memoryUsage();
    process.send?.({ heap: heapUsed + external, rss } satisfies Memory);
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.({ port });
};

export interface Peer<K extends string = PeerKind> {
  readonly kind: K;
  readonly url: string;
  memory(): Promise<Memory>;
  close(): Promise<void>;
}

const next = <T>(child: ChildProcess): Promise<T> =>
  new Promise((resolve, reject) => {
    child.once("message", (message) => resolve(message as T));
    child.once("exit", (code) => reject(new Error(`the server under measurement ended with ${code}`)));
  });

export const startPeer = async <K extends PeerKind | "guarded" | "memory">(
  kind: K,
  args: readonly string[] = [],
): Promise<Peer<K>> => {
  const child = fork(fileURLToPath(new URL(`peer-${kind}.ts`, import.meta.url)), [...args], {
    execArgv: ["--expose-gc", "--disable-warning=ExperimentalWarning"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const { port } = await next<{ port: number }>(child);
  return {
    kind,
    url: `ws://127.0.0.1:${port}`,
    memory: () => {
      const answer = next<Memory>(child);
      child.send("memory");
      return answer;
    },
    close: () =>
      new Promise((resolve) => {
        child.removeAllListeners("exit");
        child.once("exit", () => resolve());
        child.kill("SIGKILL");
      }),
  };
};
