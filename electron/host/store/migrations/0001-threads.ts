import type { Migration } from "./list.ts";

/**
 * Threads, runs and all that belongs to one person alone.
 *
 * `executed` is the ledger: its row is committed before a tool is called, and its primary key is what makes a second
 * execution of a call impossible. It has no foreign key, so that it outlives a deleted thread.
 *
 * `search` indexes finished text parts only: a streaming part changes every second, and each change would rewrite its
 * index entries.
 */
export const threads: Migration = {
  id: 1,
  name: "threads",
  sql: `
    CREATE TABLE person (one INTEGER PRIMARY KEY CHECK (one = 1), name TEXT NOT NULL) STRICT;
    CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

    CREATE TABLE models (
      id TEXT PRIMARY KEY,
      kind TEXT NOT NULL CHECK (kind IN ('openai', 'anthropic', 'openai-compatible', 'ollama', 'lm-studio')),
      name TEXT NOT NULL,
      model TEXT NOT NULL,
      base_url TEXT,
      sealed_key TEXT,
      budget INTEGER NOT NULL,
      is_default INTEGER NOT NULL CHECK (is_default IN (0, 1)),
      created_at INTEGER NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX one_default_model ON models (is_default) WHERE is_default = 1;

    CREATE TABLE threads (
      id TEXT PRIMARY KEY,
      wid TEXT NOT NULL,
      title TEXT NOT NULL,
      title_given INTEGER NOT NULL DEFAULT 0 CHECK (title_given IN (0, 1)),
      model_choice TEXT NOT NULL DEFAULT 'default',
      draft TEXT NOT NULL DEFAULT '',
      messages INTEGER NOT NULL DEFAULT 0,
      spent_in INTEGER NOT NULL DEFAULT 0,
      spent_out INTEGER NOT NULL DEFAULT 0,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX threads_of_workspace ON threads (wid, updated_at DESC);

    CREATE TABLE runs (
      id TEXT PRIMARY KEY,
      thread TEXT NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
      kind TEXT NOT NULL CHECK (kind IN ('agent', 'direct')),
      phase TEXT NOT NULL CHECK (phase IN ('model', 'calls', 'done', 'failed', 'stopped')),
      step INTEGER NOT NULL,
      since INTEGER NOT NULL,
      started_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX runs_of_thread ON runs (thread, started_at DESC);
    CREATE INDEX active_runs ON runs (phase) WHERE phase IN ('model', 'calls');
    CREATE UNIQUE INDEX one_agent_run ON runs (thread) WHERE kind = 'agent' AND phase IN ('model', 'calls');

    CREATE TABLE messages (
      id TEXT PRIMARY KEY,
      thread TEXT NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
      seq INTEGER NOT NULL CHECK (seq > 0),
      at INTEGER NOT NULL,
      author TEXT NOT NULL CHECK (author IN ('person', 'agent')),
      run TEXT,
      step INTEGER,
      streaming INTEGER NOT NULL DEFAULT 0 CHECK (streaming IN (0, 1)),
      UNIQUE (thread, seq)
    ) STRICT;
    CREATE INDEX messages_of_run ON messages (run, step);

    CREATE TABLE calls (
      id TEXT PRIMARY KEY,
      run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      step INTEGER NOT NULL,
      server TEXT NOT NULL,
      server_name TEXT NOT NULL,
      tool TEXT NOT NULL,
      args TEXT NOT NULL,
      provider_id TEXT NOT NULL,
      provider_name TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN
        ('proposed', 'queued', 'waiting', 'approved', 'running', 'done', 'failed', 'rejected', 'refused', 'canceled', 'expired', 'unknown')),
      rule TEXT NOT NULL DEFAULT '',
      request TEXT,
      votes INTEGER NOT NULL DEFAULT 0,
      needed INTEGER NOT NULL DEFAULT 0,
      expires_at INTEGER,
      decided_by TEXT,
      reason TEXT,
      result_text TEXT,
      result_bytes INTEGER,
      result_truncated INTEGER,
      started_at INTEGER,
      ended_at INTEGER
    ) STRICT;
    CREATE INDEX calls_of_run ON calls (run, step);

    CREATE TABLE parts (
      id INTEGER PRIMARY KEY,
      message TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('text', 'call', 'error')),
      text TEXT NOT NULL DEFAULT '',
      final INTEGER NOT NULL DEFAULT 1 CHECK (final IN (0, 1)),
      call TEXT REFERENCES calls (id) ON DELETE CASCADE,
      code TEXT,
      retry INTEGER NOT NULL DEFAULT 0,
      UNIQUE (message, position),
      CHECK ((kind = 'call') = (call IS NOT NULL))
    ) STRICT;
    CREATE INDEX parts_of_call ON parts (call) WHERE call IS NOT NULL;

    CREATE TABLE executed (
      call TEXT PRIMARY KEY,
      wid TEXT NOT NULL,
      request TEXT,
      launch TEXT NOT NULL,
      schema TEXT NOT NULL,
      rule TEXT NOT NULL,
      args_hash TEXT NOT NULL,
      at INTEGER NOT NULL,
      ended_at INTEGER,
      result TEXT CHECK (result IN ('ok', 'error', 'unknown')),
      reported INTEGER NOT NULL DEFAULT 0 CHECK (reported IN (0, 1))
    ) STRICT;
    CREATE INDEX unreported ON executed (reported) WHERE reported = 0;

    CREATE VIRTUAL TABLE search USING fts5 (text, content = 'parts', content_rowid = 'id', tokenize = "unicode61 remove_diacritics 2", prefix = '2 3');
    CREATE TRIGGER parts_added AFTER INSERT ON parts WHEN new.kind = 'text' AND new.final = 1 BEGIN
      INSERT INTO search (rowid, text) VALUES (new.id, new.text);
    END;
    CREATE TRIGGER parts_removed AFTER DELETE ON parts WHEN old.kind = 'text' AND old.final = 1 BEGIN
      INSERT INTO search (search, rowid, text) VALUES ('delete', old.id, old.text);
    END;
    CREATE TRIGGER parts_left AFTER UPDATE OF text, final, kind ON parts WHEN old.kind = 'text' AND old.final = 1 BEGIN
      INSERT INTO search (search, rowid, text) VALUES ('delete', old.id, old.text);
    END;
    CREATE TRIGGER parts_entered AFTER UPDATE OF text, final, kind ON parts WHEN new.kind = 'text' AND new.final = 1 BEGIN
      INSERT INTO search (rowid, text) VALUES (new.id, new.text);
    END;
  `,
};
