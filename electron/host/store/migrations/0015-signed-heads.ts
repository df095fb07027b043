import type { Migration } from "./list.ts";

/**
 * Heads that the server signed over what was verified here: with one of them the server takes back what it lost. The
 * newest of each document, and the last one of each hundred entries, so that much can be given back in small runs.
 */
export const signedHeads: Migration = {
  id: 15,
  name: "signed heads",
  sql: `
    CREATE TABLE signed_heads (
      wid TEXT NOT NULL REFERENCES workspaces (wid) ON DELETE CASCADE,
      doc TEXT NOT NULL,
      seq INTEGER NOT NULL,
      jws TEXT NOT NULL,
      PRIMARY KEY (wid, doc, seq)
    ) STRICT;
  `,
};
