/** Documents whose channels the server ended for the moment: each is asked for again after a pause that grows. */
import type { DocName } from "#core/protocol/ids.ts";
import { pauseBefore } from "#core/protocol/pauses.ts";
import type { Timers } from "../ports/clock.ts";

const PAUSES = { first: 200, most: 5_000 };

export interface Rests {
  has(doc: DocName): boolean;
  add(doc: DocName): void;
  /** Another connection: how often something was ended on the one before says nothing. */
  calm(): void;
}

/** `over` is told when a document may be asked for again. */
export const createRests = (timers: Pick<Timers, "after">, over: () => void): Rests => {
  const resting = new Set<DocName>();
  /** How often each was ended on this connection. */
  const endings = new Map<DocName, number>();
  return {
    has: (doc) => resting.has(doc),
    add: (doc) => {
      const times = (endings.get(doc) ?? 0) + 1;
      endings.set(doc, times);
      resting.add(doc);
      timers.after(pauseBefore(times, PAUSES), () => {
        resting.delete(doc);
        over();
      });
    },
    calm: () => endings.clear(),
  };
};
