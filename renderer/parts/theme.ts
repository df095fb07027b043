/** Puts the chosen theme on the page, and follows the system where that was chosen. */
import type { Settings } from "#bridge/app.ts";

const PLACE = "bulkhead-theme";
const dark = window.matchMedia("(prefers-color-scheme: dark)");
let chosen: Settings["theme"] = stored();

function stored(): Settings["theme"] {
  const found = localStorage.getItem(PLACE);
  return found === "light" || found === "dark" ? found : "system";
}

const paint = () => {
  document.documentElement.dataset["theme"] = chosen === "system" ? (dark.matches ? "dark" : "light") : chosen;
};

/** Remembered here too, so that the next start does not flash in the other theme before the host answers. */
export const setTheme = (theme: Settings["theme"]): void => {
  chosen = theme;
  localStorage.setItem(PLACE, theme);
  paint();
};

dark.addEventListener("change", paint);
paint();
