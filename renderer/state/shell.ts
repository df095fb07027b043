/** What the shell around the page does: the clipboard, links to outside, and the window of a card. */
import { attempt } from "./action.ts";
import { bridge, request } from "./host.ts";
import { createStore } from "./store.ts";
import { cardWords as words } from "../text/calls.ts";
import { commonWords } from "../text/common.ts";

export const copyText = async (text: string): Promise<void> => {
  if (window.bulkhead === undefined) await navigator.clipboard.writeText(text);
  else await window.bulkhead.copy(text);
};

export const openLink = (url: string): void => {
  if (window.bulkhead === undefined) window.open(url, "_blank", "noopener,noreferrer");
  else window.bulkhead.openLink(url);
};

interface CardOffer {
  readonly text: string;
  /** The card to ask for, or the address of one whose window the browser kept closed. */
  readonly open: { readonly card: { readonly wid: string; readonly request: string } } | { readonly url: string };
}
/** A card whose window could not be opened without a click. */
export const offeredCard = createStore<CardOffer | null>(null);

const FEATURES = "popup,width=440,height=560";
const NAME = "bulkhead-card";
const GIVE_UP_MS = 5_000;
let waiting: { readonly opened: Window | null; readonly timer: ReturnType<typeof setTimeout> } | null = null;

/** Must run inside a click: a browser lets a page open a window only then, and the card's address comes later. */
export const showCard = (wid: string, requestId: string): void => {
  if (window.bulkhead === undefined) {
    clearTimeout(waiting?.timer);
    const opened = window.open("about:blank", NAME, FEATURES);
    const timer = setTimeout(() => {
      waiting = null;
      opened?.close();
    }, GIVE_UP_MS);
    waiting = { opened, timer };
  }
  attempt(async () => {
    try {
      await request("card.show", { wid, request: requestId });
    } catch (error) {
      clearTimeout(waiting?.timer);
      waiting?.opened?.close();
      waiting = null;
      throw error;
    }
  });
};

export const openOfferedCard = (): void => {
  const offer = offeredCard.get();
  offeredCard.set(null);
  if (offer === null) return;
  if ("url" in offer.open) window.open(offer.open.url, NAME, FEATURES);
  else showCard(offer.open.card.wid, offer.open.card.request);
};

bridge.onPopup((url) => {
  if (!isOwnPopup(url)) return;
  const asked = waiting;
  waiting = null;
  clearTimeout(asked?.timer);
  if (asked?.opened !== null && asked?.opened !== undefined && !asked.opened.closed) asked.opened.location.replace(url);
  else offeredCard.set({ text: asked === null ? words.newCard : words.blocked, open: { url } });
});

/** In a browser the page itself is the tray: its title counts, and a notice offers the card. */
bridge.onNotice((notice) => {
  if (notice.f === "badge") {
    document.title = notice.waiting === 0 ? commonWords.product : `(${notice.waiting}) ${commonWords.product}`;
    return;
  }
  if (notice.card !== null) offeredCard.set({ text: `${notice.title}. ${notice.body}`, open: { card: notice.card } });
  if ("Notification" in window && Notification.permission === "granted") {
    const shown = new Notification(notice.title, { body: notice.body });
    shown.onclick = () => window.focus();
  }
});

/** Asks the browser, inside a click, for leave to show notifications. */
export const askToNotify = (): void => {
  if (window.bulkhead === undefined && "Notification" in window && Notification.permission === "default") void Notification.requestPermission();
};

/** The popup may have an origin of its own, but only on this computer. */
const isOwnPopup = (url: string): boolean => {
  try {
    const parsed = new URL(url, window.location.href);
    return (parsed.protocol === "http:" || parsed.protocol === "https:") && parsed.hostname === window.location.hostname;
  } catch {
    return false;
  }
};
