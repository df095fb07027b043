import { wordsOf } from "../../../helpers/worded.ts";
import { toldOf } from "#bridge/refused.ts";
import { readdirSync, readFileSync, statSync, writeFileSync, mkdirSync, chmodSync } from "node:fs";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { migrations } from "../../../../electron/host/store/migrations/list.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { migrate } from "../../../../electron/host/store/migrate.ts";
import { openStore, type Store } from "../../../../electron/host/store/open.ts";
import { storeRefusal } from "../../../../electron/host/store/refusals.ts";
import { createAnnouncedStore } from "../../../../electron/host/store/announced.ts";
import { createDraftStore } from "../../../../electron/host/store/drafts.ts";
import { createUnreadStore } from "../../../../electron/host/store/unread.ts";
import { createThreadStore } from "../../../../electron/host/store/threads.ts";
import { createMessageStore } from "../../../../electron/host/store/messages.ts";
import { createRunStore } from "../../../../electron/host/store/runs.ts";
import { createConfirmStore } from "../../../../electron/host/store/confirms.ts";
import { createHoldStore } from "../../../../electron/host/store/holds.ts";
import { createToolServerStore } from "../../../../electron/host/store/tool-servers.ts";
import { createWorkspaceStore } from "../../../../electron/host/store/workspaces.ts";
import { tempDir } from "../../../helpers/temp.ts";
import { keptRow } from "../../../helpers/kept-row.ts";

const newest = migrations.at(-1)?.id ?? 0;

const open = (dir: string, more: Partial<Parameters<typeof openStore>[0]> = {}): Store => {
  const store = openStore({ dir, busyMs: 50, ...more });
  onTestFinished(() => store.close());
  return store;
};
const refused = (work: () => unknown): { code: string; message: string | undefined } => {
  try {
    work();
  } catch (error) {
    const fact = toldOf(storeRefusal(error));
    return { code: fact.code, message: `${wordsOf(fact)} ${JSON.stringify(fact)}` };
  }
  throw new Error("was not refused");
};

describe("opening", () => {
  test("a damaged file is kept aside whole, named, and the next start is a fresh one", () => {
    const dir = tempDir();
    const first = open(dir);
    const threads = createThreadStore(first);
    for (let n = 0; n < 300; n += 1) threads.add({ id: `t${n}`, wid: "w", title: "x".repeat(400), at: n });
    first.db.pragma("wal_checkpoint(TRUNCATE)");
    first.close();
    const file = join(dir, "bulkhead.db");
    const bytes = readFileSync(file);
    bytes.fill(0x58, 8_192, bytes.length - 4_096);
    writeFileSync(file, bytes);
    const { code, message } = refused(() => open(dir, { now: () => Date.UTC(2026, 10, 23) }));
    expect(code).toBe("store-corrupt");
    expect(message).toContain("bulkhead-2026-11-23T00-00-00.corrupt");
    expect(readFileSync(join(dir, "bulkhead-2026-11-23T00-00-00.corrupt"))).toEqual(bytes);
    expect(createThreadStore(open(dir)).list("w")).toEqual([]);
  });

  test("a file that is no database is kept aside too, next to an earlier one", () => {
    const dir = tempDir();
    for (const text of ["not a database at all", "and not this one"]) {
      writeFileSync(join(dir, "bulkhead.db"), text.repeat(200));
      expect(refused(() => open(dir, { now: () => 0 })).code).toBe("store-corrupt");
    }
    expect(readdirSync(dir).filter((name) => name.endsWith(".corrupt"))).toHaveLength(2);
  });

  test("a second host over the same folder is refused, and may start once the first is gone", () => {
    const dir = tempDir();
    const first = open(dir);
    expect(refused(() => open(dir)).code).toBe("store-locked");
    first.close();
    expect(open(dir).db.open).toBe(true);
  });

  test("a file that another program has locked is store-locked, and stays where it is", () => {
    const dir = tempDir();
    open(dir).close();
    const other = new Sqlite(join(dir, "bulkhead.db"));
    onTestFinished(() => void other.close());
    other.pragma("locking_mode = EXCLUSIVE");
    other.exec("BEGIN EXCLUSIVE");
    expect(refused(() => open(dir)).code).toBe("store-locked");
    expect(readdirSync(dir).some((name) => name.endsWith(".corrupt"))).toBe(false);
  });

  test("a file of a newer version is left alone", () => {
    const dir = tempDir();
    const store = open(dir);
    store.db.pragma(`user_version = ${newest + 1}`);
    store.close();
    expect(refused(() => open(dir)).code).toBe("store-newer");
    expect(readdirSync(dir).some((name) => name.endsWith(".corrupt"))).toBe(false);
  });

  test("a folder that cannot be written is store-unwritable", () => {
    const dir = tempDir();
    mkdirSync(join(dir, "bulkhead.lock"));
    expect(refused(() => open(dir)).code).toBe("store-unwritable");
    chmodSync(dir, 0o700);
  });
});

