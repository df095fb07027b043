/** Our server on SQLite, durable: every accepted command is on the disk before its ACK. */
import { openSqliteStore } from "../../../sync-server/server/store/sqlite-store.ts";
import { serveBulkhead } from "./serve-bulkhead.ts";

const [, , folder] = process.argv;
if (folder === undefined) throw new Error("say where to keep the workspaces");
await serveBulkhead(openSqliteStore(folder));
