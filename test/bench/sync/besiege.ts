/**
 * Strangers in a process of their own: each holds a socket for as long as it is let, and dials again when it is closed.
 * Half of them are silent after their request, half of them drip a byte of an endless frame every second, and of either
 * half one in four never ends its request.
 */
import { fork } from "node:child_process";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export interface Siege {
  /** How many were closed so far. */
  closed(): Promise<number>;
  end(): Promise<void>;
}
interface Orders {
  readonly port: number;
  readonly path: string;
  readonly count: number;
  readonly addresses: number;
}

const DRIP_MS = 1_000;
/** How long who was closed waits before it dials again, on average: four thousand of them are 800 new connections a second. */
const AGAIN_MS = 5_000;
/** Until they come and go evenly. */
const SETTLED_MS = 10_000;

export const besiege = async (orders: Orders): Promise<Siege> => {
  const child = fork(fileURLToPath(import.meta.url), ["besiege", JSON.stringify(orders)], {
    execArgv: ["--disable-warning=ExperimentalWarning"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const next = (): Promise<number> =>
    new Promise((resolve) => child.once("message", (message) => resolve(message as number)));
  await next();
  await wait(SETTLED_MS);
  return {
    closed: () => {
      const answer = next();
      child.send("closed");
      return answer;
    },
    end: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.kill("SIGKILL");
      }),
  };
};

const BEGUN = Buffer.from([0x82, 0xfe, 0x7f, 0xff, 1, 2, 3, 4]);

const run = ({ port, path, count, addresses }: Orders): void => {
  const open = new Map<number, Socket>();
  let dialled = 0;
  let closed = 0;
  const head = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n`;
  const come = (i: number): void => {
    const socket = connect({
      host: "127.0.0.1",
      port,
      localAddress:
        addresses === 1 ? "127.0.0.1" : `127.0.${1 + Math.floor((i % addresses) / 250)}.${1 + ((i % addresses) % 250)}`,
    });
    socket.on("error", () => undefined).resume();
    socket.once("connect", () => {
      dialled += 1;
      if (dialled === count) process.send?.(dialled);
      open.set(i, socket);
      socket.write(i % 8 < 2 ? head : `${head}\r\n`);
      if (i % 2 === 1 && i % 8 >= 2) socket.write(BEGUN);
    });
    socket.once("close", () => {
      open.delete(i);
      closed += 1;
      setTimeout(come, AGAIN_MS * (0.5 + Math.random()), i);
    });
  };
  for (let i = 0; i < count; i += 1) setTimeout(come, i / 2, i);
  setInterval(() => {
    for (const [i, socket] of open) if (i % 2 === 1) socket.write("x");
  }, DRIP_MS);
  process.on("message", () => process.send?.(closed));
  process.on("disconnect", () => process.exit(0));
};

const [, , order, orders] = process.argv;
if (order === "besiege" && orders !== undefined) run(JSON.parse(orders) as Orders);
