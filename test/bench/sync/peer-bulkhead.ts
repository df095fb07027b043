/**
 * Our server on SQLite, durable: every accepted command is on the disk before its ACK. Only the limits that protect it
 * from a load like this one are lifted.
 */
import { startServer } from "../../../sync-server/server/server.ts";
import { openSqliteStore } from "../../../sync-server/server/store/sqlite-store.ts";
import { announce } from "./peer.ts";

const [, , folder] = process.argv;
if (folder === undefined) throw new Error("say where to keep the workspaces");
const many = 1_000_000;
const server = await startServer({
  store: openSqliteStore(folder),
  host: "127.0.0.1",
  port: 0,
  origins: [],
  create: "open",
  now: Date.now,
  log: () => undefined,
  limits: { socketsPerAddress: many, strangersPerAddress: many, sockets: many, strangers: many, commandsPerSecond: many, commandBurst: many, framesPerSecond: many, frameBurst: many },
});
announce(server.port);
