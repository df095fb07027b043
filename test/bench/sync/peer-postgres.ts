/** Our server on PostgreSQL with its usual durability: fsync and synchronous commits. */
import { openPostgresStore } from "../../../sync-server/server/store/postgres-store.ts";
import { serveBulkhead } from "./serve-bulkhead.ts";

const [, , url] = process.argv;
if (url === undefined) throw new Error("say which database keeps the workspaces");
await serveBulkhead(await openPostgresStore({ url }));
