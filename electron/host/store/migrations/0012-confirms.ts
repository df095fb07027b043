import type { Migration } from "./list.ts";

/**
 * Calls that their person confirms on their own screen. `confirms` holds what they were shown, by its hash, and their
 * signed answer, committed before the call is made; the ledger row then names it. The state of a call is a column of
 * its own again, since a check cannot be widened and a table that others point to is not made anew.
 */
export const confirms: Migration = {
  id: 12,
  name: "confirms",
  sql: `
    ALTER TABLE calls ADD COLUMN stands TEXT NOT NULL DEFAULT 'proposed' CHECK (stands IN
      ('proposed', 'confirming', 'queued', 'waiting', 'approved', 'running', 'done', 'failed', 'rejected', 'refused', 'canceled', 'expired', 'unknown'));
    UPDATE calls SET stands = state;
    ALTER TABLE calls DROP COLUMN state;
    ALTER TABLE calls RENAME COLUMN stands TO state;

    CREATE TABLE confirms (
      call TEXT PRIMARY KEY,
      wid TEXT NOT NULL REFERENCES workspaces (wid) ON DELETE CASCADE,
      hash TEXT NOT NULL,
      launch TEXT NOT NULL,
      schema TEXT NOT NULL,
      rule TEXT NOT NULL,
      asked_at INTEGER NOT NULL,
      until INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('confirming', 'approved', 'rejected', 'canceled', 'expired', 'refused')),
      device TEXT,
      signature TEXT,
      reason TEXT,
      CHECK (state <> 'approved' OR (device IS NOT NULL AND signature IS NOT NULL))
    ) STRICT;
    CREATE UNIQUE INDEX confirms_of_hash ON confirms (wid, hash);
    CREATE INDEX confirms_of_workspace ON confirms (wid, asked_at);

    ALTER TABLE executed ADD COLUMN confirmed TEXT;
  `,
};
