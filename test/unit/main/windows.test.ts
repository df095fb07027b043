import { expect, test } from "vitest";
import { externalLink, pageAt } from "../../../electron/main/navigation.ts";
import { boundsInside, POPUP_SIZE, popupBounds, WEB_PREFERENCES } from "../../../electron/main/windows.ts";
import { fittedBounds } from "../../../electron/preload/geometry.ts";

// Frozen here as text: a change of what pages may do must be made twice, on purpose.
test("what a page may do is pinned", () => {
  expect(WEB_PREFERENCES).toEqual({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
  });
  expect(Object.isFrozen(WEB_PREFERENCES)).toBe(true);
});

const area = { x: 0, y: 30, width: 1_920, height: 1_050 };
test("the popup stays inside the screen's free area wherever the tray is", () => {
  for (const tray of [
    { x: 1_900, y: 4, width: 24, height: 24 },
    { x: 0, y: 1_060, width: 24, height: 24 },
    { x: 900, y: 1_060, width: 24, height: 24 },
    { x: 0, y: 0, width: 0, height: 0 },
  ]) {
    for (const platform of ["linux", "darwin", "win32"] as const) {
      const at = popupBounds(tray, area, platform);
      expect(at.x).toBeGreaterThanOrEqual(area.x);
      expect(at.y).toBeGreaterThanOrEqual(area.y);
      expect(at.x + at.width).toBeLessThanOrEqual(area.x + area.width);
      expect(at.y + at.height).toBeLessThanOrEqual(area.y + area.height);
      expect(at).toMatchObject(POPUP_SIZE);
    }
  }
});

test("the popup opens on the tray's side of the screen, and in the usual corner where there is no tray", () => {
  expect(popupBounds({ x: 900, y: 4, width: 24, height: 24 }, area, "darwin").y).toBeLessThan(100);
  expect(popupBounds({ x: 900, y: 1_060, width: 24, height: 24 }, area, "win32").y).toBeGreaterThan(400);
  const none = { x: 0, y: 0, width: 0, height: 0 };
  expect(popupBounds(none, area, "linux")).toMatchObject({ x: 1_472, y: 38 });
  expect(popupBounds(none, area, "win32").y).toBe(512);
  expect(popupBounds(none, { x: 0, y: 0, width: 300, height: 400 }, "linux")).toMatchObject({
    x: 0,
    y: 0,
    width: 300,
    height: 400,
  });
});

test("the popup grows to its card, inside the screen and never under the person's pointer for nothing", () => {
  const now = { x: 10, y: 300, width: 440, height: 560 };
  const screen = { top: 30, height: 1_000 };
  expect(fittedBounds(now, 570, screen)).toBeNull();
  expect(fittedBounds(now, 300, screen)).toBeNull();
  expect(fittedBounds(now, 700, screen)).toEqual({ ...now, height: 700 });
  expect(fittedBounds(now, 5_000, screen)).toEqual({ ...now, y: 270, height: 760 });
  expect(fittedBounds(now, 700, { top: 0, height: 640 })).toEqual({ ...now, y: 0, height: 640 });
});

test("an address is one of our pages only as a whole", () => {
  expect(pageAt("bulkhead-app://main/index.html")).toBe("main");
  expect(pageAt("bulkhead-app://popup/popup.html#wid=a&request=b")).toBe("popup");
  for (const other of [
    "",
    "bulkhead-app://main/",
    "bulkhead-app://main/index.html?x=1",
    "bulkhead-app://popup/index.html",
    "https://main/index.html",
    "bulkhead-app://main/index.html.evil",
    " bulkhead-app://main/index.html",
  ])
    expect(pageAt(other), other).toBeUndefined();
});

test("only plain https links leave for the browser", () => {
  expect(externalLink("https://example.org/a?b=c#d")).toBe("https://example.org/a?b=c#d");
  for (const other of [
    "",
    "http://example.org",
    "https://",
    "https://a b",
    "https://x:y@example.org",
    "ftp://example.org",
    "file:///etc/passwd",
    "data:text/html,x",
    `https://example.org/${"a".repeat(3_000)}`,
    "https://example.org/\u202egpj",
  ])
    expect(externalLink(other), other).toBeUndefined();
});

test("a popup that lies where a screen was moves the least way into what is left, and gets smaller only where it must", () => {
  const left = { x: 0, y: 30, width: 900, height: 570 };
  expect(boundsInside({ x: 952, y: 38, width: 440, height: 560 }, left)).toEqual({
    x: 460,
    y: 38,
    width: 440,
    height: 560,
  });
  expect(boundsInside({ x: -500, y: 900, width: 440, height: 760 }, left)).toEqual({
    x: 0,
    y: 30,
    width: 440,
    height: 570,
  });
  expect(boundsInside({ x: 20, y: 40, width: 440, height: 560 }, left)).toEqual({
    x: 20,
    y: 40,
    width: 440,
    height: 560,
  });
});
