import type { Migration } from "./list.ts";

/** The server's key as the founding saw it, until the log records one. Null in every other workspace. */
export const owedKey: Migration = {
  id: 16,
  name: "owed-key",
  sql: `
    ALTER TABLE workspaces ADD COLUMN owed_key TEXT;
  `,
};
