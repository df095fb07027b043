/** What the host hands to the protocol's client. */
import type { Platform } from "#client/ports/platform.ts";
import { clientCrypto } from "#node/client-crypto.ts";
import { nodeTimers } from "#node/timers.ts";
import { openWebSocket } from "./web-socket.ts";

export const platform: Platform = {
  crypto: clientCrypto,
  timers: nodeTimers,
  openWebSocket,
};
