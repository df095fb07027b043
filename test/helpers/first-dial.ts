/** The connection to a workspace as it is dialled once. */
import { onTestFinished } from "vitest";
import { createConnection } from "#client/link/connection.ts";
import type { SocketEnd } from "#client/ports/sockets.ts";
import { platform } from "../../electron/host/ways/platform.ts";

/** How the first attempt ends, where nobody there is such a server. */
export const firstDial = (server: string, wid = "w".repeat(22)): Promise<Omit<SocketEnd, "code">> =>
  new Promise((resolve, reject) => {
    const connection = createConnection(
      {
        platform,
        server: () => server,
        wid,
        auth: () => Promise.reject(new Error("nobody asks")),
        monotonic: () => performance.now(),
        random: () => 1,
      },
      {
        answered: () => undefined,
        welcomed: () => undefined,
        frame: () => undefined,
        lives: () => undefined,
        refused: (code) => reject(new Error(`refused ${code}`)),
        down: (garbled, trouble, answered) => {
          connection.close();
          resolve({ garbled, trouble, answered });
        },
      },
    );
    onTestFinished(() => connection.close());
    connection.dial();
  });
