import type { Migration } from "./list.ts";

/** What tools said of themselves on this computer: the text beside the hash that the team's log names. */
export const definitions: Migration = {
  id: 11,
  name: "definitions",
  sql: `
    CREATE TABLE tool_seen (
      wid TEXT NOT NULL,
      server TEXT NOT NULL,
      tool TEXT NOT NULL,
      schema TEXT NOT NULL,
      text TEXT NOT NULL,
      at INTEGER NOT NULL,
      PRIMARY KEY (wid, server, tool, schema)
    ) STRICT, WITHOUT ROWID;
  `,
};
