/** The messages of the threads that were opened in this window, kept while it lives. */
import { useEffect, useSyncExternalStore } from "react";
import type { ThreadEvent } from "#bridge/thread.ts";
import { bridge, request } from "./host.ts";
import { createStore, type Store } from "./store.ts";
import { afterEvent, emptyLog, missingPage, restarted, withMessages, type ThreadLog } from "./thread-log.ts";
import { saidFailed } from "./toasts.ts";

const PAGE = 60;
const KEPT_THREADS = 12;

interface OpenThread {
  readonly log: Store<ThreadLog & { readonly loaded: boolean }>;
  /** The pages that were asked for, by their `before`. */
  readonly asked: Set<number>;
  readonly close: () => void;
}
const open = new Map<string, OpenThread>();

const load = async (thread: string, entry: OpenThread): Promise<void> => {
  entry.asked.clear();
  const early: ThreadEvent[] = [];
  // Events that arrive while the page is under way may be newer than the page: they are applied again on top of it.
  const stop = bridge.onThread(thread, (event) => event.kind === "put" && early.push(event));
  try {
    const page = await request("thread.page", { thread, before: null, limit: PAGE });
    let log = restarted(page.messages, page.total);
    for (const event of early)
      if (event.kind === "put" && !log.messages.has(event.message.seq)) log = afterEvent(log, event);
    entry.log.set({ ...log, loaded: true });
  } finally {
    stop();
  }
};

const opened = (thread: string): OpenThread => {
  const found = open.get(thread);
  if (found !== undefined) return found;
  const log = createStore<ThreadLog & { readonly loaded: boolean }>({ ...emptyLog, loaded: false });
  const reload = () => void load(thread, entry).catch(saidFailed);
  const stopEvents = bridge.onThread(thread, (event) => {
    if (event.kind === "reload") reload();
    else log.update((value) => ({ ...afterEvent(value, event), loaded: value.loaded }));
  });
  const stopUp = bridge.onUp(reload);
  const entry: OpenThread = {
    log,
    asked: new Set(),
    close: () => {
      stopEvents();
      stopUp();
    },
  };
  open.set(thread, entry);
  forgetOldest();
  return entry;
};

const forgetOldest = () => {
  for (const [thread, entry] of open) {
    if (open.size <= KEPT_THREADS) return;
    entry.close();
    open.delete(thread);
  }
};

/** Loads the page around `seq` when this window does not hold it. */
export const needMessage = (thread: string, seq: number): void => {
  const entry = opened(thread);
  const before = missingPage(entry.log.get(), seq, PAGE);
  if (before === null || [...entry.asked].some((asked) => seq < asked && seq >= asked - PAGE)) return;
  entry.asked.add(before);
  request("thread.page", { thread, before, limit: PAGE }).then(
    (page) => entry.log.update((value) => ({ ...withMessages(value, page.messages, page.total), loaded: true })),
    (error: unknown) => {
      entry.asked.delete(before);
      saidFailed(error);
    },
  );
};

export const useThreadLog = (thread: string): ThreadLog & { readonly loaded: boolean } => {
  const entry = opened(thread);
  // Events flow only while the topic `thread/<id>` is watched, so the newest page is asked for after the watch began.
  useEffect(() => void load(thread, opened(thread)).catch(saidFailed), [thread]);
  return useSyncExternalStore(entry.log.subscribe, entry.log.get);
};
