import type { Migration } from "./list.ts";

/**
 * Requests that this person was told of, so that a start tells of what came meanwhile and of nothing twice. `until` is
 * when nobody can decide the request any more, server time, ms. An earlier version kept none of this: what waits when
 * this step is made is told once more.
 */
export const announced: Migration = {
  id: 8,
  name: "announced",
  sql: `
    CREATE TABLE announced (
      wid TEXT NOT NULL REFERENCES workspaces (wid) ON DELETE CASCADE,
      request TEXT NOT NULL,
      until INTEGER NOT NULL,
      PRIMARY KEY (wid, request)
    ) STRICT, WITHOUT ROWID;
  `,
};
