/**
 * Focus is never lost. Whoever leaves a dialog goes on from where they opened it: Radix knows that place only for a
 * trigger of its own, and these dialogs are opened by state. Where what had the focus is gone, such as a button whose
 * card was decided, the heading of the place it stood in takes it.
 */
import { useEffect } from "react";

const REMEMBERED = 8;
const DIALOG = "[role=dialog], [role=alertdialog]";
/** From where each dialog was entered, newest first: one that another opened, such as the palette, goes back beyond it. */
let trail: readonly Element[] = [];
/** What has the focus, with all that it stands in, innermost first. */
let focused: readonly Element[] = [];

const around = (element: Element): Element[] =>
  element.parentElement === null ? [element] : [element, ...around(element.parentElement)];

const remember = ({ target }: FocusEvent): void => {
  if (!(target instanceof Element)) return;
  const [from] = focused;
  const dialog = target.closest(DIALOG);
  if (dialog !== null && from !== undefined && !dialog.contains(from)) trail = [from, ...trail].slice(0, REMEMBERED);
  focused = around(target);
};
document.addEventListener("focusin", remember);

interface ReturnFocus {
  readonly onCloseAutoFocus: (event: Event) => void;
}

export const useReturnFocus = (): ReturnFocus => ({
  onCloseAutoFocus: (event) => {
    event.preventDefault();
    // The next dialog is open already, and has the focus.
    if (document.activeElement?.closest(DIALOG) instanceof Element) return;
    const place = trail.find((element) => element.isConnected);
    if (place instanceof HTMLElement) place.focus();
    else giveBack();
  },
});

const onPage = (): boolean => document.activeElement === null || document.activeElement === document.body;

/** To the heading of what the lost element stood in; of the page where that is gone too. */
const giveBack = (): void => {
  if (!onPage()) return;
  const place =
    focused.find((element) => element.isConnected && element.matches(`${DIALOG}, main, nav, aside`)) ??
    document.querySelector("main");
  const heading = place?.querySelector("h1, h2") ?? place;
  if (!(heading instanceof HTMLElement)) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
};

/** A frame later: whoever takes an element away often moves the focus themselves. */
export const useKeptFocus = (): void => {
  useEffect(() => {
    const watch = new MutationObserver(() => {
      if (onPage() && focused[0]?.isConnected === false) requestAnimationFrame(giveBack);
    });
    watch.observe(document.body, { childList: true, subtree: true });
    return () => watch.disconnect();
  }, []);
};
