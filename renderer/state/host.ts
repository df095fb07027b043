/** This window's one bridge, and the hooks with which components read from it. */
import { useCallback, useSyncExternalStore } from "react";
import type { TopicKind, TopicValue } from "#bridge/contract.ts";
import { createBridge, type LinkState, type ShownPairing, type TopicState } from "../bridge.ts";
import { openWire } from "../transport.ts";

export const bridge = createBridge(openWire);
export const { request } = bridge;

export const useLink = (): LinkState => useSyncExternalStore(bridge.onLink, bridge.link);

/** What the shell told this window, the popup of a pairing, to show. */
export const useShownPairing = (): ShownPairing | null => useSyncExternalStore(bridge.onPairing, bridge.pairing);

/** The present value of a topic with its error; `undefined` until the first answer. Follows it while mounted. */
export const useTopicState = <K extends TopicKind>(kind: K, argument?: string): TopicState<TopicValue<K>> => {
  const subscribe = useCallback((listener: () => void) => bridge.watch(kind, argument, listener), [kind, argument]);
  return useSyncExternalStore(subscribe, () => bridge.read(kind, argument));
};

export const useTopic = <K extends TopicKind>(kind: K, argument?: string): TopicValue<K> | undefined =>
  useTopicState(kind, argument).value;
