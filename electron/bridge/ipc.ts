/** Names of Electron's IPC channels, the same in main and in the preloads. Frames travel over a MessagePort instead. */
export const CHANNELS = {
  /** Window → main: give me a port. */
  connect: "bulkhead:connect",
  /** Main → window: the port. */
  port: "bulkhead:port",
  /** Main → window: a `host` frame. */
  host: "bulkhead:host",
  /** Window → main: put text on the clipboard. */
  copy: "bulkhead:copy",
  /** Window → main: open an https link in the browser. */
  openLink: "bulkhead:open-link",
} as const;

/** Scheme under which Electron serves the interface; main window and popup are different origins of it. */
export const PAGE_SCHEME = "bulkhead-app";
export const PAGES = { main: `${PAGE_SCHEME}://main/index.html`, popup: `${PAGE_SCHEME}://popup/popup.html` } as const;
