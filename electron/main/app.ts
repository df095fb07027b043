/** The Electron shell: wires windows, tray, popup, links, keys and the two children together, and decides nothing itself. */
import { prose, visibleName } from "#bridge/plain-text.ts";
import { join } from "node:path";
import { readAssets } from "../shell/assets.ts";
import { afterMs, createActs } from "../shell/acts.ts";
import { createConfirmations } from "../shell/confirm.ts";
import { createConnections } from "./connections.ts";
import type { Connections } from "./connections.ts";
import type { BrowserWindow, ElectronApi } from "./electron-api.ts";
import type { EmbeddedServer } from "../shell/embedded-server.ts";
import { startHostProcess } from "../shell/host-process.ts";
import type { HostChild, HostState } from "../shell/host-process.ts";
import { listenToWindows } from "./ipc.ts";
import { electronKeychain } from "./keychain.ts";
import { createKeys } from "../shell/keys.ts";
import type { Keys } from "../shell/keys.ts";
import { guardNavigation } from "./navigation.ts";
import { createPairings } from "../shell/pairing.ts";
import { servePages } from "./pages.ts";
import { createPopups } from "./popup.ts";
import type { Popups, Remote } from "./popup.ts";
import { createRelay } from "../shell/relay.ts";
import type { Card } from "../shell/subjects.ts";
import { createRequests } from "../shell/requests.ts";
import type { ShellLog } from "../shell/shell-log.ts";
import { createTray } from "./tray.ts";
import type { AppTray } from "./tray.ts";
import { openMainWindow } from "./windows.ts";

export interface AppParts {
  readonly remote: Remote;
  /** Folder of the built parts: `preload/`, `renderer/`, `icons/`. */
  readonly built: string;
  readonly keyFile: string;
  readonly startHost: () => HostChild;
  /** False when the host cannot be handed a port. */
  readonly directPorts: boolean;
  readonly server: EmbeddedServer;
  readonly onHostState: (state: HostState) => void;
  readonly log: ShellLog;
}

export interface App {
  /** A join link that deep-link.ts let through. */
  link(url: string): void;
  showMain(): void;
  /** Stops host and server and closes every window. */
  close(): Promise<void>;
}

/** More than a desktop shows at a time. */
const NOTICES_HELD = 50;

/** Call once the app is ready. */
export const startApp = (electron: ElectronApi, parts: AppParts): App => {
  const preloads = join(parts.built, "preload");
  const links: string[] = [];
  const confirmations = createConfirmations(() => performance.now());
  const pairings = createPairings(() => performance.now());
  const acts = createActs(afterMs);
  const relay = createRelay(
    (message) => host.post(message),
    { confirmations, pairings, acts },
    {
      state: "starting",
      error: null,
    },
  );
  const connections: Connections = createConnections(electron, {
    host: () => host,
    relay,
    directPorts: parts.directPorts,
    onDecided: () => popups.decided(),
  });
  let main: BrowserWindow | null = null;
  let keys: Keys | null = null;
  const notices: InstanceType<ElectronApi["Notification"]>[] = [];

  guardNavigation(electron);
  servePages(electron.protocol, readAssets(join(parts.built, "renderer")));
  listenToWindows(electron, connections);

  const showMain = () => {
    if (main !== null) {
      if (main.isMinimized()) main.restore();
      main.show();
      return main.focus();
    }
    const opened = openMainWindow(electron, preloads);
    main = opened;
    connections.register(opened.webContents, { kind: "main" });
    opened.once("closed", () => (main = null));
  };

  const tray: AppTray = createTray(electron, {
    icons: join(parts.built, "icons"),
    open: showMain,
    quit: () => electron.app.quit(),
  });
  const popups: Popups = createPopups(electron, {
    preloads,
    remote: parts.remote,
    trayBounds: tray.bounds,
    opened: (window, card) => connections.register(window.webContents, { kind: "popup", card }),
  });
  electron.app.on("window-all-closed", () => {
    if (!tray.shown) electron.app.quit();
  });
  electron.app.on("activate", showMain);

  const notify = ({ title, body, card }: { title: string; body: string; card: Card | null }) => {
    if (!electron.Notification.isSupported()) return;
    const notification = new electron.Notification({ title: visibleName(title), body: prose(body) });
    // One that nothing holds is collected while it is on the screen, and its click is heard by nobody.
    notices.push(notification);
    if (notices.length > NOTICES_HELD) notices.shift();
    notification.on("click", () => (card === null ? showMain() : popups.show(card)));
    notification.show();
  };

  const answer = createRequests({
    keys: () => (keys ??= createKeys(parts.keyFile, electronKeychain(electron.safeStorage, process.platform))),
    confirmations,
    pairings,
    acts,
    startServer: ({ reach, ...how }) => parts.server.start(reach, how),
    addresses: parts.server.addresses,
    proxyOf: (origin) => electron.session.defaultSession.resolveProxy(origin),
    notify,
    badge: tray.waiting,
    showPopup: popups.show,
    log: parts.log,
    now: () => performance.now(),
  });

  const giveLinks = () => {
    if (host.state().state !== "ready") return;
    for (const url of links.splice(0)) host.post({ s: "link", url });
  };

  const host = startHostProcess(parts.startHost, {
    state: (state) => {
      relay.hostState(state);
      connections.hostState(state);
      giveLinks();
      if (state.error !== null) parts.log.note("host.away", state.error.code);
      parts.onHostState(state);
    },
    request: (id, method, params, reply) => void answer(id, method, params).then(reply),
    windowSend: (window, frame) => relay.deliver(window, frame),
  });
  showMain();

  return {
    link: (url) => {
      links.push(url);
      giveLinks();
    },
    showMain,
    close: async () => {
      popups.close();
      main?.destroy();
      tray.destroy();
      await host.stop();
      await parts.server.stop();
    },
  };
};
