/** Damage of the store: kept aside, said in one true sentence, and a way back to all that can be read. */
import { wordsOf, noted } from "../../../helpers/worded.ts";
import type { Hash, QueueId, WorkspaceId } from "#core/protocol/ids.ts";
import {
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { createBackups } from "../../../../electron/host/store/backup.ts";
import { createConfirmStore } from "../../../../electron/host/store/confirms.ts";
import { createHoldStore } from "../../../../electron/host/store/holds.ts";
import { createLedger } from "../../../../electron/host/store/ledger.ts";
import { createMessageStore } from "../../../../electron/host/store/messages.ts";
import { migrations } from "../../../../electron/host/store/migrations/list.ts";
import { createModelStore } from "../../../../electron/host/store/models.ts";
import { openStore } from "../../../../electron/host/store/open.ts";
import type { Store } from "../../../../electron/host/store/open.ts";
import { createRunStore } from "../../../../electron/host/store/runs.ts";
import { createSearch } from "../../../../electron/host/store/search.ts";
import { createThreadStore } from "../../../../electron/host/store/threads.ts";
import { createToolServerStore } from "../../../../electron/host/store/tool-servers.ts";
import { createWorkspaceStore } from "../../../../electron/host/store/workspaces.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { tempDir } from "../../../helpers/temp.ts";
import { keptRow } from "../../../helpers/kept-row.ts";

const AT = Date.UTC(2026, 10, 30);
const WID = "w".repeat(22);
const THREADS = 40;
const PAGE = 4_096;

const open = (dir: string): Store => {
  const store = openStore({ dir, busyMs: 50, now: () => AT });
  onTestFinished(() => store.close());
  return store;
};
const fill = (store: Store): void => {
  const [threads, runs, workspaces] = [createThreadStore(store), createRunStore(store), createWorkspaceStore(store)];
  const messages = createMessageStore(store, runs);
  workspaces.add(keptRow({ wid: WID }), 1);
  workspaces.saveHeadAt(WID, AT);
  for (let n = 0; n < 5; n += 1) workspaces.nextCounter(WID, "queue:approvers");
  createModelStore(store).add(
    { id: "model", kind: "ollama", name: "Mine", model: "m", baseUrl: null, sealedKey: "sealed key", budget: 1 },
    1,
  );
  createToolServerStore(store).accept(
    WID,
    "s",
    { launch: { kind: "stdio", command: "c", args: [], env: [], vars: [] }, hash: "h" },
    { TOKEN: "sealed value" },
    1,
  );
  for (let t = 0; t < THREADS; t += 1) {
    threads.add({ id: `t${t}`, wid: WID, title: `Thread ${t}`, at: t });
    for (let n = 0; n < 20; n += 1) {
      messages.add({
        id: `t${t}m${n}`,
        thread: `t${t}`,
        at: n,
        author: "person",
        run: null,
        step: null,
        streaming: false,
      });
      messages.setParts(
        `t${t}m${n}`,
        [{ kind: "text", text: `harbour ${t} ${n} ${"words ".repeat(n === 3 ? 2_000 : 20)}`, final: true }],
        false,
      );
    }
  }
  // An approved call that was being made, and one that waits to be made.
  runs.add({ id: "r", thread: "t0", kind: "direct", phase: "calls", at: 1 });
  for (const [id, state] of [
    ["running", "running"],
    ["approved", "approved"],
    ["asked", "waiting"],
    ["done", "done"],
  ] as const) {
    runs.addCall({
      id,
      run: "r",
      step: 1,
      server: "s",
      serverName: "S",
      tool: "t",
      args: "{}",
      providerId: id,
      providerName: "t",
      state,
      reason: null,
    });
    createHoldStore(store).add({
      call: id,
      wid: WID as WorkspaceId,
      request: id as string as Hash,
      replaces: null,
      queue: "approvers" as QueueId,
      callHash: "h" as Hash,
      salt: "s",
      launch: "l",
      schema: "s",
      decideBy: 1,
      useBy: AT,
      state: id === "asked" ? "waiting" : "approved",
      votes: 1,
      needed: 1,
      expiresAt: null,
      decidedBy: null,
      reason: null,
      enclosed: null,
    });
  }
  createLedger(store).open({
    call: "running",
    wid: WID,
    request: "running",
    confirmed: null,
    launch: "l",
    schema: "s",
    rule: noted("r"),
    argsHash: "a",
    at: 1,
  });
};
/** A folder with a full store in it, closed or as a kill leaves it. */
const whole = ({ killed = false } = {}): { dir: string; file: string } => {
  const [made, dir] = [tempDir(), tempDir()];
  const store = open(made);
  store.write(() => fill(store));
  if (!killed) store.close();
  else {
    store.db.pragma("wal_checkpoint(TRUNCATE)");
    createThreadStore(store).add({ id: "last", wid: WID, title: "Last", at: AT });
  }
  for (const name of readdirSync(made))
    if (name.startsWith("bulkhead.db")) copyFileSync(join(made, name), join(dir, name));
  return { dir, file: join(dir, "bulkhead.db") };
};
const overwrite = (file: string, at: number, bytes: number, seed = 7): void => {
  const noise = Buffer.alloc(bytes);
  for (let n = 0, x = seed; n < bytes; n += 1) noise[n] = x = (x * 1_103_515_245 + 12_345) % 251;
  const to = openSync(file, "r+");
  writeSync(to, noise, 0, bytes, at);
  closeSync(to);
};
const refused = (work: () => unknown): { code: string; message: string } => {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return { code: error.code, message: wordsOf(error) ?? "" };
    throw error;
  }
  throw new Error("was not refused");
};
/** Page numbers of a table or an index. */
const pagesOf = (file: string, name: string): number[] => {
  const db = new Sqlite(file, { readonly: true });
  try {
    return db.prepare("SELECT pageno FROM dbstat WHERE name = ? ORDER BY pageno").pluck().all(name) as number[];
  } finally {
    db.close();
  }
};
const asides = (dir: string): string[] => readdirSync(dir).filter((name) => name.endsWith(".corrupt"));
/** What a start after damage says, and what the next one opens. */
const afterDamage = (dir: string) => {
  const before =
    existsSync(join(dir, "bulkhead.db")) && statSync(join(dir, "bulkhead.db")).isFile()
      ? readFileSync(join(dir, "bulkhead.db"))
      : null;
  const said = refused(() => open(dir));
  expect(said.code).toBe("store-corrupt");
  const [aside = ""] = asides(dir);
  if (before !== null) {
    expect(said.message).toContain(aside);
    expect(readFileSync(join(dir, aside)).equals(before)).toBe(true);
  }
  const store = open(dir);
  expect(store.db.pragma("integrity_check", { simple: true })).toBe("ok");
  expect(store.db.pragma("foreign_key_check")).toEqual([]);
  const threads = createThreadStore(store).list(WID);
  const runs = createRunStore(store);
  const messages = createMessageStore(store, runs);
  const texts = threads.flatMap(({ id }) =>
    messages
      .page(id, null, 1_000)
      .flatMap(({ parts }) => parts.flatMap((part) => (part.kind === "text" ? [part.text] : []))),
  );
  for (const { id, messages: count } of threads)
    expect(messages.page(id, null, 1_000).map(({ seq }) => seq)).toEqual(
      Array.from({ length: count }, (_, n) => n + 1),
    );
  return { message: said.message, store, threads, texts, runs };
};
/** Nothing that was open may run, be used or be signed again. */
const isSafe = (store: Store): void => {
  const runs = createRunStore(store);
  const workspaces = createWorkspaceStore(store);
  for (const id of ["running", "approved", "asked"]) expect(["unknown", undefined]).toContain(runs.call(id)?.state);
  expect([
    runs.active(),
    createHoldStore(store).open(WID),
    createConfirmStore(store).open(WID),
    createLedger(store).dangling(),
    workspaces.waiting(WID),
  ]).toEqual([[], [], [], [], []]);
  if (workspaces.list().length > 0)
    expect([workspaces.headAt(WID), workspaces.nextCounter(WID, "queue:approvers") > 5]).toEqual([0, true]);
};

