/** This window's one bridge, and the hooks with which components read from it. */
import { useCallback, useSyncExternalStore } from "react";
import type { ShownAct } from "#bridge/act.ts";
import type { TopicKind } from "#bridge/contract.ts";
import type { ListKind, ListRow } from "#bridge/lists.ts";
import { createBridge, type LinkState, type ShownPairing } from "../bridge.ts";
import type { Held, TopicState } from "../watches.ts";
import { openWire } from "../transport.ts";

export const bridge = createBridge(openWire);
export const { request } = bridge;

export const useLink = (): LinkState => useSyncExternalStore(bridge.onLink, bridge.link);

/** What the shell told this window, the popup of a pairing, to show. */
export const useShownPairing = (): ShownPairing | null => useSyncExternalStore(bridge.pairing.on, bridge.pairing.get);

/** What the shell told this window, the popup of an act, to show. */
export const useShownAct = (): ShownAct | null => useSyncExternalStore(bridge.act.on, bridge.act.get);

/** The present value of a topic with its error; `undefined` until the first answer. Follows it while mounted. */
export const useTopicState = <K extends TopicKind>(kind: K, argument?: string): TopicState<Held<K>> => {
  const subscribe = useCallback((listener: () => void) => bridge.watch(kind, argument, listener), [kind, argument]);
  return useSyncExternalStore(subscribe, () => bridge.read(kind, argument));
};

export const useTopic = <K extends TopicKind>(kind: K, argument?: string): Held<K> | undefined =>
  useTopicState(kind, argument).value;

const nowhere = () => () => undefined;
/** One row of a list, wherever it stands; undefined until it is known, null where there is none. Without a key nothing is followed. */
export const useRow = <K extends ListKind>(
  kind: K,
  argument: string,
  key: string | null,
): ListRow<K> | null | undefined => {
  const subscribe = useCallback(
    (listener: () => void) => (key === null ? nowhere() : bridge.watchRow(kind, argument, key, listener)),
    [kind, argument, key],
  );
  return useSyncExternalStore(subscribe, () => (key === null ? null : bridge.readRow(kind, argument, key)));
};
