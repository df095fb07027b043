/**
 * The approval popup: one card at a time, the next one when it is closed. Decided cards leave by themselves a moment
 * later. `@electron/remote` is enabled for this window alone, and of it only the window itself.
 */
import type { BrowserWindow, ElectronApi, Rectangle } from "./electron-api.ts";
import { sameSubject } from "../shell/subjects.ts";
import type { Subject } from "../shell/subjects.ts";
import { boundsInside, openPopupWindow, popupBounds } from "./windows.ts";

/** `@electron/remote/main`, as far as it is used. */
export interface Remote {
  initialize(): void;
  enable(contents: Electron.WebContents): void;
}

export interface PopupParts {
  readonly preloads: string;
  readonly remote: Remote;
  readonly trayBounds: () => Rectangle;
  /** Called with each window before its page runs. */
  readonly opened: (window: BrowserWindow, card: Subject) => void;
}

export interface Popups {
  show(card: Subject): void;
  /** The card in the open popup was decided. */
  decided(): void;
  close(): void;
}

const READ_MS = 1_200;
/** Behind the open one. What finds no place here is in the list of the main window all the same. */
const WAITING_MAX = 5;

export const createPopups = (electron: ElectronApi, parts: PopupParts): Popups => {
  let waiting: Subject[] = [];
  let open: { readonly window: BrowserWindow; readonly card: Subject } | null = null;
  restrictRemote(electron, parts.remote);

  /** A popup that lies where no screen is any more could neither be seen nor decided. */
  const keepOnScreen = () => {
    if (open === null || open.window.isDestroyed()) return;
    const now = open.window.getBounds();
    open.window.setBounds(boundsInside(now, electron.screen.getDisplayMatching(now).workArea));
  };
  for (const change of ["display-metrics-changed", "display-removed", "display-added"] as const)
    electron.screen.on(change as "display-removed", keepOnScreen);

  const next = () => {
    const card = open === null ? waiting.shift() : undefined;
    if (card === undefined) return;
    const display = electron.screen.getDisplayMatching({ ...parts.trayBounds(), width: 1, height: 1 });
    const window = openPopupWindow(
      electron,
      parts.preloads,
      popupBounds(parts.trayBounds(), display.workArea, process.platform),
      card,
    );
    open = { window, card };
    parts.remote.enable(window.webContents);
    parts.opened(window, card);
    window.once("closed", () => {
      open = null;
      next();
    });
  };

  return {
    show: (card) => {
      if (open !== null && sameSubject(open.card, card)) return open.window.showInactive();
      // A person who just asked to compare a number, or to confirm an act, is not sent through a queue of cards first.
      if (!waiting.some((other) => sameSubject(other, card))) waiting["request" in card ? "push" : "unshift"](card);
      waiting = waiting.filter((_, at) => isKept(waiting, at));
      next();
    },
    decided: () => {
      const { window } = open ?? {};
      if (window !== undefined) setTimeout(() => !window.isDestroyed() && window.close(), READ_MS);
    },
    close: () => {
      waiting = [];
      open?.window.destroy();
    },
  };
};

/** The newest cards; of numbers and of acts the first in line alone, since a later one ends the one before. */
const isKept = (waiting: readonly Subject[], at: number): boolean => {
  const same = (other: Subject) => kindOf(other) === kindOf(waiting[at] as Subject);
  return "request" in (waiting[at] as Subject)
    ? waiting.slice(at + 1).filter(same).length < WAITING_MAX
    : !waiting.slice(0, at).some(same);
};
const kindOf = (subject: Subject): string => ("request" in subject ? "card" : "act" in subject ? "act" : "number");

/** Of everything that remote can reach, the popup's preload gets its own window and nothing else. */
const restrictRemote = ({ app }: ElectronApi, remote: Remote): void => {
  remote.initialize();
  const events = app as unknown as { on(name: string, listener: (event: { preventDefault(): void }) => void): void };
  for (const name of REMOTE_REFUSED) events.on(name, (event) => event.preventDefault());
};
export const REMOTE_REFUSED = [
  "remote-require",
  "remote-get-builtin",
  "remote-get-global",
  "remote-get-current-web-contents",
] as const;
