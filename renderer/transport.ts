/**
 * The wire under the bridge: a MessagePort behind the preload (Electron), or a WebSocket to this page's own origin
 * (browser shell). The one-time token in the address is spent on the first connection; the shell answers with a token
 * for this window, which lives as long as the tab.
 */
import { json } from "#core/protocol/parse.ts";
import { pauseBefore } from "#core/protocol/pauses.ts";
import type { ToHost } from "#bridge/frames.ts";

/** `keyless`: this page was opened by its bare address. `refused`: somebody answers, and lets this window in no more. `away`: nobody answers. */
export type DownForGood = "keyless" | "refused" | "away";

export interface WireEvents {
  /** A fresh connection: all watches must be asked for again. */
  up(): void;
  /** Why it is not tried again by itself, or null where it is. */
  down(why: DownForGood | null): void;
  frame(frame: unknown): void;
}
export interface Wire {
  send(frame: ToHost): void;
  retry(): void;
}

interface ElectronShell {
  readonly kind: "electron";
  connect(onFrame: (frame: unknown) => void): { send(frame: unknown): void };
  copy(text: string): unknown;
  openLink(url: string): unknown;
}
declare global {
  interface Window {
    readonly bulkhead?: ElectronShell;
  }
}

/** Values after `#` in this page's address: `token`, and for the popup `wid` and `request`. */
export const addressValues = (): URLSearchParams => new URLSearchParams(window.location.hash.slice(1));

export const openWire = (events: WireEvents): Wire => {
  const shell = window.bulkhead;
  if (shell === undefined) return openSocket(events);
  const port = shell.connect(events.frame);
  queueMicrotask(events.up);
  return { send: (frame) => port.send(frame), retry: () => window.location.reload() };
};

const PAUSES = { first: 250, most: 4_000 };
/** Attempts without ever being let in, after which we say so and wait for the person. */
const REFUSED_AFTER = 4;

const openSocket = (events: WireEvents): Wire => {
  const place = `bulkhead-token:${window.location.pathname}`;
  let token = takeToken(place);
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;

  const connect = () => {
    clearTimeout(timer);
    if (token === null) {
      events.down("keyless");
      return;
    }
    const url = new URL("/port", window.location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    url.hash = "";
    const mine = new WebSocket(url, ["bulkhead", `token.${token}`]);
    socket = mine;
    mine.onopen = () => {
      failures = 0;
      events.up();
    };
    mine.onmessage = (message) => {
      const frame = typeof message.data === "string" ? json(message.data) : undefined;
      const fresh = sessionToken(frame);
      if (fresh !== null) {
        token = fresh;
        sessionStorage.setItem(place, fresh);
      } else events.frame(frame);
    };
    mine.onclose = () => {
      if (socket !== mine) return;
      socket = null;
      failures += 1;
      if (failures < REFUSED_AFTER) events.down(null);
      else void answers().then((there) => socket === null && events.down(there ? "refused" : "away"));
      timer = setTimeout(connect, pauseBefore(failures, PAUSES));
    };
  };

  connect();
  return {
    send: (frame) => {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
    },
    retry: () => {
      if (socket !== null) return;
      connect();
    },
  };
};

/** Whether Bulkhead still serves this page, whatever it thinks of this window. */
const answers = (): Promise<boolean> =>
  fetch(window.location.pathname, { method: "HEAD", cache: "no-store" }).then(
    () => true,
    () => false,
  );

/** The token leaves the address at once, so that it is neither bookmarked nor shown on a shared screen. */
const takeToken = (place: string): string | null => {
  const values = addressValues();
  const token = values.get("token");
  if (token === null) return sessionStorage.getItem(place);
  values.delete("token");
  const rest = values.toString();
  history.replaceState(null, "", rest === "" ? window.location.pathname : `#${rest}`);
  sessionStorage.setItem(place, token);
  return token;
};

const sessionToken = (frame: unknown): string | null =>
  typeof frame === "object" &&
  frame !== null &&
  "f" in frame &&
  frame.f === "session" &&
  "token" in frame &&
  typeof frame.token === "string"
    ? frame.token
    : null;
