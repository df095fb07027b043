/** Ports for servers that must come back under the same address. */
import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/** Below the ports that systems lend to whoever asks for any: one of those may be somebody else's when it is needed again. */
const FIRST = 20_000;
const END = 32_000;
const ATTEMPTS = 100;

/** A port of this computer alone that nobody has now and that nobody is given by chance. */
export const freePort = async (): Promise<number> => {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = randomInt(FIRST, END);
    if (await canListen(port)) return port;
  }
  throw new Error("No port is free.");
};

export const canListen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
