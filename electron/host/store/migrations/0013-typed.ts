import type { Migration } from "./list.ts";

/**
 * What a person types, before and after they send it.
 *
 * `drafts` holds text and calls that are being filled in, as one JSON value. `version` counts every change, `writer` is
 * the window that made the last one and `typed_at` when it was typed, ms, so that a stale save is known as one; `aside`
 * holds what gave way to another window's text, until somebody says that it is not needed.
 *
 * `unread` holds messages that were sent while the agent was at work, oldest first, until its next step reads them.
 */
export const typed: Migration = {
  id: 13,
  name: "typed",
  sql: `
    CREATE TABLE drafts (
      thread TEXT PRIMARY KEY REFERENCES threads (id) ON DELETE CASCADE,
      version INTEGER NOT NULL,
      writer TEXT NOT NULL,
      typed_at INTEGER NOT NULL,
      draft TEXT NOT NULL,
      aside TEXT NOT NULL
    ) STRICT;
    INSERT INTO drafts SELECT id, 1, '', updated_at, json_object('text', draft, 'calls', json('[]'), 'open', NULL), '[]' FROM threads WHERE draft <> '';
    ALTER TABLE threads DROP COLUMN draft;

    CREATE TABLE unread (
      place INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      thread TEXT NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
      at INTEGER NOT NULL,
      text TEXT NOT NULL
    ) STRICT;
    CREATE INDEX unread_of_thread ON unread (thread, place);
  `,
};
