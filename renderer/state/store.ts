/** The smallest store there is: one value, its readers, and a hook. */
import { useSyncExternalStore } from "react";

export interface Store<V> {
  get(): V;
  set(next: V): void;
  update(change: (value: V) => V): void;
  subscribe(listener: () => void): () => void;
}

export const createStore = <V>(first: V): Store<V> => {
  let value = first;
  const listeners = new Set<() => void>();
  const set = (next: V) => {
    if (Object.is(next, value)) return;
    value = next;
    for (const listener of listeners) listener();
  };
  return {
    get: () => value,
    set,
    update: (change) => set(change(value)),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};

export const useStore = <V>(store: Store<V>): V => useSyncExternalStore(store.subscribe, store.get);
