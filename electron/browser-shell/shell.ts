/**
 * The browser shell: the same host and the same interface as in Electron, served to this computer's own browser. Two
 * origins: the main window's, and one for the approval popup alone, so that nothing which gets into the main page can
 * imitate a decision.
 */
import { prose, visibleName } from "#bridge/plain-text.ts";
import { afterMs, createActs } from "../shell/acts.ts";
import { createConfirmations } from "../shell/confirm.ts";
import { readDeepLink } from "../shell/deep-link.ts";
import type { EmbeddedServer } from "../shell/embedded-server.ts";
import { startHostProcess } from "../shell/host-process.ts";
import type { HostChild, HostState } from "../shell/host-process.ts";
import { createKeys } from "../shell/keys.ts";
import type { Keys } from "../shell/keys.ts";
import { noKeychain } from "../shell/key-file.ts";
import { createPairings } from "../shell/pairing.ts";
import { createRelay } from "../shell/relay.ts";
import type { Subject } from "../shell/subjects.ts";
import { createRequests } from "../shell/requests.ts";
import type { ShellLog } from "../shell/shell-log.ts";
import { readAssets } from "../shell/assets.ts";
import { openSite } from "./site.ts";
import { createSockets } from "./sockets.ts";
import { createTokens } from "./tokens.ts";

export interface BrowserShellParts {
  /** Built interface. */
  readonly rendererFolder: string;
  readonly keyFile: string;
  readonly port: number;
  readonly popupPort: number;
  readonly startHost: () => HostChild;
  readonly server: EmbeddedServer;
  /** Opens an address when no window is open to do it. */
  readonly openAddress: (url: string) => void;
  readonly onHostState: (state: HostState) => void;
  readonly log: ShellLog;
}

export interface BrowserShell {
  /** A fresh address of the main window: its token works once. */
  address(): string;
  readonly popupOrigin: string;
  /** A join link from outside, untrusted. False when it is not one. */
  link(url: string): boolean;
  close(): Promise<void>;
}

/** Rejects when a port is taken. */
export const startBrowserShell = async (parts: BrowserShellParts): Promise<BrowserShell> => {
  const assets = readAssets(parts.rendererFolder);
  const tokens = createTokens();
  const confirmations = createConfirmations(() => performance.now());
  const pairings = createPairings(() => performance.now());
  const links: string[] = [];
  let keys: Keys | null = null;

  const acts = createActs(afterMs);
  const relay = createRelay(
    (message) => host.post(message),
    { confirmations, pairings, acts },
    {
      state: "starting",
      error: null,
    },
  );
  const sockets = createSockets(relay, tokens);
  const main = await openSite(parts.port, {
    assets,
    page: "/index.html",
    upgrade: (...of) => sockets.upgrade("main", ...of),
  });
  const popup = await openSite(parts.popupPort, {
    assets,
    page: "/popup.html",
    upgrade: (...of) => sockets.upgrade("popup", ...of),
  }).catch(async (error: unknown) => {
    await main.close();
    throw error;
  });

  const showPopup = (card: Subject) => {
    const url = `${popup.origin}/popup.html#${new URLSearchParams({ token: tokens.once({ kind: "popup", card }), ...card }).toString()}`;
    if (!relay.tellLastUsed({ f: "popup", url })) parts.openAddress(url);
  };

  const answer = createRequests({
    keys: () => (keys ??= createKeys(parts.keyFile, noKeychain)),
    confirmations,
    pairings,
    acts,
    startServer: ({ reach, ...how }) => parts.server.start(reach, how),
    addresses: parts.server.addresses,
    notify: (what) => relay.tellMain({ f: "notify", ...what, title: visibleName(what.title), body: prose(what.body) }),
    badge: (waiting) => relay.tellMain({ f: "badge", waiting }),
    showPopup,
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
      giveLinks();
      if (state.error !== null) parts.log.note("host.away", state.error.code);
      parts.onHostState(state);
    },
    request: (id, method, params, reply) => void answer(id, method, params).then(reply),
    windowSend: (window, frame) => relay.deliver(window, frame),
  });

  return {
    address: () => `${main.origin}/#token=${tokens.once({ kind: "main" })}`,
    popupOrigin: popup.origin,
    link: (url) => {
      const read = readDeepLink(url);
      if (read.ok) links.push(read.url);
      giveLinks();
      return read.ok;
    },
    close: async () => {
      sockets.close();
      await Promise.all([main.close(), popup.close(), host.stop()]);
      // After the host: it may still have a last word for the server.
      await parts.server.stop();
    },
  };
};
