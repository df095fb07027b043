/** One damaged row of a list that is read from disk does not hide the others. */
import { expect, onTestFinished, test } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import type { DeviceId, MemberId, WorkspaceId } from "#core/protocol/ids.ts";
import { createDraftStore, EMPTY_DRAFT } from "../../../../electron/host/store/drafts.ts";
import { openStore } from "../../../../electron/host/store/open.ts";
import { createSettingsStore } from "../../../../electron/host/store/settings.ts";
import { createThreadStore } from "../../../../electron/host/store/threads.ts";
import { createToolServerStore } from "../../../../electron/host/store/tool-servers.ts";
import { createUnreadable } from "../../../../electron/host/store/unreadable.ts";
import { createWorkspaceStore } from "../../../../electron/host/store/workspaces.ts";
import { tempDir } from "../../../helpers/temp.ts";

const id = (letter: string): string => letter.repeat(22);
const rowOf = (letter: string) =>
  ({
    wid: id(letter) as WorkspaceId,
    member: id("m") as MemberId,
    device: id("d") as DeviceId,
    nextDevice: null,
    server: "https://sync.test",
    embedded: null,
    paused: false,
    halt: null,
    pin: [0, ""],
  }) as const;

const world = () => {
  const store = openStore({ dir: tempDir() });
  onTestFinished(() => store.close());
  const told: string[] = [];
  store.unreadable.onNew((table) => told.push(table));
  return { store, told };
};

test("a workspace whose row is damaged hides no other, is named once and stays in the file", () => {
  const { store, told } = world();
  const rows = createWorkspaceStore(store);
  for (const letter of ["v", "w", "x"]) rows.add(rowOf(letter), 1);
  store.db.prepare("UPDATE workspaces SET member = 'ada' WHERE wid = ?").run(id("w"));
  for (let i = 0; i < 3; i += 1) expect(rows.list()).toEqual([rowOf("v"), rowOf("x")]);
  expect([rows.unread(), told]).toEqual([1, ["workspaces"]]);
  expect(store.db.prepare("SELECT count(*) AS n FROM workspaces").get()).toEqual({ n: 3 });
  // Whoever joins it again has it again.
  rows.add(rowOf("w"), 2);
  expect([rows.list().length, rows.unread()]).toEqual([3, 0]);
});

test("a document with a damaged name hides no other of its workspace", () => {
  const { store, told } = world();
  const rows = createWorkspaceStore(store);
  for (const letter of ["v", "w"]) {
    rows.add(rowOf(letter), 1);
    rows.append(id(letter), LOG, 1, ["an entry"]);
  }
  store.db.prepare("INSERT INTO chain (wid, doc, seq, entry) VALUES (?, 'nothing:', 1, '')").run(id("w"));
  expect([rows.docs(id("v")), rows.docs(id("w"))]).toEqual([[LOG], [LOG]]);
  expect([rows.unreadDocs(id("v")), rows.unreadDocs(id("w")), told]).toEqual([0, 1, ["chain"]]);
});

test("one setting that cannot be read takes no other with it", () => {
  const { store, told } = world();
  const settings = createSettingsStore(store);
  settings.set({ theme: "dark", notifications: false });
  settings.setUntold([id("w")]);
  const damage = store.db.prepare("UPDATE settings SET value = ? WHERE name = ?");
  damage.run("da", "theme");
  damage.run("[", "untold-name");
  expect(settings.get()).toMatchObject({ theme: "system", notifications: false });
  expect(settings.untold()).toEqual([]);
  damage.run('"a theme of tomorrow"', "theme");
  expect(settings.get()).toMatchObject({ theme: "system", notifications: false });
  expect(told).toEqual(["settings", "settings"]);
});

test("a damaged draft or launch is answered as none", () => {
  const { store, told } = world();
  const drafts = createDraftStore(store);
  createThreadStore(store).add({ id: "t", wid: id("w"), title: "A", at: 1 });
  drafts.set("t", { version: 3, writer: "a", typedAt: 5, draft: { ...EMPTY_DRAFT, text: "typed" }, aside: [] });
  store.db.prepare("UPDATE drafts SET draft = '{'").run();
  expect(drafts.get("t")).toMatchObject({ version: 3, draft: EMPTY_DRAFT });
  expect(told).toEqual(["drafts"]);
  const servers = createToolServerStore(store);
  const launch = { kind: "http", url: "https://tools.test" } as never;
  servers.accept(id("w"), "s", { launch, hash: "h" as never }, {}, 1);
  store.db.prepare("UPDATE tool_accepted SET launch = '{'").run();
  expect(servers.accepted(id("w"), "s")).toBeNull();
});

test("whoever listens late is told of what is known, and a fault of ours is no damage", () => {
  const unreadable = createUnreadable();
  const broken = (text: string): unknown => JSON.parse(text);
  expect(unreadable.each("a", ["1", "{", "2"], (text) => text, broken)).toEqual([1, 2]);
  const told: string[] = [];
  unreadable.onNew((table) => told.push(table));
  unreadable.each("a", ["{", "["], (text) => text, broken);
  expect([told, unreadable.count("a"), unreadable.count("b")]).toEqual([["a", "a"], 2, 0]);
  const fault = (): never => {
    throw new TypeError("ours");
  };
  expect(() => unreadable.one("a", "1", fault, null)).toThrow("ours");
});
