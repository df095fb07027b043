/**
 * Whoever leaves a dialog goes on from where they opened it. Radix knows that place only for a trigger of its own, and
 * these dialogs are opened by state.
 */
import { useRef } from "react";

const REMEMBERED = 4;
/** Newest first, over all dialogs: one that another dialog opened, such as the palette, goes back beyond it. */
let trail: readonly Element[] = [];

interface ReturnFocus {
  readonly onOpenAutoFocus: () => void;
  readonly onCloseAutoFocus: (event: Event) => void;
}

export const useReturnFocus = (): ReturnFocus => {
  const mine = useRef<readonly Element[]>([]);
  return {
    onOpenAutoFocus: () => {
      const active = document.activeElement;
      if (active !== null && active !== document.body) trail = [active, ...trail].slice(0, REMEMBERED);
      mine.current = trail;
    },
    onCloseAutoFocus: (event) => {
      event.preventDefault();
      // The next dialog is open already, and has the focus.
      if (document.activeElement?.closest("[role=dialog], [role=alertdialog]") instanceof Element) return;
      const place = mine.current.find((element) => element.isConnected);
      if (place instanceof HTMLElement) place.focus();
    },
  };
};
