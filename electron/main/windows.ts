/** How windows are made. What a page may do is one frozen object, pinned by a test. */
import { join } from "node:path";
import { PAGES } from "#bridge/ipc.ts";
import type { BrowserWindow, ElectronApi, Rectangle } from "./electron-api.ts";
import type { Subject } from "../shell/subjects.ts";
import { desktopWords } from "#text/shells.ts";

export const WEB_PREFERENCES = Object.freeze({
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
  // Chromium would fetch dictionaries from the network without being asked.
  spellcheck: false,
});

export const POPUP_SIZE = Object.freeze({ width: 440, height: 560 });

export const openMainWindow = (electron: ElectronApi, preloads: string): BrowserWindow => {
  const window = new electron.BrowserWindow({
    width: 1_240,
    height: 820,
    minWidth: 480,
    minHeight: 480,
    show: false,
    title: desktopWords.title,
    autoHideMenuBar: true,
    webPreferences: { ...WEB_PREFERENCES, preload: join(preloads, "preload.cjs") },
  });
  window.once("ready-to-show", () => window.show());
  void window.loadURL(PAGES.main);
  return window;
};

/** Shown without taking the keyboard from whatever the person is typing in; above other windows until it is closed. */
export const openPopupWindow = (
  electron: ElectronApi,
  preloads: string,
  bounds: Rectangle,
  card: Subject,
): BrowserWindow => {
  const window = new electron.BrowserWindow({
    ...bounds,
    show: false,
    title: desktopWords.decide,
    alwaysOnTop: true,
    skipTaskbar: true,
    minimizable: false,
    maximizable: false,
    fullscreenable: false,
    autoHideMenuBar: true,
    webPreferences: { ...WEB_PREFERENCES, preload: join(preloads, "popup.cjs") },
  });
  window.setAlwaysOnTop(true, "floating");
  window.setVisibleOnAllWorkspaces(true, { visibleOnFullScreen: true });
  window.once("ready-to-show", () => window.showInactive());
  void window.loadURL(`${PAGES.popup}#${new URLSearchParams({ ...card }).toString()}`);
  return window;
};

/** Where the popup goes: beside the tray icon, inside the screen's free area; in its corner where the tray has no place. */
export const popupBounds = (tray: Rectangle, area: Rectangle, platform: NodeJS.Platform): Rectangle => {
  const width = Math.min(POPUP_SIZE.width, area.width);
  const height = Math.min(POPUP_SIZE.height, area.height);
  const known = tray.width > 0 && tray.height > 0;
  const right = area.x + area.width - width;
  const bottom = area.y + area.height - height;
  const atTop = known ? tray.y + tray.height / 2 < area.y + area.height / 2 : platform !== "win32";
  const x = known ? Math.round(tray.x + tray.width / 2 - width / 2) : right - EDGE;
  return {
    x: Math.max(area.x, Math.min(x, right)),
    y: atTop ? Math.min(area.y + EDGE, bottom) : Math.max(area.y, bottom - EDGE),
    width,
    height,
  };
};
const EDGE = 8;

/** The nearest bounds that lie whole inside a screen's free area: after a screen was taken away, or became smaller. */
export const boundsInside = (now: Rectangle, area: Rectangle): Rectangle => {
  const [width, height] = [Math.min(now.width, area.width), Math.min(now.height, area.height)];
  const within = (at: number, from: number, room: number) => Math.max(from, Math.min(at, from + room));
  return {
    x: within(now.x, area.x, area.width - width),
    y: within(now.y, area.y, area.height - height),
    width,
    height,
  };
};
