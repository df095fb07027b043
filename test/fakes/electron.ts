/**
 * Stands in for Electron where main is tested without it: just enough of each class to see what main does with it.
 * The calls themselves are checked against Electron's own types when main is compiled.
 */
import { EventEmitter } from "node:events";
import type { ElectronApi } from "../../electron/main/electron-api.ts";

export class FakePort extends EventEmitter {
  peer: FakePort | null = null;
  started = false;
  closed = false;
  readonly posted: unknown[] = [];
  postMessage(data: unknown): void {
    this.posted.push(data);
    this.peer?.emit("message", { data, ports: [] });
  }
  start(): void {
    this.started = true;
  }
  close(): void {
    this.closed = true;
  }
}

export class FakeContents extends EventEmitter {
  static count = 0;
  readonly id = ++FakeContents.count;
  readonly mainFrame: { url: string };
  readonly sent: { channel: string; value: unknown }[] = [];
  readonly ports: FakePort[] = [];
  openHandler: (() => { action: string }) | null = null;
  constructor(url: string) {
    super();
    this.mainFrame = { url };
  }
  send(channel: string, value: unknown): void {
    this.sent.push({ channel, value });
  }
  postMessage(_: string, __: unknown, ports: FakePort[]): void {
    this.ports.push(...ports);
  }
  setWindowOpenHandler(handler: () => { action: string }): void {
    this.openHandler = handler;
  }
}

export class FakeWindow extends EventEmitter {
  readonly webContents = new FakeContents("about:blank");
  readonly shown: string[] = [];
  readonly flags: unknown[] = [];
  focused = false;
  destroyed = false;
  readonly options: Record<string, unknown>;
  constructor(options: Record<string, unknown>) {
    super();
    this.options = options;
  }
  loadURL(url: string): Promise<void> {
    this.webContents.mainFrame.url = url;
    return Promise.resolve();
  }
  show(): void {
    this.shown.push("show");
  }
  showInactive(): void {
    this.shown.push("inactive");
  }
  focus(): void {
    this.shown.push("focus");
  }
  isFocused(): boolean {
    return this.focused;
  }
  isMinimized(): boolean {
    return false;
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
  setAlwaysOnTop(...flags: unknown[]): void {
    this.flags.push(flags);
  }
  setVisibleOnAllWorkspaces(): void {
    this.flags.push("everywhere");
  }
  close(): void {
    this.destroy();
  }
  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.webContents.emit("destroyed");
    this.emit("closed");
  }
}

class FakeNotification extends EventEmitter {
  readonly text: unknown;
  constructor(text: unknown) {
    super();
    this.text = text;
  }
  show(): void {
    this.emit("shown");
  }
}

/** A whole fake, with everything that was done to it. */
export const fakeElectron = () => {
  const app = Object.assign(new EventEmitter(), {
    isPackaged: false,
    hasLock: true,
    badges: [] as number[],
    protocolClients: [] as string[],
    quits: 0,
    requestSingleInstanceLock: (): boolean => app.hasLock,
    setAsDefaultProtocolClient: (scheme: string): void => void app.protocolClients.push(scheme),
    setBadgeCount: (count: number): void => void app.badges.push(count),
    quit: (): void => void app.quits++,
  });
  const windows: FakeWindow[] = [];
  const notifications: FakeNotification[] = [];
  const copied: string[] = [];
  const external: string[] = [];
  const trays: { tips: string[]; menus: unknown[]; clicks: EventEmitter }[] = [];
  const boxes: { title: string; text: string }[] = [];
  const schemes: unknown[] = [];
  const downloads = new EventEmitter();
  let permission: ((contents: unknown, name: string, answer: (granted: boolean) => void) => void) | null = null;
  let served: ((request: { url: string }) => Response) | null = null;
  const ipcMain = new EventEmitter();

  const BrowserWindow = Object.assign(
    function BrowserWindow(options: Record<string, unknown>) {
      const window = new FakeWindow(options);
      windows.push(window);
      app.emit("web-contents-created", {}, window.webContents);
      return window;
    },
    { fromWebContents: (contents: FakeContents) => windows.find((window) => window.webContents === contents) ?? null },
  );
  const Tray = function Tray() {
    const clicks = new EventEmitter();
    const tray = { tips: [] as string[], menus: [] as unknown[], clicks };
    trays.push(tray);
    return {
      on: clicks.on.bind(clicks),
      setToolTip: (tip: string) => tray.tips.push(tip),
      setImage: () => undefined,
      setContextMenu: (menu: unknown) => tray.menus.push(menu),
      getBounds: () => ({ x: 1_800, y: 4, width: 24, height: 24 }),
      destroy: () => undefined,
    };
  };
  const MessageChannelMain = function MessageChannelMain() {
    const [port1, port2] = [new FakePort(), new FakePort()];
    port1.peer = port2;
    port2.peer = port1;
    return { port1, port2 };
  };
  const Notification = Object.assign(
    function Notification(text: unknown) {
      const notification = new FakeNotification(text);
      notifications.push(notification);
      return notification;
    },
    { isSupported: () => true },
  );

  const api = {
    app,
    ipcMain,
    BrowserWindow,
    Tray,
    MessageChannelMain,
    Notification,
    Menu: { buildFromTemplate: (template: unknown) => template },
    clipboard: { writeText: (text: string) => copied.push(text) },
    nativeImage: { createFromPath: (path: string) => path },
    protocol: {
      registerSchemesAsPrivileged: (list: unknown[]) => schemes.push(...list),
      handle: (_: string, serve: typeof served) => (served = serve),
    },
    safeStorage: { isEncryptionAvailable: () => false, getSelectedStorageBackend: () => "basic_text" },
    screen: {
      on: () => undefined,
      getDisplayMatching: () => ({ workArea: { x: 0, y: 30, width: 1_920, height: 1_050 } }),
    },
    session: {
      defaultSession: {
        resolveProxy: (url: string) => Promise.resolve(`PROXY proxy.example.org:3128; for ${url}`),
        setPermissionRequestHandler: (ask: typeof permission) => (permission = ask),
        setPermissionCheckHandler: () => undefined,
        on: downloads.on.bind(downloads),
      },
    },
    shell: { openExternal: (url: string) => Promise.resolve(external.push(url)) },
    utilityProcess: {},
    dialog: { showErrorBox: (title: string, text: string) => boxes.push({ title, text }) },
  };
  /** Whether the shell lets a page save this. */
  const download = (url: string, name: string): boolean => {
    let allowed = true;
    downloads.emit(
      "will-download",
      { preventDefault: () => (allowed = false) },
      { getURL: () => url, getFilename: () => name },
    );
    return allowed;
  };
  return {
    electron: api as unknown as ElectronApi,
    download,
    app,
    ipcMain,
    windows,
    notifications,
    copied,
    external,
    trays,
    boxes,
    schemes,
    serve: (url: string) => served?.({ url }),
    askPermission: (name: string) => new Promise<boolean>((resolve) => permission?.(null, name, resolve)),
  };
};
