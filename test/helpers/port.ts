/** Ports for servers that are stopped and start again where they were. */
import { createServer } from "node:net";

/** Systems give what asks for any port, and every connection that is made, a port above this range. */
const [FIRST, LAST] = [15_000, 32_000];

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });

/** A free loopback port that nobody is given by chance while its server is away. */
export const keptPort = async (): Promise<number> => {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (await isFree(port)) return port;
  }
};
