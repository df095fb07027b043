/**
 * Makes a store of rows that come from a damaged file, from a backup, or from both, one that may be used. What is missing
 * cannot be known, so nothing is taken for done or for allowed: open calls end as unknown and are not repeated, no
 * approval is used, the lease begins when the server is reached, and no counter is signed twice.
 */
import { told } from "#bridge/told.ts";
import { keptFact } from "./facts.ts";
import type { Step } from "#core/protocol/at-once.ts";
import { transact } from "./transact.ts";
import { createHash } from "node:crypto";
import type { Database } from "better-sqlite3";

const UNSURE = keptFact(told("call-unsure"));
const OPEN_CALLS = "('proposed', 'confirming', 'queued', 'waiting', 'approved', 'running')";

export interface Brought {
  readonly threads: number;
  readonly messages: number;
  readonly workspaces: number;
}

/** In one transaction. `now` is wall time, ms. */
export const mend = (db: Database, now: number): Brought => {
  db.pragma("foreign_keys = OFF");
  transact(db, () => {
    quietly(db, () => {
      ownThreads(db, now);
      orphans(db);
      ended(db, now);
      counted(db, now);
    });
    // A copy that began with a checkpoint begins anew; the shortcuts are made again from the entries.
    db.exec(
      "DELETE FROM chain WHERE doc = 'log' AND wid IN (SELECT wid FROM begun); DELETE FROM begun; DELETE FROM folds; DELETE FROM positions; DELETE FROM signed_heads",
    );
    for (const { wid } of db.prepare<[], { wid: string }>("SELECT wid FROM workspaces").all()) shortened(db, wid);
    db.exec(
      "INSERT INTO search (search) VALUES ('delete-all'); INSERT INTO search (rowid, text) SELECT id, text FROM parts WHERE kind = 'text' AND final = 1",
    );
  });
  db.pragma("foreign_keys = ON");
  const count = (table: string): number => (db.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n;
  return { threads: count("threads"), messages: count("messages"), workspaces: count("workspaces") };
};

/** Without triggers: the index is made anew as a whole. */
export const quietly = (db: Database, work: Step): void => {
  const triggers = db
    .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    .all();
  for (const { name } of triggers) db.exec(`DROP TRIGGER "${name}"`);
  work();
  for (const { sql } of triggers) db.exec(sql);
};

/** Messages whose thread cannot be read are shown, where it is certain in which workspace they were written. */
const ownThreads = (db: Database, now: number): void => {
  const wids = db.prepare<[], { wid: string }>("SELECT wid FROM workspaces UNION SELECT wid FROM threads").all();
  if (wids.length !== 1) return;
  db.prepare(
    "INSERT OR IGNORE INTO threads (id, wid, title, title_given, created_at, updated_at) SELECT DISTINCT thread, ?, 'Recovered thread', 1, ?, ? FROM messages WHERE thread NOT IN (SELECT id FROM threads)",
  ).run(wids[0]?.wid, now, now);
};

/** Rows that belong to one that is not there, and what belongs to them in turn. */
const orphans = (db: Database): void => {
  const tables = db
    .prepare<[], { name: string }>("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
    .all();
  for (let left = 1; left > 0;) {
    left = 0;
    for (const { name } of tables) {
      for (const key of db
        .prepare<[string], { table: string; from: string; to: string }>(
          'SELECT "table", "from", "to" FROM pragma_foreign_key_list(?)',
        )
        .all(name)) {
        left += db
          .prepare(
            `DELETE FROM "${name}" WHERE "${key.from}" IS NOT NULL AND "${key.from}" NOT IN (SELECT "${key.to}" FROM "${key.table}")`,
          )
          .run().changes;
      }
    }
  }
};

const ended = (db: Database, now: number): void => {
  db.prepare(`UPDATE calls SET state = 'unknown', reason = ?, ended_at = ? WHERE state IN ${OPEN_CALLS}`).run(
    UNSURE,
    now,
  );
  db.prepare("UPDATE runs SET phase = 'stopped', since = ? WHERE phase IN ('model', 'calls')").run(now);
  db.prepare("UPDATE executed SET result = 'unknown', ended_at = ? WHERE result IS NULL").run(now);
  db.prepare("UPDATE holds SET state = 'refused', reason = ? WHERE state IN ('queued', 'waiting', 'approved')").run(
    UNSURE,
  );
  db.prepare("UPDATE confirms SET state = 'refused', reason = ? WHERE state IN ('confirming', 'approved')").run(UNSURE);
  db.exec("UPDATE outbox SET state = 'refused', code = 'restored', jws = '' WHERE state = 'waiting'");
  db.exec("UPDATE workspaces SET head_at = 0");
};

/** Messages are numbered from 1 without gaps, and no counter is used again. */
const counted = (db: Database, now: number): void => {
  db.exec("UPDATE messages SET streaming = 0; UPDATE parts SET final = 1");
  db.exec("UPDATE messages SET seq = seq + 1000000000");
  db.exec(
    "UPDATE messages SET seq = (SELECT count(*) FROM messages other WHERE other.thread = messages.thread AND other.seq <= messages.seq)",
  );
  db.exec("UPDATE threads SET messages = (SELECT count(*) FROM messages WHERE thread = threads.id)");
  const highest = (db.prepare("SELECT max(n) AS n FROM counters").get() as { n: number | null }).n ?? 0;
  db.prepare(
    "INSERT INTO settings (name, value) VALUES ('counter-floor', ?) ON CONFLICT (name) DO UPDATE SET value = max(CAST(value AS INTEGER), CAST(excluded.value AS INTEGER))",
  ).run(String(Math.max(highest, Math.round(now))));
  db.exec("DELETE FROM counters");
};

/**
 * Entries up to the first that is missing, does not name the one before it, or names a position of the log that is not
 * there; and without the last, which none confirms. The server is asked for the rest: what is damaged here must not be
 * taken for a lie of its.
 */
const shortened = (db: Database, wid: string): void => {
  const docs = db
    .prepare<[string], { doc: string }>("SELECT DISTINCT doc FROM chain WHERE wid = ? ORDER BY doc <> 'log', doc")
    .all(wid);
  const cut = db.prepare("DELETE FROM chain WHERE wid = ? AND doc = ? AND seq >= ?");
  let log = 0;
  for (const { doc } of docs) {
    let [seq, head] = [0, ""];
    for (const row of db
      .prepare<[string, string], { seq: number; entry: string }>(
        "SELECT seq, entry FROM chain WHERE wid = ? AND doc = ? ORDER BY seq",
      )
      .iterate(wid, doc)) {
      const names = namesOf(row.entry);
      if (row.seq !== seq + 1 || names?.before !== head || (doc !== "log" && names.position > log)) break;
      [seq, head] = [row.seq, createHash("sha256").update(row.entry).digest("base64url")];
    }
    cut.run(wid, doc, seq);
    if (doc === "log") log = seq - 1;
  }
};

/** What an entry says of the one before it, and of the log; null where it is no entry. */
const namesOf = (entry: string): { before: string; position: number } | null => {
  try {
    const { p, m = [0] } = JSON.parse(entry) as { p?: unknown; m?: unknown[] };
    return typeof p === "string" && Array.isArray(m) ? { before: p, position: Number(m[0]) } : null;
  } catch {
    // A damaged entry is what this looks for.
    return null;
  }
};
