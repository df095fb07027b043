/** A store as `--new-store` makes it, for servers that are started as processes. */
import { generateServerKey } from "../../sync-server/server/system/server-key.ts";
import { hasSqliteStore, openSqliteStore } from "../../sync-server/server/store/sqlite-store.ts";
import { openPostgresStore } from "../../sync-server/server/store/postgres-store.ts";
import type { ChainStore } from "../../sync-server/server/store/store.ts";

const found = async (store: ChainStore): Promise<void> => {
  await store.secret("server-key", generateServerKey);
  await store.close();
};
/** Done when it returns: SQLite waits for nothing. */
export const newStoreIn = (folder: string): void => {
  if (!hasSqliteStore(folder)) void found(openSqliteStore(folder));
};
export const newStoreAt = async (url: string): Promise<void> => found(await openPostgresStore({ url }));
