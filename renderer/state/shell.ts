/** What the shell around the page does: the clipboard, links to outside, and the windows of a card, of a number and of what is confirmed. */
import { told } from "#bridge/told.ts";
import { attempt } from "./action.ts";
import { Failure, TakenBack } from "../failure.ts";
import { bridge, request } from "./host.ts";
import { offeredCard, openedCard } from "./card-offer.ts";
import type { CardName } from "./offer.ts";
import { cardWords as words } from "../text/calls.ts";
import { commonWords } from "../text/common.ts";
import { createStore } from "./store.ts";
import { saidFailed, told as tell } from "./toasts.ts";

export const copyText = async (text: string): Promise<void> => {
  if (window.bulkhead === undefined) await navigator.clipboard.writeText(text);
  else await window.bulkhead.copy(text);
};

export const openLink = (url: string): void => {
  if (window.bulkhead === undefined) window.open(url, "_blank", "noopener,noreferrer");
  else window.bulkhead.openLink(url);
};

const FEATURES = "popup,width=440,height=560";
const NAME = "bulkhead-card";
/** Long after a busy computer has answered; a refusal closes the window at once. */
const GIVE_UP_MS = 30_000;
let waiting: { readonly opened: Window | null; readonly timer: ReturnType<typeof setTimeout> } | null = null;

/** Must run inside a click: a browser lets a page open a window only then, and its address comes later. */
const openPopup = (ask: () => Promise<unknown>): void => attempt(() => inPopup(ask));
const inPopup = async (ask: () => Promise<unknown>): Promise<void> => {
  if (window.bulkhead === undefined) {
    clearTimeout(waiting?.timer);
    const opened = window.open("about:blank", NAME, FEATURES);
    const timer = setTimeout(() => {
      waiting = null;
      opened?.close();
    }, GIVE_UP_MS);
    waiting = { opened, timer };
  }
  try {
    await ask();
  } catch (error) {
    noPopup();
    throw error;
  }
};
/** What was opened for an address that does not come. */
const noPopup = (): void => {
  clearTimeout(waiting?.timer);
  waiting?.opened?.close();
  waiting = null;
};
/** Something waits for a yes in the shell's own window: until then this window says where to look. */
export const confirmWaits = createStore(false);
/** Brings that window to the front again; must run inside a click. The shell of an app does that itself. */
export const showConfirm = window.bulkhead === undefined ? (): void => window.open("", NAME)?.focus() : null;

/**
 * Runs what is signed only after a click in the shell's own window (`#bridge/act.ts`), and resolves when it is done. Must
 * run inside a click.
 */
export const confirming = async (ask: () => Promise<unknown>): Promise<void> => {
  confirmWaits.set(true);
  try {
    await inPopup(ask);
  } catch (error) {
    throw isOwnNo(error) ? new TakenBack(error.fact) : error;
  } finally {
    confirmWaits.set(false);
  }
  // It was confirmed elsewhere, so no window was asked for.
  noPopup();
};

/** They closed the window, or said no there. What was never shown to them is a failure. */
const isOwnNo = (error: unknown): error is Failure =>
  error instanceof Failure && error.code === "not-confirmed" && error.fact.args[0] === "closed";

export const showCard = (wid: string, requestId: string): void => {
  offeredCard.set(null);
  openPopup(async () => {
    await request("card.show", { wid, request: requestId });
    openedCard.set({ wid, request: requestId });
  });
};

/** The number of the pairing that is under way. */
export const showNumber = (): void => openPopup(() => request("pair.show", {}));

export const openOfferedCard = (): void => {
  const offer = offeredCard.get();
  offeredCard.set(null);
  if (offer === null) return;
  if (offer.url === null) return showCard(offer.card.wid, offer.card.request);
  openedCard.set(offer.card);
  window.open(offer.url, NAME, FEATURES);
};

bridge.onPopup((url) => {
  const card = cardOf(url);
  const act = names(url, "act");
  if (card === null && !act && !names(url, "pairing")) return;
  const asked = waiting;
  waiting = null;
  clearTimeout(asked?.timer);
  if (asked?.opened !== null && asked?.opened !== undefined && !asked.opened.closed) asked.opened.location.replace(url);
  else if (card === null) {
    confirmWaits.set(false);
    saidFailed(new Failure(told(act ? "act-window-closed" : "number-window-closed")));
  } else offeredCard.set({ text: asked === null ? null : words.blocked, card, url, blocked: asked !== null });
});

/** In a browser the page itself is the tray: its title counts, and a notice offers the card. */
bridge.onNotice((notice) => {
  if (notice.f === "badge") {
    if (notice.waiting === 0) offeredCard.set(null);
    document.title = notice.waiting === 0 ? commonWords.product : `(${notice.waiting}) ${commonWords.product}`;
    return;
  }
  if (notice.card !== null) offeredCard.set({ text: notice.title, card: notice.card, url: null, blocked: false });
  const system = "Notification" in window && Notification.permission === "granted";
  // What no card tells stands nowhere else in this window.
  if (notice.card === null && !system) tell(`${notice.title}. ${notice.body}`);
  if (system) {
    const shown = new Notification(notice.title, { body: notice.body });
    shown.onclick = () => window.focus();
  }
});

/** Asks the browser, inside a click, for leave to show notifications. */
export const askToNotify = (): void => {
  if (window.bulkhead === undefined && "Notification" in window && Notification.permission === "default")
    void Notification.requestPermission();
};

/** What a popup's address names. The popup may have an origin of its own, but only on this computer. */
const namedBy = (url: string): URLSearchParams | null => {
  try {
    const parsed = new URL(url, window.location.href);
    const own =
      (parsed.protocol === "http:" || parsed.protocol === "https:") && parsed.hostname === window.location.hostname;
    return own ? new URLSearchParams(parsed.hash.slice(1)) : null;
  } catch {
    // No address: not one of ours.
    return null;
  }
};
const cardOf = (url: string): CardName | null => {
  const named = namedBy(url);
  const [wid, requestId] = [named?.get("wid"), named?.get("request")];
  return typeof wid === "string" && typeof requestId === "string" ? { wid, request: requestId } : null;
};
const names = (url: string, what: "pairing" | "act"): boolean => namedBy(url)?.has(what) === true;