test("a full disk is disk-full in words, nothing of the write is kept, and it works again once there is room", () => {
  const store = open(tempDir());
  const threads = createThreadStore(store);
  threads.add({ id: "t", wid: "w", title: "kept", at: 1 });
  const pages = Number(store.db.pragma("page_count", { simple: true }));
  store.db.pragma(`max_page_count = ${pages}`);
  const canary = `canary ${"x".repeat(2_000_000)}`;
  const drafts = createDraftStore(store);
  const kept = { version: 1, writer: "window", typedAt: 1, draft: { text: canary, calls: [], open: null }, aside: [] };
  const { code, message } = refused(() =>
    store.write(() => {
      threads.rename("t", "half of it", true);
      drafts.set("t", kept);
    }),
  );
  expect(code).toBe("disk-full");
  expect(message).not.toContain("canary");
  expect(threads.get("t")?.title).toBe("kept");
  store.db.pragma("max_page_count = 1073741823");
  drafts.set("t", kept);
  expect(drafts.get("t")).toEqual(kept);
});

test("what comes after the end is refused in words, as anything that could not be kept", () => {
  const store = open(tempDir());
  store.close();
  expect(refused(() => store.write(() => 1)).code).toBe("store-closed");
  expect(() => store.write(() => 1)).toThrow(Refusal);
});

describe("what is committed stays in the journal", () => {
  /** Whether the file has it without its journal. */
  const inFile = (store: Store, words: string): boolean => readFileSync(store.file, "latin1").includes(words);
  const kept = (store: Store, words: string): void =>
    store.write(() => void store.db.prepare("INSERT INTO noted (words) VALUES (?)").run(words));
  const noting = (): Store => {
    const store = open(tempDir());
    store.write(() => void store.db.exec("CREATE TABLE noted (words TEXT)"));
    return store;
  };

  test("until a quiet moment, so that hardly a commit waits for the file", () => {
    const store = noting();
    kept(store, "the first words");
    expect(inFile(store, "the first words")).toBe(false);
    store.drainJournal();
    expect(inFile(store, "the first words")).toBe(true);
    kept(store, "the second words");
    expect(inFile(store, "the second words")).toBe(false);
  });

  test("until the journal is full, where no moment is quiet", () => {
    const store = noting();
    const journal = statSync(`${store.file}-wal`).size;
    kept(store, "the first words");
    for (let pages = 0; pages < 2_200; pages += 100) kept(store, "x".repeat(400_000));
    expect(inFile(store, "the first words")).toBe(true);
    // Written from its start again, in the room that it had.
    expect(statSync(`${store.file}-wal`).size).toBeLessThan(journal * 1.1);
  });

  test("a quiet moment within a transaction or after the end is let pass", () => {
    const store = noting();
    kept(store, "the first words");
    store.write(() => store.drainJournal());
    expect(inFile(store, "the first words")).toBe(false);
    store.close();
    expect(() => store.drainJournal()).not.toThrow();
  });
});

test("an error inside a transaction leaves nothing behind, and stays the error it was", () => {
  const store = open(tempDir());
  const threads = createThreadStore(store);
  const ours = new Error("ours");
  expect(() =>
    store.write(() => {
      threads.add({ id: "t", wid: "w", title: "", at: 1 });
      throw ours;
    }),
  ).toThrow(ours);
  expect(threads.get("t")).toBeNull();
});

