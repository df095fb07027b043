/** The lists that a window without a page follows: loaded whole, since a script looks at every row. */
import { afterChanges, firstHole, fromHead, withPage } from "#bridge/list.ts";
import type { ListEvent, ListHead, ListState } from "#bridge/list.ts";

export interface FollowParts {
  /** Asks for the head again. */
  readonly watch: (topic: string) => void;
  readonly page: (topic: string, from: number) => Promise<unknown>;
  /** Every row is here. */
  readonly whole: (topic: string, rows: readonly unknown[]) => void;
}
interface Page {
  readonly n: number;
  readonly from: number;
  readonly rows: readonly unknown[];
}

export const followLists = ({ watch, page, whole }: FollowParts) => {
  const states = new Map<string, ListState<unknown>>();

  const set = (topic: string, state: ListState<unknown>): void => {
    states.set(topic, state);
    const hole = firstHole(state);
    if (hole === null) return whole(topic, state.rows);
    page(topic, hole).then(
      (answer) => {
        const now = states.get(topic);
        // Of another state: whatever made it that asks by itself.
        if (now?.n === (answer as Page).n) set(topic, withPage(now, answer as Page));
      },
      () => undefined,
    );
  };
  return {
    head: (topic: string, head: ListHead<unknown>): void => set(topic, fromHead(head)),
    event: (event: ListEvent): void => {
      const state = states.get(event.list);
      const next = event.kind === "reload" || state === undefined ? null : afterChanges(state, event, (row) => row);
      if (next === null) watch(event.list);
      else set(event.list, next);
    },
  };
};
