/** Where the person is. Kept in memory; only the workspace is remembered, by its id, for the next start. */
import { createStore, useStore } from "./store.ts";

export const TEAM_TABS = ["members", "roles", "invites"] as const;
export type TeamTab = (typeof TEAM_TABS)[number];

export type Route =
  | { readonly page: "thread"; readonly thread: string | null; readonly seq: number | null }
  | { readonly page: "waiting"; readonly request: string | null }
  | { readonly page: "team"; readonly tab: TeamTab }
  | { readonly page: "tools" }
  | { readonly page: "settings" }
  | { readonly page: "audit" };

/** In the order in which they stand in the sidebar: the number of a key is the place there. */
export const SECTIONS = ["waiting", "thread", "team", "tools", "audit", "settings"] as const;

const PLACE = "bulkhead-workspace";
export const route = createStore<Route>({ page: "thread", thread: null, seq: null });
export const chosenWorkspace = createStore<string | null>(localStorage.getItem(PLACE));

export const useRoute = (): Route => useStore(route);

export const goTo = (next: Route): void => route.set(next);
export const openThread = (thread: string | null, seq: number | null = null): void =>
  goTo({ page: "thread", thread, seq });

export const goToSection = (page: (typeof SECTIONS)[number]): void => {
  if (page === "thread") openThread(null);
  else if (page === "waiting") goTo({ page, request: null });
  else if (page === "team") goTo({ page, tab: "members" });
  else goTo({ page });
};

/**
 * Shows a workspace from its beginning. What was waited for may have shown it before it answered: whoever has gone on
 * from where they were `since` stays where they are.
 */
export const chooseWorkspace = (wid: string, since: Route = route.get()): void => {
  localStorage.setItem(PLACE, wid);
  chosenWorkspace.set(wid);
  if (route.get() === since) openThread(null);
};
