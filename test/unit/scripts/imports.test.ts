import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";
import { findBreaches } from "../../../scripts/check/imports.ts";
import { tempDir } from "../../helpers/temp.ts";

/** A tree with one file, and what the check says about it. */
const breachesOf = (file: string, text: string): string[] => {
  const root = tempDir();
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
  return findBreaches(root, []).map((breach) => `${breach.file}:${breach.line} ${breach.sentence}`);
};

test("the real tree has no forbidden import", () => {
  expect(findBreaches(resolve(import.meta.dirname, "../../.."))).toEqual([]);
});

test.each([
  ["sync-server/core/a.ts", `import { x } from "../server/store.ts";`, /core may not import sync-server/],
  ["sync-server/core/protocol/a.ts", `import { may } from "../rules/may.ts";`, /protocol may not import .*rules/],
  ["sync-server/client/copy/a.ts", `import "../link/socket.ts";`, /copy may not import .*link/],
  ["sync-server/client/a.ts", `import "../../electron/host/seams.ts";`, /client may not import electron\/host/],
  ["sync-server/server/order/a.ts", `import "../connections/peer.ts";`, /order may not import .*connections/],
  ["electron/host/agent/a.ts", `import "../cards/cards.ts";`, /agent may not import .*cards/],
  ["electron/host/agent/a.ts", `import "../rpc/serve.ts";`, /agent may not import .*rpc/],
  ["renderer/text/a.ts", `import "../parts/button.tsx";`, /text may not import renderer\/parts/],
  ["sync-server/core/a.ts", `import { z } from "zod";`, /core runs without Node, .* may not import zod/],
  ["sync-server/core/a.ts", `import { createHash } from "node:crypto";`, /core runs without Node.*node:crypto/],
  ["sync-server/client/link/a.ts", `import { WebSocket } from "ws";`, /client runs without Node.*may not import ws/],
  ["sync-server/client/keys/a.ts", `import type { KeyObject } from "node:crypto";`, /client runs without Node/],
  ["sync-server/client/a.ts", `import { app } from "electron";`, /client runs without Node.*import electron/],
  ["sync-server/client/a.ts", `const fs = await import("fs");`, /client runs without Node.*import fs/],
  [
    "sync-server/client/a.ts",
    `import { nodeCrypto } from "#node/crypto.ts";`,
    /client may not import sync-server\/node/,
  ],
  ["sync-server/core/a.ts", `import { nodeCrypto } from "#node/crypto.ts";`, /core may not import sync-server\/node/],
  ["sync-server/server/a.ts", `import "../../electron/bridge/answer.ts";`, /may not import electron\/bridge/],
  ["sync-server/server/a.ts", `export * from "#bridge/answer.ts";`, /may not import electron\/bridge/],
  ["electron/main/a.ts", `const host = await import("../host/main.ts");`, /main may not import electron\/host/],
  ["electron/host/a.ts", `import type { App } from "../main/keys.ts";`, /host may not import electron\/main/],
  ["renderer/a.tsx", `type T = import("../electron/host/seams.ts").Permit;`, /renderer may not import electron\/host/],
  ["electron/preload/a.ts", `import { id } from "#core/protocol/ids.ts";`, /preload may not import sync-server\/core/],
  ["electron/host/a.ts", `import { app } from "electron";`, /electron may be imported only/],
  ["electron/host/gate/a.ts", `import Sqlite from "better-sqlite3";`, /better-sqlite3 may be imported only/],
  ["renderer/a.ts", `import { WebSocket } from "ws";`, /ws may be imported only/],
  ["sync-server/server/a.ts", `import * as Y from "yjs";`, /yjs may be imported only.*decodes no Yjs/],
  [
    "sync-server/server/a.ts",
    `import { readSyncMessage } from "y-protocols/sync";`,
    /y-protocols\/sync may be imported only/,
  ],
  ["electron/host/agent/a.ts", `await client.callTool({ name });`, /run-call\.ts alone/],
  ["electron/host/tools/a.ts", `send({ method: "tools/call" });`, /run-call\.ts alone/],
  ["electron/host/agent/a.ts", `const p = {} as unknown as Permit;`, /gate\.ts alone/],
  ["electron/main/a.ts", `import { ipcMain } from "electron";`, /ipc\.ts alone/],
  ["electron/host/cards/a.ts", `setInterval(() => undefined, 1_000);`, /beat\.ts alone/],
])("refuses %s with %s", (file, text, sentence) => {
  const breaches = breachesOf(file, text);
  expect(breaches.length).toBeGreaterThan(0);
  expect(breaches.join("\n")).toMatch(sentence);
});

