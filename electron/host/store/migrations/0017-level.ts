import type { Migration } from "./list.ts";

/** Level of the log that is kept of each workspace: what a build must know before it reads any of it. */
export const level: Migration = {
  id: 17,
  name: "level",
  sql: `
    ALTER TABLE workspaces ADD COLUMN level INTEGER NOT NULL DEFAULT 1;
  `,
};