describe("a store that is whole", () => {
  test("positive control: opens without a word, with all of it, and nothing stands aside", () => {
    for (const killed of [false, true]) {
      const { dir } = whole({ killed });
      const store = open(dir);
      expect(createThreadStore(store).list(WID)).toHaveLength(killed ? THREADS + 1 : THREADS);
      expect([createHoldStore(store).open(WID).length, createWorkspaceStore(store).headAt(WID), asides(dir)]).toEqual([
        4,
        AT,
        [],
      ]);
    }
  });

  test("opens whatever stands in the shared memory file or the lock of before", () => {
    for (const name of ["bulkhead.db-shm", "bulkhead.lock"]) {
      const { dir } = whole({ killed: true });
      writeFileSync(join(dir, name), "garbage ".repeat(5_000));
      expect(createThreadStore(open(dir)).list(WID)).toHaveLength(THREADS + 1);
    }
  });
});

describe("[T24] a damaged store", () => {
  const damages: readonly (readonly [
    string,
    (dir: string, file: string) => void,
    { all?: boolean; none?: boolean; most?: number },
  ])[] = [
    ["no bytes", (_, file) => truncateSync(file, 0), { none: true }],
    ["half a page", (_, file) => truncateSync(file, 2_048), { none: true }],
    ["one page", (_, file) => truncateSync(file, PAGE), { none: true }],
    ["half of it", (_, file) => truncateSync(file, Math.floor(statSync(file).size / 2 / PAGE) * PAGE), {}],
    ["all but a few bytes", (_, file) => truncateSync(file, statSync(file).size - 100), { most: THREADS - 10 }],
    ["noise in the header", (_, file) => overwrite(file, 0, 100), { all: true }],
    ["noise in the version of the schema", (_, file) => overwrite(file, 60, 4), { all: true }],
    ["noise in all of the first page", (_, file) => overwrite(file, 0, PAGE), { none: true }],
    ["noise everywhere", (_, file) => overwrite(file, 0, statSync(file).size), { none: true }],
    [
      "noise in a page of messages",
      (_, file) => overwrite(file, ((pagesOf(file, "parts").at(-3) ?? 0) - 1) * PAGE, PAGE),
      { most: THREADS - 1 },
    ],
    [
      "noise in a page of threads",
      (_, file) => overwrite(file, ((pagesOf(file, "threads").at(-1) ?? 0) - 1) * PAGE, PAGE),
      { most: 1 },
    ],
    [
      "noise in an index",
      (_, file) => overwrite(file, ((pagesOf(file, "sqlite_autoindex_messages_2").at(-1) ?? 0) - 1) * PAGE, PAGE),
      { all: true },
    ],
    [
      "noise in the search index",
      (_, file) => pagesOf(file, "search_data").forEach((page) => overwrite(file, (page - 1) * PAGE, PAGE)),
      { all: true },
    ],
    [
      "a table that is gone",
      (_, file) => {
        const db = new Sqlite(file);
        db.exec("DROP TABLE unread");
        db.close();
      },
      { all: true },
    ],
    [
      "a folder in its place",
      (_, file) => {
        rmSync(file);
        mkdirSync(file);
        writeFileSync(join(file, "x"), "x");
      },
      { none: true },
    ],
  ];

  test.each(damages)(
    "with %s is kept aside, said, and what can be read of it opens",
    (_name, damage, { all = false, none = false, most = 0 }) => {
      const { dir, file } = whole();
      damage(dir, file);
      const { message, store, threads, texts } = afterDamage(dir);
      expect(asides(dir)).toHaveLength(1);
      if (none) {
        expect(message).toContain("Nothing could be read of it, and there is no backup.");
        expect(threads).toEqual([]);
        return;
      }
      expect(message).toContain("brought over");
      expect(threads.length).toBeGreaterThanOrEqual(all ? THREADS : most);
      if (all) {
        expect(texts).toHaveLength(THREADS * 20);
        expect(createSearch(store).find(WID, "harbour 7 3").length).toBeGreaterThan(0);
        expect([
          createModelStore(store).get("model")?.sealedKey,
          createToolServerStore(store).values(WID, "s").get("TOKEN"),
          createWorkspaceStore(store).list()[0]?.member,
        ]).toEqual(["sealed key", "sealed value", "m".repeat(22)]);
      } else expect(texts.length).toBeGreaterThan(100);
      isSafe(store);
    },
  );

  test.each(damages)(
    "with %s opens with its backup under it, which holds all that was there a day ago",
    async (_name, damage) => {
      const { dir, file } = whole();
      const before = open(dir);
      await createBackups(before, () => AT).look();
      createThreadStore(before).rename("t1", "renamed since", true);
      before.close();
      damage(dir, file);
      const { message, store, threads, texts } = afterDamage(dir);
      expect([threads.length, texts.length]).toEqual([THREADS, THREADS * 20]);
      expect(message).toMatch(/from the backup of 20\d\d-\d\d-\d\d|What could be read was brought over/);
      isSafe(store);
    },
  );

  test("that is gone is said to be gone, and its backup opens", async () => {
    const { dir, file } = whole();
    const before = open(dir);
    await createBackups(before, () => AT).look();
    before.close();
    rmSync(file);
    const { message, threads, store } = afterDamage(dir);
    expect(message).toContain("The file with your threads is gone.");
    expect(threads).toHaveLength(THREADS);
    isSafe(store);
  });

  test("is never more than a few files aside, the oldest going first", () => {
    const dir = tempDir();
    for (let n = 0; n < 12; n += 1) {
      writeFileSync(join(dir, "bulkhead.db"), `not a database ${n} `.repeat(300));
      expect(refused(() => open(dir)).code).toBe("store-corrupt");
    }
    expect(asides(dir)).toHaveLength(5);
    expect(asides(dir).some((name) => readFileSync(join(dir, name), "utf8").startsWith("not a database 11"))).toBe(
      true,
    );
    expect(asides(dir).some((name) => readFileSync(join(dir, name), "utf8").startsWith("not a database 6 "))).toBe(
      false,
    );
  });

  test("accuses nobody: entries that do not fit are asked for again, and the rest is kept", () => {
    const { dir, file } = whole();
    const db = new Sqlite(file);
    const entry = (s: number, p: string): string => JSON.stringify({ s, p, t: 1, c: "c" });
    const put = db.prepare("INSERT INTO chain (wid, doc, seq, entry) VALUES (?, 'log', ?, ?)");
    let head = "";
    const { createHash } = process.getBuiltinModule("node:crypto");
    for (let s = 1; s <= 10; s += 1) {
      const text = entry(s, head);
      put.run(WID, s, s === 6 ? text.replace('"c"', '"x"') : text);
      head = createHash("sha256").update(text).digest("base64url");
    }
    db.close();
    overwrite(file, 0, 100);
    const { store } = afterDamage(dir);
    expect(
      createWorkspaceStore(store)
        .entries(WID, "log")
        .map((text) => (JSON.parse(text) as { s: number }).s),
    ).toEqual([1, 2, 3, 4, 5]);
  });
});

