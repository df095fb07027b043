/** The key with which the server signs heads is recorded, whatever was in the way when the workspace was founded. */
import { expect, test } from "vitest";
import { parseCommand } from "#core/protocol/command.ts";
import { createWorkspaceStore } from "../../electron/host/store/workspaces.ts";
import type { Store } from "../../electron/host/store/open.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { startServerProcess } from "../helpers/app.ts";
import { openTestHost } from "../helpers/host.ts";
import { untilAnswered } from "../helpers/wait.ts";

const kinds = (store: Store, wid: string): (string | undefined)[] =>
  createWorkspaceStore(store)
    .entries(wid, "log")
    .map((entry) => parseCommand(nodeCrypto, (JSON.parse(entry) as { c: string }).c)?.payload.k);

test("[T15] the server's key is told with the founding, once", async () => {
  const server = await startServerProcess();
  const { store, call } = await openTestHost("Ada");
  const { wid } = await call("workspace.create", { name: "Harbour", server: { kind: "url", url: server.url } });
  expect(kinds(store, wid).filter((kind) => kind === "server.key")).toHaveLength(1);
  expect(createWorkspaceStore(store).owedKey(wid)).toBeNull();
});

test("[T15] a key that a full disk kept from being told is told as soon as there is room", async () => {
  const server = await startServerProcess();
  const { store, call } = await openTestHost("Ada");
  store.db.exec("CREATE TEMP TRIGGER full BEFORE UPDATE ON main.counters BEGIN SELECT RAISE(ABORT, 'full'); END");
  const { wid } = await call("workspace.create", { name: "Harbour", server: { kind: "url", url: server.url } });
  expect([kinds(store, wid), createWorkspaceStore(store).owedKey(wid)]).toEqual([["genesis"], expect.any(String)]);
  store.db.exec("DROP TRIGGER temp.full");
  await untilAnswered(
    () =>
      Promise.resolve(kinds(store, wid).includes("server.key") && createWorkspaceStore(store).owedKey(wid) === null),
    "the key in the log",
  );
  expect(kinds(store, wid).filter((kind) => kind === "server.key")).toHaveLength(1);
});