const KEPT = keptRow({ server: "http://127.0.0.1:4700" });
const WID = KEPT.wid;
describe("the schema", () => {
  /** What each version must carry over, written in that version's own words. */
  const fixtures: Readonly<Record<number, (db: Sqlite.Database) => void>> = {
    1: (db) => {
      db.exec(
        "INSERT INTO threads (id, wid, title, created_at, updated_at, messages) VALUES ('t', 'wwwwwwwwwwwwwwwwwwwwww', 'Old thread', 1, 1, 1)",
      );
      db.exec("INSERT INTO messages (id, thread, seq, at, author) VALUES ('m', 't', 1, 1, 'person')");
      db.exec("INSERT INTO parts (message, position, kind, text) VALUES ('m', 0, 'text', 'old words')");
      db.exec(
        "INSERT INTO runs (id, thread, kind, phase, step, since, started_at) VALUES ('r', 't', 'direct', 'calls', 1, 1, 1)",
      );
      db.exec(
        "INSERT INTO calls (id, run, step, server, server_name, tool, args, provider_id, provider_name, state) VALUES ('c', 'r', 1, 's', 'S', 'read', '{}', 'c', 'read', 'waiting')",
      );
      db.exec(
        "INSERT INTO models (id, kind, name, model, budget, is_default, created_at) VALUES ('mo', 'ollama', 'Mine', 'm', 1, 1, 1)",
      );
      db.exec(
        "INSERT INTO threads (id, wid, title, created_at, updated_at) VALUES ('said', 'wwwwwwwwwwwwwwwwwwwwww', 'Has sent', 1, 1), ('fresh', 'wwwwwwwwwwwwwwwwwwwwww', 'Has not', 1, 1)",
      );
      db.exec(
        "INSERT INTO runs (id, thread, kind, phase, step, since, started_at) VALUES ('a', 'said', 'agent', 'done', 1, 1, 1)",
      );
    },
    2: (db) =>
      db.exec(
        'INSERT INTO tool_accepted (wid, server, launch, hash, at) VALUES (\'wwwwwwwwwwwwwwwwwwwwww\', \'s\', \'{"kind":"http","url":"http://tools","headers":[],"vars":[]}\', \'h\', 1)',
      ),
    3: (db) => {
      db.exec(
        `INSERT INTO workspaces (wid, member, server, embedded, paused, halt, pin_seq, pin_hash, added_at) VALUES ('wwwwwwwwwwwwwwwwwwwwww', '${KEPT.member}', '${KEPT.server}', NULL, 0, NULL, 0, '', 1)`,
      );
      db.exec(
        "INSERT INTO chain (wid, doc, seq, entry) VALUES ('wwwwwwwwwwwwwwwwwwwwww', 'log', 1, 'founded'), ('wwwwwwwwwwwwwwwwwwwwww', 'log', 2, 'joined')",
      );
      db.exec(
        "INSERT INTO outbox (wid, command, kind, request, jws, state, at) VALUES ('wwwwwwwwwwwwwwwwwwwwww', 'q', 'approval.request', 'q', 'signed', 'waiting', 1)",
      );
      db.exec(
        "INSERT INTO holds (call, wid, request, queue, call_hash, salt, launch, schema, decide_by, use_by, state) VALUES ('c', 'wwwwwwwwwwwwwwwwwwwwww', 'q', 'approvers', 'h', 'salt', 'l', 's', 1, 2, 'waiting')",
      );
    },
    4: (db) => db.exec("UPDATE workspaces SET head_at = 7"),
    5: (db) => db.exec(`UPDATE workspaces SET device = '${KEPT.device}', next_device = '${"n".repeat(22)}'`),
    6: (db) => {
      db.exec("UPDATE calls SET asked = '{\"first\":1}'");
      db.exec("UPDATE holds SET replaces = 'before'");
    },
    7: (db) => {
      db.exec(
        "INSERT INTO positions (wid, doc, seq, hash, command) VALUES ('wwwwwwwwwwwwwwwwwwwwww', 'log', 1, 'h1', 'c1')",
      );
      db.exec("INSERT INTO closed_epochs (wid, doc) VALUES ('wwwwwwwwwwwwwwwwwwwwww', 'queue:approvers')");
    },
    8: (db) => db.exec("INSERT INTO announced (wid, request, until) VALUES ('wwwwwwwwwwwwwwwwwwwwww', 'q', 9)"),
    9: (db) => db.exec("UPDATE threads SET told = 'host api.example.com' WHERE id = 't'"),
    10: (db) => {
      db.exec("UPDATE calls SET why = 'because', enclosed = '{}'");
      db.exec("UPDATE holds SET enclosed = '{}'");
    },
    11: (db) =>
      db.exec(
        "INSERT INTO tool_seen (wid, server, tool, schema, text, at) VALUES ('wwwwwwwwwwwwwwwwwwwwww', 's', 'read', 'h', '{}', 1)",
      ),
    12: (db) =>
      db.exec(
        "INSERT INTO confirms (call, wid, hash, launch, schema, rule, asked_at, until, state) VALUES ('d', 'wwwwwwwwwwwwwwwwwwwwww', 'bytes', 'l', 's', 'a rule', 1, 2, 'confirming')",
      ),
    13: (db) => db.exec("INSERT INTO unread (id, thread, at, text) VALUES ('u', 't', 1, 'not read yet')"),
    // A trigger alone, which must leave what is there.
    14: () => undefined,
    15: (db) =>
      db.exec("INSERT INTO signed_heads (wid, doc, seq, jws) VALUES ('wwwwwwwwwwwwwwwwwwwwww', 'log', 1, 'head')"),
    16: (db) => db.exec("UPDATE workspaces SET owed_key = 'key'"),
    // A higher one is refused by a build that does not know it: test/integration/written.test.ts.
    17: (db) => db.exec("UPDATE workspaces SET level = 1"),
    18: (db) => db.exec(`UPDATE calls SET reason = '{"code":"stopped","args":[]}'`),
    19: (db) => db.exec(`UPDATE calls SET decided_by = '{"code":"deciders","args":[[["a","Ada"]]]}'`),
  };

  test("every version has rows to carry over", () => {
    expect(Object.keys(fixtures).map(Number)).toEqual(migrations.map((step) => step.id));
  });

  test.each(migrations.map((step) => step.id))("version %i comes up to date with everything in it", (version) => {
    const dir = tempDir();
    const old = new Sqlite(join(dir, "bulkhead.db"));
    migrate(
      old,
      migrations.filter((step) => step.id <= version),
    );
    for (let each = 1; each <= version; each += 1) fixtures[each]?.(old);
    old.close();
    const store = open(dir);
    expect(store.db.pragma("user_version", { simple: true })).toBe(newest);
    expect(createThreadStore(store).get("t")?.title).toBe("Old thread");
    expect(store.db.prepare("SELECT count(*) AS n FROM search WHERE search MATCH 'old'").get()).toEqual({ n: 1 });
    expect(store.db.pragma("foreign_key_check")).toEqual([]);
    // What a version did not know of yet reads as its own words said it: no value.
    const since = <T>(first: number, value: T): T | null => (version >= first ? value : null);
    const rows = createWorkspaceStore(store);
    expect(createRunStore(store).call("c")).toMatchObject({
      args: "{}",
      state: "waiting",
      asked: since(6, '{"first":1}'),
      why: since(10, "because"),
      enclosed: since(10, "{}"),
    });
    expect(createToolServerStore(store).accepted(WID, "s")?.hash ?? null).toBe(since(2, "h"));
    // No build was out that kept a row without the device that speaks in it.
    store.db.exec(`UPDATE workspaces SET device = '${KEPT.device}' WHERE device IS NULL`);
    expect(rows.list()).toEqual(version < 3 ? [] : [{ ...KEPT, nextDevice: since(5, "n".repeat(22)) }]);
    expect(rows.entries(WID, "log")).toEqual(since(3, ["founded", "joined"]) ?? []);
    expect(rows.firstWaiting(WID)?.jws ?? null).toBe(since(3, "signed"));
    expect(createHoldStore(store).get("c")).toEqual(
      version < 3
        ? null
        : expect.objectContaining({ state: "waiting", replaces: since(6, "before"), enclosed: since(10, "{}") }),
    );
    expect(createConfirmStore(store).byHash(WID, "bytes")?.state ?? null).toBe(since(12, "confirming"));
    expect(rows.headAt(WID)).toBe(since(4, 7));
    expect(rows.owedKey(WID)).toBe(since(16, "key"));
    expect(rows.level(WID)).toBe(1);
    expect(rows.hashAt(WID, "log", 1) ?? null).toBe(since(7, "h1"));
    expect(createAnnouncedStore(store).of(WID)).toEqual(since(8, ["q"]) ?? []);
    const choices = ["t", "said", "fresh"].map((id) => createThreadStore(store).get(id)?.modelChoice);
    expect(choices).toEqual(["default", version < 9 ? "mo" : "default", "default"]);
    expect(createThreadStore(store).get("t")?.told).toBe(since(9, "host api.example.com") ?? "");
    expect(
      createUnreadStore(store)
        .list("t")
        .map((each) => each.text),
    ).toEqual(since(13, ["not read yet"]) ?? []);
    expect(rows.closedEpochs(WID)).toEqual(since(7, ["queue:approvers"]) ?? []);
  });

  test("[T39] a draft of the time before drafts had calls is there after the step", () => {
    const dir = tempDir();
    const old = new Sqlite(join(dir, "bulkhead.db"));
    migrate(
      old,
      migrations.filter((step) => step.id <= 12),
    );
    old.exec(
      "INSERT INTO threads (id, wid, title, created_at, updated_at, draft) VALUES ('t', 'w', 'Old', 1, 1, 'half a \"thought\"'), ('empty', 'w', 'Old', 1, 1, '')",
    );
    old.close();
    const drafts = createDraftStore(open(dir));
    expect(drafts.get("t")).toMatchObject({
      version: 1,
      draft: { text: 'half a "thought"', calls: [], open: null },
      aside: [],
    });
    expect(drafts.get("empty").version).toBe(0);
  });

  test("a step that fails leaves the version before it, whole", () => {
    const dir = tempDir();
    const steps = [
      ...migrations,
      { id: newest + 1, name: "broken", sql: "CREATE TABLE halfway (x INTEGER) STRICT; SELECT nonsense;" },
    ];
    expect(refused(() => open(dir, { steps })).code).toBe("store-failed");
    const store = open(dir);
    expect(store.db.pragma("user_version", { simple: true })).toBe(newest);
    expect(store.db.prepare("SELECT count(*) AS n FROM sqlite_master WHERE name = 'halfway'").get()).toEqual({ n: 0 });
  });

  test("numbers ascend and every table is strict", () => {
    const ids = migrations.map((step) => step.id);
    expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
    const loose = open(tempDir())
      .db.prepare<[], { name: string }>(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search%'",
      )
      .all();
    expect(loose).toEqual([]);
  });
});