describe("[T24] a damaged journal", () => {
  test.each([
    ["noise in its beginning", (wal: string) => overwrite(wal, 0, 32)],
    ["noise in all of it", (wal: string) => overwrite(wal, 0, statSync(wal).size)],
    [
      "a folder in its place",
      (wal: string) => {
        rmSync(wal);
        mkdirSync(wal);
      },
    ],
  ])("with %s is kept aside and said, and what was open is not repeated", (_name, damage) => {
    const { dir, file } = whole({ killed: true });
    damage(`${file}-wal`);
    const { store, threads } = afterDamage(dir);
    expect(threads).toHaveLength(THREADS);
    expect(existsSync(join(dir, `${asides(dir)[0] ?? ""}-wal`))).toBe(true);
    isSafe(store);
  });

  test("of another file harms nothing", () => {
    const [mine, other] = [whole({ killed: true }), tempDir()];
    const stranger = new Sqlite(join(other, "x.db"));
    stranger.pragma("journal_mode = WAL");
    stranger.exec("CREATE TABLE other (x TEXT)");
    for (let n = 0; n < 500; n += 1) stranger.prepare("INSERT INTO other VALUES (?)").run("stranger ".repeat(50));
    copyFileSync(join(other, "x.db-wal"), `${mine.file}-wal`);
    rmSync(`${mine.file}-shm`, { force: true });
    const { threads, texts, store } = afterDamage(mine.dir);
    stranger.close();
    expect([threads.length, texts.length]).toEqual([THREADS, THREADS * 20]);
    isSafe(store);
  });
});