test.each([
  ["sync-server/core/a.ts", `import * as encoding from "lib0/encoding"; import { x } from "./ids.ts";`],
  ["sync-server/client/link/a.ts", `import { WebsocketProvider } from "y-websocket"; import * as Y from "yjs";`],
  ["electron/shell/a.ts", `import { nodeCrypto } from "#node/crypto.ts";`],
  ["electron/host/store/a.ts", `import Sqlite from "better-sqlite3"; import { id } from "#core/protocol/ids.ts";`],
  ["electron/host/beat.ts", `setInterval(() => undefined, 1_000);`],
  ["sync-server/server/a.ts", `setInterval(() => undefined, 1_000);`],
  ["electron/main/ipc.ts", `import { ipcMain } from "electron"; ipcMain.handle("rpc", () => null);`],
  ["electron/host/a.ts", `// import "../main/keys.ts" and call "tools/call" as Permit\nexport const text = 1;`],
  ["electron/host/agent/a.ts", `import "../gate/gate.ts"; import "../seams.ts"; import "#client/live.ts";`],
  ["renderer/pages/team/a.tsx", `import "../../parts/button.tsx"; import "../../bridge.ts";`],
  ["test/a.ts", `import "../electron/host/main.ts"; import "electron";`],
])("lets %s import what it may", (file, text) => {
  expect(breachesOf(file, text)).toEqual([]);
});

test("an exception holds for one import, and is refused where nothing needs it", () => {
  const root = tempDir();
  mkdirSync(join(root, "electron/host/agent"), { recursive: true });
  writeFileSync(join(root, "electron/host/agent/a.ts"), `import "../cards/cards.ts"; import "../rpc/serve.ts";`);
  const excepted = "electron/host/agent/a.ts > electron/host/cards/cards.ts";
  const idle = "electron/host/agent/b.ts > electron/host/cards/cards.ts";
  expect(findBreaches(root, [excepted]).map(({ sentence }) => sentence)).toEqual([
    expect.stringContaining("host/rpc/serve.ts"),
  ]);
  expect(findBreaches(root, [excepted, idle]).map(({ file }) => file)).toEqual(["electron/host/agent/a.ts", idle]);
});

test("names the line, and refuses a file that it cannot read as code", () => {
  expect(breachesOf("renderer/a.ts", `\n\nimport "ws";`)[0]).toMatch(/^renderer\/a\.ts:3 /);
  expect(breachesOf("renderer/a.ts", `import from from`)[0]).toMatch(/cannot be parsed/);
});

test.each(["core", "client"])("sync-server/%s compiles without the names of Node or of a browser", (folder) => {
  const read = (path: string): { compilerOptions: { types?: string[]; lib?: string[] } } =>
    JSON.parse(readFileSync(resolve(import.meta.dirname, "../../..", path), "utf8"));
  const [own, base] = [read(`sync-server/${folder}/tsconfig.json`), read("tsconfig.base.json")].map(
    ({ compilerOptions }) => compilerOptions,
  );
  expect(own?.types).toEqual([]);
  expect(own?.lib ?? base?.lib).toEqual(["es2024"]);
});
