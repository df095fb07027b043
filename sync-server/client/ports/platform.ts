/** What the client is handed of the machine and the program that it runs in. */
import type { Timers } from "./clock.ts";
import type { ClientCrypto } from "./crypto.ts";
import type { OpenWebSocket } from "./sockets.ts";

export interface Platform {
  readonly crypto: ClientCrypto;
  readonly timers: Timers;
  readonly openWebSocket: OpenWebSocket;
}
