/** Our server on SQLite with the limits that it comes with. */
import { startServer } from "../../../sync-server/server/server.ts";
import { openSqliteStore } from "../../../sync-server/server/store/sqlite-store.ts";
import { announce } from "./peer.ts";

const [, , folder] = process.argv;
if (folder === undefined) throw new Error("say where to keep the workspaces");
const server = await startServer({
  store: openSqliteStore(folder),
  host: "127.0.0.1",
  port: 0,
  origins: [],
  create: "open",
  now: Date.now,
  log: () => undefined,
});
announce(server.port);
