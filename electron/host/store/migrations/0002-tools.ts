import type { Migration } from "./list.ts";

/**
 * What this person decided about the team's MCP servers on this computer. The catalogue itself is in the signed log.
 *
 * `tool_accepted` holds the exact launch that may start without asking again, as text, to show it as "before" when
 * the team changes it. `tool_values` holds values of environment variables only as the shell wrapped them.
 */
export const tools: Migration = {
  id: 2,
  name: "tools",
  sql: `
    CREATE TABLE tool_accepted (
      wid TEXT NOT NULL,
      server TEXT NOT NULL,
      launch TEXT NOT NULL,
      hash TEXT NOT NULL,
      at INTEGER NOT NULL,
      PRIMARY KEY (wid, server)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE tool_values (
      wid TEXT NOT NULL,
      server TEXT NOT NULL,
      name TEXT NOT NULL,
      sealed TEXT NOT NULL,
      PRIMARY KEY (wid, server, name)
    ) STRICT, WITHOUT ROWID;
  `,
};
