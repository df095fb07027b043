/**
 * Focus is never lost. Whoever leaves a dialog goes on from where they opened it: Radix knows that place only for a
 * trigger of its own, and these dialogs are opened by state. Where what had the focus is gone or disabled, such as a button whose
 * card was decided, the heading of the place it stood in takes it.
 */
import { useEffect } from "react";

const REMEMBERED = 8;
const DIALOG = "[role=dialog], [role=alertdialog]";
/** What lies over the page and goes away again. */
const LAYER = `${DIALOG}, [role=menu]`;
/** From where each layer was entered, newest first: one that another opened, such as the palette or a menu, goes back beyond it. */
let trail: readonly Element[] = [];
/** What has the focus, with all that it stands in, innermost first. */
let focused: readonly Element[] = [];

const around = (element: Element): Element[] =>
  element.parentElement === null ? [element] : [element, ...around(element.parentElement)];

/** A menu that is opened with the pointer takes the focus before its button has it. */
const openerOf = (layer: Element): Element | null =>
  layer.matches("[role=menu]") ? document.getElementById(layer.getAttribute("aria-labelledby") ?? "") : null;

const remember = ({ target }: FocusEvent): void => {
  if (!(target instanceof Element)) return;
  const [from] = focused;
  const layer = target.closest(LAYER);
  if (layer !== null && from !== undefined && !layer.contains(from))
    trail = [openerOf(layer) ?? from, ...trail].slice(0, REMEMBERED);
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
    const place = trail.find((element) => !isLost(element));
    if (place instanceof HTMLElement) place.focus();
    else giveBack();
  },
});

const FIELD = ":is(input, textarea, select):not(:disabled)";
/** A button that cannot be pressed any more lets go of the focus as one that is gone does. */
const isLost = (element: Element | null | undefined): boolean =>
  element === null || element === undefined || !element.isConnected || element.matches(":disabled");
const onPage = (): boolean => document.activeElement === document.body || isLost(document.activeElement);

/** What was disabled only while it worked takes the focus again, where the person did not go on meanwhile. */
let lent: { readonly from: HTMLElement; readonly to: HTMLElement } | null = null;

/** To the first field of the form that the lost element stands in, or else to the heading of its place; of the page where that is gone too. */
const giveBack = (): void => {
  if (!onPage()) return;
  const [lost] = focused;
  const field = lost?.isConnected === true ? lost.closest("form")?.querySelector<HTMLElement>(FIELD) : undefined;
  const to = field ?? heading();
  if (to === null) return;
  if (field === undefined || field === null) to.tabIndex = -1;
  to.focus({ preventScroll: true });
  lent = lost instanceof HTMLElement && lost.isConnected ? { from: lost, to } : null;
};
const heading = (): HTMLElement | null => {
  const place =
    focused.find((element) => element.isConnected && element.matches(`${DIALOG}, main, nav, aside`)) ??
    document.querySelector("main");
  const found = place?.querySelector("h1, h2") ?? place;
  return found instanceof HTMLElement ? found : null;
};
const takeAgain = (): void => {
  if (lent === null || isLost(lent.from)) return;
  if (document.activeElement === lent.to) lent.from.focus({ preventScroll: true });
  lent = null;
};

/** A frame later: whoever takes an element away often moves the focus themselves. */
export const useKeptFocus = (): void => {
  useEffect(() => {
    const watch = new MutationObserver(() => {
      takeAgain();
      if (focused.length > 0 && isLost(focused[0])) requestAnimationFrame(giveBack);
    });
    watch.observe(document.body, { childList: true, subtree: true, attributeFilter: ["disabled"] });
    return () => watch.disconnect();
  }, []);
};
