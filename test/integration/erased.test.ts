/** What its person deletes is in no file of the data folder any more: while the app runs, after a kill, after its end. */
import { noted } from "../helpers/worded.ts";
import type { Hash, QueueId, WorkspaceId } from "#core/protocol/ids.ts";
import { cpSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import Sqlite from "better-sqlite3";
import { expect, test } from "vitest";
import { createConfirmStore } from "../../electron/host/store/confirms.ts";
import { createHoldStore } from "../../electron/host/store/holds.ts";
import { createMessageStore } from "../../electron/host/store/messages.ts";
import { openStore } from "../../electron/host/store/open.ts";
import type { Store } from "../../electron/host/store/open.ts";
import { createRunStore } from "../../electron/host/store/runs.ts";
import { createThreadStore } from "../../electron/host/store/threads.ts";
import { createToolServerStore } from "../../electron/host/store/tool-servers.ts";
import { createWorkspaceStore } from "../../electron/host/store/workspaces.ts";
import { canary, findCanaries } from "../helpers/canary.ts";
import { openTestHost } from "../helpers/host.ts";
import { tempDir } from "../helpers/temp.ts";
import { keptRow } from "../helpers/kept-row.ts";

const filesUnder = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, encoding: "utf8" })
    .map((name) => join(dir, name))
    .filter((path) => statSync(path).isFile());
/** Files of the folder in which one of the words stands, in any form. */
const holding = (dir: string, words: readonly string[]): string[] =>
  findCanaries(
    filesUnder(dir).map((path) => ({ path, bytes: readFileSync(path) })),
    words,
  );

const WID = "w".repeat(22);
const SIZES = [1, 200, 20_000];
/** A thread with the word in everything that a thread can have, each part written several times in several sizes. */
const fill = (store: Store, thread: string, word: string): void => {
  const runs = createRunStore(store);
  const messages = createMessageStore(store, runs);
  const workspaces = createWorkspaceStore(store);
  const text = (size: number): string => `${word} `.repeat(Math.ceil(size / word.length));
  workspaces.add(keptRow({ wid: WID, server: "s", paused: true }), 1);
  createThreadStore(store).add({ id: thread, wid: WID, title: `title ${word}`, at: 1 });
  runs.add({ id: `r-${thread}`, thread, kind: "direct", phase: "done", at: 1 });
  const call = `c-${thread}`;
  runs.addCall({
    id: call,
    run: `r-${thread}`,
    step: 1,
    server: "s",
    serverName: "S",
    tool: "t",
    args: JSON.stringify({ word }),
    why: word,
    providerId: call,
    providerName: "t",
    state: "done",
    reason: noted(word),
  });
  for (let n = 0; n < 60; n += 1) {
    const id = `m-${thread}-${n}`;
    messages.add({ id, thread, at: n, author: "agent", run: null, step: null, streaming: true });
    messages.setParts(id, [{ kind: "text", text: "", final: false }], true);
    for (const size of SIZES) messages.setText(id, text(size));
    messages.setParts(id, [{ kind: "text", text: text(n % 2 === 0 ? 20_000 : 20), final: true }], false);
  }
  messages.addPart(`m-${thread}-0`, { kind: "call", call });
  createHoldStore(store).add({
    call,
    wid: WID as WorkspaceId,
    request: `q-${thread}` as Hash,
    replaces: null,
    queue: "approvers" as QueueId,
    callHash: "h" as Hash,
    salt: "s",
    launch: "l",
    schema: "s",
    decideBy: 1,
    useBy: 1,
    state: "rejected",
    votes: 0,
    needed: 1,
    expiresAt: null,
    decidedBy: null,
    reason: noted(word),
    enclosed: JSON.stringify({ said: word }),
  });
  createConfirmStore(store).add({
    call,
    wid: WID,
    hash: thread,
    launch: "l",
    schema: "s",
    rule: noted("r"),
    askedAt: 1,
    until: 1,
    state: "rejected",
    device: null,
    signature: null,
    reason: noted(word),
  });
};
const opened = async () => {
  const host = await openTestHost("Ada");
  return { ...host, dir: dirname(host.store.file) };
};

test("[T24] a deleted thread is in no file while the app runs, nor are earlier states of what was in it; others stay", async () => {
  const { store, call, dir } = await opened();
  const [gone, kept] = [canary("gone"), canary("kept")];
  fill(store, "gone", gone);
  fill(store, "kept", kept);
  for (const size of SIZES.toReversed())
    await call("thread.saveDraft", {
      thread: "gone",
      draft: { text: `${gone} `.repeat(Math.ceil(size / gone.length)), calls: [], open: null },
      base: 0,
      writer: "w",
      typedAt: 1,
    });
  expect((await call("search", { wid: WID, query: gone })).length).toBeGreaterThan(0);
  expect(holding(dir, [gone]).length).toBeGreaterThan(1);

  await call("thread.delete", { thread: "gone" });

  expect(holding(dir, [gone])).toEqual([]);
  expect(holding(dir, [kept]).length).toBeGreaterThan(0);
  expect([
    (await call("search", { wid: WID, query: gone })).length,
    (await call("search", { wid: WID, query: kept })).length > 0,
  ]).toEqual([0, true]);
  store.close();
  expect([holding(dir, [gone]), holding(dir, [kept]).length > 0]).toEqual([[], true]);
});

