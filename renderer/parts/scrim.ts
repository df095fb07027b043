/**
 * A press on the scrim, heard from the first moment. Radix hears one beside a dialog only a few tasks after whatever lay
 * above the dialog is gone, and on a busy computer a person is faster than that.
 */
import { useRef } from "react";

const ABOVE = "[data-radix-popper-content-wrapper]";

interface Scrim {
  readonly onPointerDown: () => void;
  readonly onClick: () => void;
}

export const useScrim = (leave: () => void): Scrim => {
  const began = useRef(false);
  return {
    // A press that closes a list above the dialog means the list.
    onPointerDown: () => void (began.current = document.querySelector(ABOVE) === null),
    // Press and release are both on the scrim: a selection of text that ends there is none.
    onClick: () => {
      if (began.current) leave();
      began.current = false;
    },
  };
};