describe("a start that is killed", () => {
  test("[T24] in the middle of a rescue leaves the damaged file, or the rescued store, which is then put in its place", () => {
    const { dir, file } = whole();
    overwrite(file, 0, 100);
    const damaged = readFileSync(file);
    // Each state on the way, as a kill leaves it.
    const halfway = tempDir();
    cpSync(dir, halfway, { recursive: true });
    writeFileSync(join(halfway, "bulkhead.rescuing"), damaged.subarray(0, 9_000));
    writeFileSync(join(halfway, "bulkhead.copy"), damaged);
    expect(afterDamage(halfway).threads).toHaveLength(THREADS);

    const rescued = tempDir();
    cpSync(halfway, rescued, { recursive: true, filter: (path) => !path.includes("bulkhead.lock") });
    for (const name of asides(rescued)) rmSync(join(rescued, name));
    renameSync(join(rescued, "bulkhead.db"), join(rescued, "bulkhead.rescued"));
    for (const there of [true, false]) {
      const next = tempDir();
      cpSync(rescued, next, { recursive: true });
      if (there) writeFileSync(join(next, "bulkhead.db"), damaged);
      expect(createThreadStore(open(next)).list(WID)).toHaveLength(THREADS);
      expect(asides(next).map((name) => readFileSync(join(next, name)).equals(damaged))).toEqual(there ? [true] : []);
    }
    for (const each of [halfway, rescued])
      expect(readdirSync(each).filter((name) => /rescuing|copy/.test(name))).toEqual([]);
  });

  test("[T24] where there is no room for the rescue leaves all as it was, says so, and is done once there is", () => {
    const { dir, file } = whole();
    overwrite(file, 0, 100);
    const damaged = readFileSync(file);
    const full = { id: (migrations.at(-1)?.id ?? 0) + 1, name: "no room", sql: "PRAGMA max_page_count = 1" };
    expect(refused(() => openStore({ dir, steps: [...migrations, full] })).code).toBe("disk-full");
    expect([
      readFileSync(file).equals(damaged),
      asides(dir),
      readdirSync(dir).filter((name) => /rescue|rescuing|copy/.test(name)),
    ]).toEqual([true, [], []]);
    expect(afterDamage(dir).threads).toHaveLength(THREADS);
  });

  test("[T24] at any step of the schema opens the next time with everything in it", () => {
    for (let version = 1; version < migrations.length; version += 1) {
      const dir = tempDir();
      openStore({ dir, steps: migrations.slice(0, version) }).close();
      expect(open(dir).db.pragma("user_version", { simple: true })).toBe(migrations.at(-1)?.id);
      expect(asides(dir)).toEqual([]);
    }
  });

  test("[T24] while the first file is made begins again", () => {
    const dir = tempDir();
    writeFileSync(join(dir, "bulkhead.new"), "half of a");
    expect(createThreadStore(open(dir)).list(WID)).toEqual([]);
    expect(readdirSync(dir).filter((name) => name.includes("new"))).toEqual([]);
  });
});

