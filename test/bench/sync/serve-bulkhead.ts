/** Our server for a measurement: only the limits that protect it from a load like this one are lifted. */
import { startServer } from "../../../sync-server/server/server.ts";
import type { ChainStore } from "../../../sync-server/server/store/store.ts";
import { announce } from "./peer.ts";

const many = 1_000_000;

export const serveBulkhead = async (store: ChainStore): Promise<void> => {
  const server = await startServer({
    store,
    host: "127.0.0.1",
    port: 0,
    origins: [],
    create: "open",
    now: Date.now,
    log: () => undefined,
    limits: {
      socketsPerAddress: many,
      strangersPerAddress: many,
      sockets: many,
      strangers: many,
      commandsPerSecond: many,
      commandBurst: many,
      memberCommandsPerSecond: many,
      memberCommandBurst: many,
      framesPerSecond: many,
      frameBurst: many,
      personFramesPerSecond: many,
      personFrameBurst: many,
      commandBytesPerSecond: many * many,
      commandByteBurst: many * many,
      socketsPerPerson: many,
      connectionsPerDevice: many,
    },
  });
  announce(server.port);
};
