/** What is shipped, frozen as text: a change must be made here too, on purpose. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { FuseV1Options } from "@electron/fuses";
import { expect, test } from "vitest";
import { distributionOf } from "../../scripts/dist.ts";

const yml = readFileSync(fileURLToPath(new URL("../../electron-builder.yml", import.meta.url)), "utf8");
/** Lines under a key of the top level, without comments. */
const under = (key: string): string[] => {
  const lines = yml.split("\n").filter((line) => !line.trim().startsWith("#"));
  const start = lines.indexOf(`${key}:`);
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => /^\S/.test(line));
  return start < 0
    ? []
    : rest
        .slice(0, end < 0 ? undefined : end)
        .map((line) => line.trim())
        .filter((line) => line !== "");
};

test("every fuse is set, and none is open", () => {
  expect(under("electronFuses")).toEqual([
    "runAsNode: false",
    "enableCookieEncryption: true",
    "enableNodeOptionsEnvironmentVariable: false",
    "enableNodeCliInspectArguments: false",
    "enableEmbeddedAsarIntegrityValidation: true",
    "onlyLoadAppFromAsar: true",
    "loadBrowserProcessSpecificV8Snapshot: false",
    "grantFileProtocolExtraPrivileges: false",
    "resetAdHocDarwinSignature: true",
  ]);
});

test("a fuse that Electron adds is noticed here", () => {
  const known = Object.keys(FuseV1Options).filter((name) => Number.isNaN(Number(name)));
  // electron-builder cannot set the last one yet; it only makes WebAssembly faster or slower.
  expect(known).toEqual([
    "RunAsNode",
    "EnableCookieEncryption",
    "EnableNodeOptionsEnvironmentVariable",
    "EnableNodeCliInspectArguments",
    "EnableEmbeddedAsarIntegrityValidation",
    "OnlyLoadAppFromAsar",
    "LoadBrowserProcessSpecificV8Snapshot",
    "GrantFileProtocolExtraPrivileges",
    "WasmTrapHandlers",
  ]);
});

test("the app is one archive with only the native module beside it, and nothing is rebuilt", () => {
  expect(yml).toMatch(/^asar: true$/m);
  expect(yml).toMatch(/^npmRebuild: false$/m);
  expect(under("asarUnpack")).toEqual(["- node_modules/better-sqlite3/**"]);
  expect(yml).not.toMatch(/disableAsarIntegrity|disableSanityCheckAsar/);
});

test("[T16] invite links are registered with the system by the installers", () => {
  expect(under("protocols").join(" ")).toBe("- name: Bulkhead invite schemes: - bulkhead");
});

test("each system gets its usual installer", () => {
  expect(under("linux").slice(-2)).toEqual(["- AppImage", "- deb"]);
  expect(under("mac").at(-1)).toBe("- dmg");
  expect(under("win").at(-1)).toBe("- nsis");
});

test("Electron's distribution is found from its program", () => {
  expect(distributionOf("/e/dist/electron", "linux")).toBe("/e/dist");
  expect(distributionOf("/e/dist/Electron.app/Contents/MacOS/Electron", "darwin")).toBe("/e/dist");
});
