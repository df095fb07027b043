/** This window's drafts. What was typed is sent before the page goes away, and read again where another window may have written. */
import { useEffect, useSyncExternalStore } from "react";
import { createDrafts, type DraftState } from "./drafts.ts";
import { bridge } from "./host.ts";

export const drafts = createDrafts(bridge.request, crypto.randomUUID(), Date.now);

window.addEventListener("pagehide", drafts.flushAll);
document.addEventListener("visibilitychange", () =>
  document.visibilityState === "hidden" ? drafts.flushAll() : drafts.refreshAll(),
);
window.addEventListener("focus", drafts.refreshAll);
bridge.onUp(() => {
  drafts.flushAll();
  drafts.refreshAll();
});

export const useDraft = (thread: string): DraftState => {
  useEffect(() => {
    drafts.refresh(thread);
    return () => drafts.flush(thread);
  }, [thread]);
  const state = drafts.state(thread);
  return useSyncExternalStore(state.subscribe, state.get);
};