describe("the backup", () => {
  test("[T24] is for its owner alone, is made once a day, and is gone before anything is erased", async () => {
    const dir = tempDir();
    const store = open(dir);
    store.write(() => fill(store));
    const path = join(dir, "bulkhead.backup");
    let now = Date.now();
    const backups = createBackups(store, () => now);
    await backups.look();
    const first = statSync(path);
    if (process.platform !== "win32") expect(first.mode & 0o777).toBe(0o600);
    await backups.look();
    expect(statSync(path).ino).toBe(first.ino);
    now += 25 * 3_600_000;
    await backups.look();
    expect(statSync(path).ino).not.toBe(first.ino);

    expect(readFileSync(path).includes("Thread 7")).toBe(true);
    createThreadStore(store).remove("t7");
    expect(existsSync(path)).toBe(false);
    await backups.look();
    expect([readFileSync(path).includes("Thread 8"), readFileSync(path).includes("harbour 7 ")]).toEqual([true, false]);
  });

  test("[T24] that is under way while something is erased is thrown away", async () => {
    const dir = tempDir();
    const store = open(dir);
    store.write(() => fill(store));
    const under = createBackups(store, Date.now).look();
    createThreadStore(store).remove("t7");
    await under;
    expect(readdirSync(dir).filter((name) => name.includes("backup"))).toEqual([]);
  });
});
