/** Hocuspocus 4 with its defaults and no hooks: no authorisation, in memory. */
import { Server } from "@hocuspocus/server";
import { announce } from "./peer.ts";

const server = new Server({ port: 0, address: "127.0.0.1", quiet: true, stopOnSignals: false });
await server.listen();
announce(server.address.port);
