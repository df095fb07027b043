import type { Migration } from "./list.ts";

/**
 * When the copy of a workspace was last known to be as new as the server's, ms of the gate's steady clock. Null in a
 * workspace of an earlier version: its time begins when it is next opened.
 */
export const lease: Migration = {
  id: 4,
  name: "lease",
  sql: `
    ALTER TABLE workspaces ADD COLUMN head_at INTEGER;
  `,
};
