/** The sync server's time in this window: time limits and the times of signed acts are told by it. */
import { useEffect } from "react";
import { useNow } from "./clock.ts";
import { useTopic } from "./host.ts";
import { createStore, useStore } from "./store.ts";

/** How far the server of the open workspace is ahead of this computer, ms. */
const ahead = createStore(0);

/** Follows the clock of this workspace's server; in one place of a window. */
export const useServerClock = (wid: string): void => {
  const found = useTopic("status", wid)?.serverAhead ?? 0;
  useEffect(() => ahead.set(found), [found]);
};

/** Milliseconds since the epoch by the server's clock, at most a second old. */
export const useServerNow = (): number => useNow() + useStore(ahead);

/** Whether a time limit of the server's is over. */
export const useIsOver = (until: number): boolean => useServerNow() > until;