test("[T24] a draft that was emptied or put away is in no file", async () => {
  const { store, call, dir } = await opened();
  const [emptied, aside] = [canary("emptied"), canary("aside")];
  createThreadStore(store).add({ id: "t", wid: WID, title: "", at: 1 });
  const save = (text: string, writer: string, base: number) =>
    call("thread.saveDraft", {
      thread: "t",
      draft: { text: text.repeat(200), calls: [], open: null },
      base,
      writer,
      typedAt: base + 1,
    });
  await save(aside, "one", 0);
  const { version, aside: put } = await save(emptied, "two", 0);
  expect([put.length, holding(dir, [aside]).length > 0, holding(dir, [emptied]).length > 0]).toEqual([1, true, true]);
  await call("thread.aside", { thread: "t", aside: put[0]?.id ?? 0, use: false });
  expect([holding(dir, [aside]), holding(dir, [emptied]).length > 0]).toEqual([[], true]);
  await save("", "two", version + 1);
  expect(holding(dir, [emptied])).toEqual([]);
});

test("[T24] a removed model's key is in no file, sealed or open", async () => {
  const { store, call, dir } = await opened();
  const key = canary("key");
  const { id } = await call("model.add", {
    kind: "openai-compatible",
    name: "Mine",
    model: "m",
    baseUrl: "http://127.0.0.1:1/v1",
    key,
  });
  const { sealed } = store.db.prepare("SELECT sealed_key AS sealed FROM models WHERE id = ?").get(id) as {
    sealed: string;
  };
  expect([holding(dir, [sealed]).length > 0, holding(dir, [key])]).toEqual([true, []]);
  await call("model.remove", { model: id });
  expect(holding(dir, [sealed, key])).toEqual([]);
});

test("[T24] a tool's value that was replaced, taken away or forgotten with its server is in no file", async () => {
  const { store, dir } = await opened();
  const tools = createToolServerStore(store);
  const accepted = { launch: { kind: "stdio" as const, command: "c", args: [], env: [], vars: [] }, hash: "h" };
  const [first, second, third] = [canary("first"), canary("second"), canary("third")];
  tools.accept(WID, "s", accepted, { TOKEN: first.repeat(200) }, 1);
  expect(holding(dir, [first]).length).toBeGreaterThan(0);
  tools.accept(WID, "s", accepted, { TOKEN: second }, 1);
  expect([holding(dir, [first]), holding(dir, [second]).length > 0]).toEqual([[], true]);
  tools.accept(WID, "s", accepted, { TOKEN: null, OTHER: third }, 1);
  expect([holding(dir, [second]), holding(dir, [third]).length > 0]).toEqual([[], true]);
  tools.forget(WID, "s");
  expect(holding(dir, [third])).toEqual([]);
});

test("[T24] another program that reads the file while something is deleted keeps it in the journal no longer than to the next write after it", () => {
  const dir = tempDir();
  const store = openStore({ dir });
  const word = canary("read");
  fill(store, "t", word);
  const reader = new Sqlite(store.file, { readonly: true });
  reader.exec("BEGIN; SELECT count(*) FROM threads");
  reader.prepare("SELECT count(*) FROM threads").get();
  createThreadStore(store).remove("t");
  expect(createThreadStore(store).get("t")).toBeNull();
  expect(holding(dir, [word]).length).toBeGreaterThan(0);
  reader.close();
  createThreadStore(store).add({ id: "next", wid: WID, title: "", at: 1 });
  expect(holding(dir, [word])).toEqual([]);
  store.close();
});

test("[T24] a kill between the deletion and the end of its journal leaves nothing that the next start does not take away", () => {
  const [dir, killed] = [tempDir(), tempDir()];
  const store = openStore({ dir });
  const word = canary("killed");
  fill(store, "t", word);
  store.write(() => {
    store.db.exec("DELETE FROM threads WHERE id = 't'");
    store.db.exec("INSERT INTO search (search) VALUES ('optimize')");
  });
  cpSync(dir, killed, { recursive: true });
  store.close();
  expect(holding(killed, [word]).length).toBeGreaterThan(0);
  const next = openStore({ dir: killed });
  expect([createThreadStore(next).get("t"), holding(killed, [word])]).toEqual([null, []]);
  next.close();
});
