/** What Electron is given to show by itself, in the made-up language: each text is of it, so none was written past the texts. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { OPEN, PSEUDO, SHUT } from "#text/pseudo.ts";
import { LANGUAGE_VARIABLE } from "#text/words.ts";
import { fakeElectron } from "../../fakes/electron.ts";

beforeAll(() => {
  vi.stubEnv(LANGUAGE_VARIABLE, PSEUDO.language.tag);
  vi.resetModules();
});
afterAll(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

/** What the system reads and nobody else: kinds of menu entries, paths, addresses. */
const FOR_PROGRAM = ["type", "icon", "preload"];
const texts = (value: unknown): string[] => {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => (FOR_PROGRAM.includes(key) ? [] : texts(each)));
};
const foreign = (all: readonly string[]): string[] =>
  all.filter((text) => !(text.startsWith(OPEN) && text.endsWith(SHUT)) || /[A-Za-z]{2}/.test(text));

test("a text that was written past the texts is found", () => {
  expect(foreign(texts([{ label: "Open", type: "separator" }, { label: `${OPEN}é${SHUT}` }]))).toEqual(["Open"]);
});

test("every text of the tray, of its menu and of the windows' titles is of the language that the shell speaks", async () => {
  const { createTray } = await import("../../../electron/main/tray.ts");
  const { openMainWindow, openPopupWindow } = await import("../../../electron/main/windows.ts");
  const { electron, trays, windows } = fakeElectron();
  const tray = createTray(electron, { icons: "", open: () => undefined, quit: () => undefined });
  for (const waiting of [1, 2]) tray.waiting(waiting);
  openMainWindow(electron, "");
  openPopupWindow(electron, "", { x: 0, y: 0, width: 1, height: 1 }, { wid: "", request: "" });
  const [shown] = trays;
  expect(shown?.tips).toHaveLength(3);
  expect(texts(shown?.menus)).toHaveLength(9);
  expect(windows).toHaveLength(2);
  expect(foreign([...(shown?.tips ?? []), ...texts(shown?.menus)])).toEqual([]);
  expect(foreign(texts(windows.map(({ options }) => options)))).toEqual([]);
});

test("every text of the system's boxes is of the language that the shell speaks", async () => {
  const { sayItRuns, sayNotStarted } = await import("../../../electron/main/error-boxes.ts");
  const { refused } = await import("#bridge/refused.ts");
  const { electron, boxes } = fakeElectron();
  sayItRuns(electron);
  for (const error of [new Error("1"), Object.assign(new Error("1"), { code: "EACCES" }), refused("keys-locked")])
    sayNotStarted(electron, error);
  expect(boxes).toHaveLength(4);
  // A cause that nobody foresaw is named as the system names it.
  const unforeseen = /\bError\b|\bstart\b|\blogs\/[\w.-]+/g;
  expect(foreign(texts(boxes).map((text) => text.replace(unforeseen, "")))).toEqual([]);
});
