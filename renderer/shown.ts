/** What the shell told this window to show, for whoever draws it. */
export interface Shown<T> {
  /** Null: nothing any more. */
  set(value: T | null): void;
  get(): T | null;
  on(listener: () => void): () => void;
}

export const createShown = <T>(): Shown<T> => {
  const listeners = new Set<() => void>();
  let held: T | null = null;
  return {
    set: (value) => {
      held = value;
      for (const listener of listeners) listener();
    },
    get: () => held,
    on: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
