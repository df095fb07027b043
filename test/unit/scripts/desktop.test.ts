import { expect, test } from "vitest";
import { targetsFrom } from "../../../scripts/build.ts";
import { chooseElectron } from "../../../scripts/desktop.ts";
import { desktopLine } from "../../../scripts/desktop/line.ts";
import { isOlder, targetFor } from "../../../scripts/desktop/older.ts";

const none = () => null;
const pinned = () => "/pinned/electron";
const old = { BULKHEAD_OLD_ELECTRON: "/old/electron" };

test("the desktop specs run on the pinned Electron where it is, else on the one that is named, and without any they do not run", () => {
  expect(chooseElectron([], {}, none).program).toBeNull();
  expect(chooseElectron([], old, none).program).toBe("/old/electron");
  expect(chooseElectron([], old, pinned).program).toBe("/pinned/electron");
  expect(chooseElectron(["link", "--electron", "/mine", "--headed"], old, pinned)).toEqual({
    program: "/mine",
    rest: ["link", "--headed"],
  });
  expect(chooseElectron([], { BULKHEAD_OLD_ELECTRON: "" }, none).program).toBeNull();
});

test("an older Electron is known by its major version and gets targets that it understands", () => {
  expect([isOlder("22.3.25", "45.4.1"), isOlder("45.0.0", "45.4.1"), isOlder("46.0.0", "45.4.1")]).toEqual([
    true,
    false,
    false,
  ]);
  expect(targetFor({ electron: "22.3.25", node: "16.17.1" })).toBe("chrome108/node16");
  expect(targetsFrom(targetFor({ electron: "30.1.0", node: "20.11.1" }))).toEqual({
    main: "node20",
    preload: "chrome124",
    mainFormat: "cjs",
  });
});

test("the line says how many specs ran and what the app itself answered it ran on", () => {
  const spec = (...shells: string[]) => ({
    tests: [{ annotations: shells.map((description) => ({ type: "shell", description })) }],
  });
  const ran = "Electron 22.3.25 (Chromium 108)";
  expect(
    desktopLine({ suites: [{ specs: [spec(ran)], suites: [{ specs: [spec(ran, ran), spec()] }] }] }, "22.3.25"),
  ).toBe(`Desktop: 3 specs on ${ran}.`);
  expect(desktopLine({ suites: [{ specs: [spec()] }] }, "22.3.25")).toBe(
    "Desktop: 1 spec for Electron 22.3.25, and none of them got it to start.",
  );
});
