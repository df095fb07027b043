import type { Migration } from "./list.ts";

/**
 * What a start needs so that it need not read the whole chain again.
 *
 * `positions` holds the hash and the command of each entry of the member log and of `admin`, written in the same
 * transaction as the entry: the two lists that grow with a log are looked up here instead of being kept in memory.
 * `folds` holds the folded state at one position. It is only a shortcut: where it does not fit the entries it is thrown
 * away and the entries are folded again. `sum` finds a damaged one.
 * `begun` is there while the history behind the checkpoint that a copy began with is not verified: `state` is the exact
 * text that was signed, and covers the entries up to `seq`.
 * `closed_epochs` names queues and lanes in which nothing can happen any more, so that nobody opens or folds them.
 */
export const folds: Migration = {
  id: 7,
  name: "folds",
  sql: `
    CREATE TABLE positions (
      wid TEXT NOT NULL REFERENCES workspaces (wid) ON DELETE CASCADE,
      doc TEXT NOT NULL,
      seq INTEGER NOT NULL CHECK (seq > 0),
      hash TEXT NOT NULL,
      command TEXT NOT NULL,
      PRIMARY KEY (wid, doc, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX positions_of_commands ON positions (wid, doc, command);

    CREATE TABLE folds (
      wid TEXT NOT NULL REFERENCES workspaces (wid) ON DELETE CASCADE,
      doc TEXT NOT NULL,
      seq INTEGER NOT NULL,
      head TEXT NOT NULL,
      state TEXT NOT NULL,
      sum TEXT NOT NULL,
      PRIMARY KEY (wid, doc)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE begun (
      wid TEXT PRIMARY KEY REFERENCES workspaces (wid) ON DELETE CASCADE,
      seq INTEGER NOT NULL,
      state TEXT NOT NULL
    ) STRICT;

    CREATE TABLE closed_epochs (
      wid TEXT NOT NULL REFERENCES workspaces (wid) ON DELETE CASCADE,
      doc TEXT NOT NULL,
      PRIMARY KEY (wid, doc)
    ) STRICT, WITHOUT ROWID;
  `,
};
