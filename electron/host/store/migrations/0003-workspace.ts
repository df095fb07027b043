import type { Migration } from "./list.ts";

/**
 * This computer's verified copy of each workspace, what it signed and not yet delivered, and which calls wait for whom.
 *
 * `chain` holds only entries that this host verified: at start it is folded again without checking signatures.
 * `counters` is written before a counter is used, so that no crash makes a device sign one twice.
 * `evidence` is what a server showed that could not be true; its newest pieces stay for as long as the workspace does.
 */
export const workspace: Migration = {
  id: 3,
  name: "workspace",
  sql: `
    CREATE TABLE workspaces (
      wid TEXT PRIMARY KEY,
      member TEXT NOT NULL,
      server TEXT NOT NULL,
      embedded TEXT CHECK (embedded IN ('computer', 'network')),
      paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
      halt TEXT,
      pin_seq INTEGER NOT NULL,
      pin_hash TEXT NOT NULL,
      added_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE chain (
      wid TEXT NOT NULL REFERENCES workspaces (wid) ON DELETE CASCADE,
      doc TEXT NOT NULL,
      seq INTEGER NOT NULL CHECK (seq > 0),
      entry TEXT NOT NULL,
      PRIMARY KEY (wid, doc, seq)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE evidence (
      id INTEGER PRIMARY KEY,
      wid TEXT NOT NULL REFERENCES workspaces (wid) ON DELETE CASCADE,
      doc TEXT NOT NULL,
      seq INTEGER NOT NULL,
      code TEXT NOT NULL,
      head TEXT NOT NULL,
      shown TEXT NOT NULL,
      at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE counters (
      wid TEXT NOT NULL,
      doc TEXT NOT NULL,
      n INTEGER NOT NULL,
      PRIMARY KEY (wid, doc)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE outbox (
      id INTEGER PRIMARY KEY,
      wid TEXT NOT NULL REFERENCES workspaces (wid) ON DELETE CASCADE,
      command TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL,
      request TEXT,
      jws TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'refused')),
      code TEXT,
      at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX outbox_waiting ON outbox (wid, id) WHERE state = 'waiting';
    CREATE INDEX outbox_of_request ON outbox (wid, request);

    CREATE TABLE joins (
      wid TEXT NOT NULL,
      invite TEXT NOT NULL,
      member TEXT NOT NULL,
      jws TEXT NOT NULL,
      expires_at INTEGER NOT NULL,
      PRIMARY KEY (wid, invite)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE invite_codes (
      wid TEXT NOT NULL REFERENCES workspaces (wid) ON DELETE CASCADE,
      invite TEXT NOT NULL,
      sealed TEXT NOT NULL,
      PRIMARY KEY (wid, invite)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE holds (
      call TEXT PRIMARY KEY,
      wid TEXT NOT NULL REFERENCES workspaces (wid) ON DELETE CASCADE,
      request TEXT,
      queue TEXT NOT NULL,
      call_hash TEXT NOT NULL,
      salt TEXT NOT NULL,
      launch TEXT NOT NULL,
      schema TEXT NOT NULL,
      decide_by INTEGER NOT NULL,
      use_by INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('queued', 'waiting', 'approved', 'rejected', 'canceled', 'expired', 'refused', 'used')),
      votes INTEGER NOT NULL DEFAULT 0,
      needed INTEGER NOT NULL DEFAULT 0,
      expires_at INTEGER,
      decided_by TEXT,
      reason TEXT
    ) STRICT;
    CREATE UNIQUE INDEX holds_of_request ON holds (wid, request) WHERE request IS NOT NULL;
    CREATE INDEX holds_open ON holds (wid) WHERE state IN ('queued', 'waiting', 'approved');

    CREATE TABLE steady_time (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL) STRICT;
  `,
};
