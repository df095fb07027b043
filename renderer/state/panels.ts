/** Which side panels are unfolded. The choice is remembered on this computer. */
import { createStore } from "./store.ts";

const PLACE = "bulkhead-panel";
export const NARROW = "(max-width: 899px)";

const narrow = window.matchMedia(NARROW);
const wanted = (): boolean => !narrow.matches && localStorage.getItem(PLACE) !== "closed";

export const panelOpen = createStore(wanted());
panelOpen.subscribe(() => {
  if (!narrow.matches) localStorage.setItem(PLACE, panelOpen.get() ? "open" : "closed");
});
// Where there is no room beside the thread the panel covers it, so there it is open only when asked for.
narrow.addEventListener("change", () => panelOpen.set(wanted()));
/** Only below 640 px, where the sidebar is a sheet. */
export const sideOpen = createStore(false);
export const paletteOpen = createStore(false);
export const keysOpen = createStore(false);
/** A dialog that the workspace switcher opened. */
export const workspaceDialog = createStore<"create" | "join" | "arrive" | null>(null);
/** The dialog in which this computer shows a code for another one. */
export const addingDevice = createStore(false);
/** The words that are read aloud to a teammate, on the team page. */
export const comparing = createStore(false);
export const auditDialog = createStore<"heads" | "export" | "verify" | null>(null);
/** The role for which a new invite is being made; null while none is. */
export const newInvite = createStore<string | null>(null);
export const addingServer = createStore(false);
/** Counts how often somebody asked for a place to write in: each time the message box takes the focus. */
export const writing = createStore(0);
