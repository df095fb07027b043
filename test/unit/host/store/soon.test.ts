import { statSync } from "node:fs";
import Sqlite from "better-sqlite3";
import { expect, test } from "vitest";
import type { Hash } from "#core/protocol/ids.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { createLedger } from "../../../../electron/host/store/ledger.ts";
import { openStore } from "../../../../electron/host/store/open.ts";
import type { Store } from "../../../../electron/host/store/open.ts";
import { createThreadStore } from "../../../../electron/host/store/threads.ts";
import { createWorkspaceStore } from "../../../../electron/host/store/workspaces.ts";
import { noted } from "../../../helpers/worded.ts";
import { keptRow } from "../../../helpers/kept-row.ts";
import { tempDir } from "../../../helpers/temp.ts";
import { until } from "../../../helpers/wait.ts";

type Done = (error: Error | null) => void;
/** A store whose flushes end when the test says so. */
const slowDisk = (): { store: Store; flushes: Done[]; add: (id: string) => void } => {
  const flushes: Done[] = [];
  const store = openStore({ dir: tempDir(), soon: { afterMs: 1, flush: (_, done) => void flushes.push(done) } });
  const threads = createThreadStore(store);
  const add = (id: string): void => store.soon(() => threads.add({ id, wid: "w", title: "", at: 1 }));
  return { store, flushes, add };
};
const level = (store: Store): unknown => store.db.pragma("synchronous", { simple: true });
const [NORMAL, FULL] = [1, 2];
/** Whether that promise is over by the time that everything else which was due is. */
const isOver = async (promise: Promise<unknown>): Promise<boolean> => {
  let over = false;
  void promise.then(() => (over = true));
  await new Promise((resolve) => setImmediate(resolve));
  return over;
};

test("only what asks for it does not wait for the disk", () => {
  const { store } = slowDisk();
  expect([store.soon(() => level(store)), level(store), store.write(() => level(store))]).toEqual([NORMAL, FULL, FULL]);
  expect(() =>
    store.soon(() => {
      throw new Error("ours");
    }),
  ).toThrow("ours");
  // The outer transaction decides, and neither is left half.
  expect([store.write(() => store.soon(() => level(store))), level(store)]).toEqual([FULL, FULL]);
  store.close();
});

test("[T19] [T20] what somebody acts on at once cannot be kept by a commit that does not wait", () => {
  const { store } = slowDisk();
  const [ledger, rows] = [createLedger(store), createWorkspaceStore(store)];
  const kept = keptRow({ server: "http://127.0.0.1:4700" });
  rows.add(kept, 1);
  const row = { call: "c", wid: "w", request: null, confirmed: null, launch: "l", schema: "s", argsHash: "h", at: 1 };
  const open = (): boolean => ledger.open({ ...row, rule: noted("rule allows") });
  const queue = (): void =>
    rows.queue(kept.wid, { command: "c" as Hash, kind: "approval.vote", request: null, jws: "j" }, 1);
  expect(() => store.soon(open)).toThrow("must wait for the disk");
  expect(() => store.soon(queue)).toThrow("must wait for the disk");
  expect([ledger.get("c"), rows.firstWaiting(kept.wid)]).toEqual([null, null]);
  expect(store.write(open)).toBe(true);
  store.write(queue);
  expect([ledger.get("c"), rows.firstWaiting(kept.wid)?.command]).toEqual([{ result: null }, "c"]);
  store.close();
});

test("[T20] that a command was refused waits for the disk: sent again, it would be judged anew", async () => {
  const { store } = slowDisk();
  const rows = createWorkspaceStore(store);
  const kept = keptRow({ server: "http://127.0.0.1:4700" });
  rows.add(kept, 1);
  const settled = (command: string, code: string | null): Promise<boolean> => {
    rows.queue(kept.wid, { command: command as Hash, kind: "approval.vote", request: null, jws: "j" }, 1);
    rows.settle(kept.wid, command as Hash, code);
    return isOver(store.flushed());
  };
  expect(await settled("refused", "forbidden")).toBe(true);
  expect(await settled("taken", null)).toBe(false);
  expect(rows.firstWaiting(kept.wid)).toBeNull();
  store.close();
});

test("what is to be in no file any more is not deleted by a commit that does not wait", () => {
  const { store, add } = slowDisk();
  add("canary");
  const journal = (): number => statSync(`${store.file}-wal`).size;
  const erase = (): void => store.erase("rows", () => void store.db.prepare("DELETE FROM threads").run());
  expect(() => store.soon(erase)).toThrow("must wait for the disk");
  expect(store.db.prepare("SELECT count(*) FROM threads").pluck().get()).toBe(1);
  expect(journal()).toBeGreaterThan(0);
  store.write(erase);
  expect([store.db.prepare("SELECT count(*) FROM threads").pluck().get(), journal()]).toEqual([0, 0]);
  store.close();
});