test("messages are numbered from 1 without gaps, and deleting a thread takes all of it along", () => {
  const store = open(tempDir());
  const threads = createThreadStore(store);
  const runs = createRunStore(store);
  const messages = createMessageStore(store, runs);
  for (const thread of ["a", "b"]) threads.add({ id: thread, wid: "w", title: "", at: 1 });
  for (let n = 1; n <= 5; n += 1) {
    for (const thread of ["a", "b"]) {
      messages.add({ id: `${thread}${n}`, thread, at: n, author: "person", run: null, step: null, streaming: false });
      messages.setParts(`${thread}${n}`, [{ kind: "text", text: `word${n}`, final: true }], false);
    }
  }
  expect(messages.page("a", null, 3).map((message) => message.seq)).toEqual([3, 4, 5]);
  expect(messages.page("a", 3, 3).map((message) => message.seq)).toEqual([1, 2]);
  threads.remove("a");
  expect(messages.page("a", null, 9)).toEqual([]);
  expect(store.db.prepare("SELECT count(*) AS n FROM parts").get()).toEqual({ n: 5 });
  expect(store.db.prepare("SELECT count(*) AS n FROM search WHERE search MATCH 'word1'").get()).toEqual({ n: 1 });
});

test("what was told stays as long as it may be open, and a day longer", () => {
  const store = open(tempDir());
  createWorkspaceStore(store).add(keptRow({ wid: "w", server: "s" }), 1);
  const announced = createAnnouncedStore(store);
  const DAY = 24 * 3_600_000;
  announced.add(
    "w",
    [
      { request: "a", until: DAY },
      { request: "b", until: 3 * DAY },
    ],
    0,
  );
  announced.add("w", [{ request: "b", until: 3 * DAY }], 2 * DAY);
  expect(announced.of("w")).toEqual(["a", "b"]);
  announced.add("w", [{ request: "c", until: 4 * DAY }], 2 * DAY + 1);
  expect(announced.of("w")).toEqual(["b", "c"]);
});
