/**
 * Preload of the approval popup. `@electron/remote` stays in here: it fits the window to its card and gives the focus
 * back on Escape. The page cannot reach it.
 */
import { getCurrentWindow } from "@electron/remote";
import { exposeBulkhead } from "./forward.ts";
import { fittedBounds } from "./geometry.ts";

exposeBulkhead();

const fit = (): void => {
  const window = getCurrentWindow();
  const chrome = globalThis.outerHeight - globalThis.innerHeight;
  const screen = globalThis.screen as Screen & { readonly availTop?: number };
  const fitted = fittedBounds(window.getBounds(), document.documentElement.scrollHeight + chrome, {
    top: screen.availTop ?? 0,
    height: screen.availHeight,
  });
  if (fitted !== null) window.setBounds(fitted);
};

document.addEventListener("DOMContentLoaded", () => {
  new ResizeObserver(fit).observe(document.documentElement);
  document.addEventListener("keyup", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) getCurrentWindow().blur();
  });
});