test("a commit that did not wait is flushed within a moment, and until then nobody is told that it was", async () => {
  const { store, flushes, add } = slowDisk();
  expect(await isOver(store.flushed())).toBe(true);
  add("a");
  const flushed = store.flushed();
  await until(() => flushes.length === 1, "a flush");
  expect(await isOver(flushed)).toBe(false);
  // What is committed while the disk writes may have come too late for it.
  add("b");
  const both = store.flushed();
  flushes[0]?.(null);
  expect([await isOver(flushed), await isOver(both)]).toEqual([true, false]);
  await until(() => flushes.length === 2, "the next flush");
  flushes[1]?.(null);
  expect(await isOver(both)).toBe(true);
  store.close();
});

test("the next commit that waits flushes those before it too, and a flush that began earlier says nothing of later ones", async () => {
  const { store, flushes, add } = slowDisk();
  add("a");
  await until(() => flushes.length === 1, "a flush");
  store.write(() => add("w"));
  expect(await isOver(store.flushed())).toBe(true);
  add("b");
  const later = store.flushed();
  flushes[0]?.(null);
  expect(await isOver(later)).toBe(false);
  await until(() => flushes.length === 2, "the next flush");
  store.close();
  expect(await isOver(later)).toBe(true);
});

// SQLite flushes nothing for a transaction that changed no page.
test("a commit that waits and changes nothing flushes nothing, so what did not wait is flushed by itself", async () => {
  const { store, flushes, add } = slowDisk();
  const rename = (to: string): void => store.write(() => void store.db.prepare("UPDATE threads SET title = ?").run(to));
  add("a");
  const flushed = store.flushed();
  store.write(() => undefined);
  rename("");
  expect(await isOver(flushed)).toBe(false);
  await until(() => flushes.length === 1, "a flush");
  flushes[0]?.(null);
  expect(await isOver(flushed)).toBe(true);
  // The control: one that changes something is flushed, and all before it.
  add("b");
  const both = store.flushed();
  rename("b");
  expect(await isOver(both)).toBe(true);
  store.close();
});

test("once the disk could not be flushed, every commit waits for it", async () => {
  const { store, flushes, add } = slowDisk();
  add("a");
  const flushed = store.flushed();
  await until(() => flushes.length === 1, "a flush");
  flushes[0]?.(Object.assign(new Error("input/output"), { code: "EIO" }));
  await expect(flushed).rejects.toThrow(Refusal);
  expect(store.soon(() => level(store))).toBe(FULL);
  expect(await isOver(store.flushed())).toBe(true);
  store.close();
});

test("pages that the disk may have lost are not built upon: the journal is cut before the next commit", async () => {
  const { store, flushes, add } = slowDisk();
  const frames = (): unknown => (store.db.pragma("wal_checkpoint(NOOP)") as { log: number }[])[0]?.log;
  for (const id of ["a", "b", "c"]) add(id);
  const [kept] = [frames()];
  await until(() => flushes.length === 1, "a flush");
  flushes[0]?.(null);
  // The control: what the disk has may be followed.
  add("d");
  expect(frames()).toBeGreaterThan(kept as number);
  await until(() => flushes.length === 2, "the next flush");
  flushes[1]?.(Object.assign(new Error("input/output"), { code: "EIO" }));
  store.write(() => add("e"));
  expect(frames()).toBeLessThan(kept as number);
  expect(store.db.prepare("SELECT count(*) AS n FROM threads").get()).toEqual({ n: 5 });
  store.close();
});

test("where the journal cannot be cut then, nothing is kept until it can", async () => {
  const { store, flushes, add } = slowDisk();
  add("a");
  await until(() => flushes.length === 1, "a flush");
  // Somebody reads what stands in the journal.
  const reader = new Sqlite(store.file, { readonly: true });
  const rows = reader.prepare("SELECT id FROM threads").iterate();
  rows.next();
  store.db.pragma("busy_timeout = 0");
  flushes[0]?.(Object.assign(new Error("input/output"), { code: "EIO" }));
  expect(() => add("b")).toThrow(Refusal);
  expect(() => store.write(() => add("b"))).toThrow(Refusal);
  rows.return?.();
  reader.close();
  add("b");
  expect(store.db.prepare("SELECT id FROM threads ORDER BY id").pluck().all()).toEqual(["a", "b"]);
  store.close();
});
