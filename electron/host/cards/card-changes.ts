/** Tells windows which cards changed, and counts those that wait for this person: on the badge, and for each workspace. */
import type { DocName } from "#core/protocol/ids.ts";
import type { ReadRequest } from "#core/rules/read.ts";
import type { Live } from "#client/live.ts";
import type { Publisher, Shell } from "../seams.ts";
import { courtesy } from "./courtesy.ts";
import { toLetIn } from "./arrivals.ts";
import { createCardIndex, type CardIndex, type Touched } from "./card-index.ts";
import type { ConfirmCards } from "./confirm-cards.ts";

export interface CardChangesDeps {
  readonly shell: Shell;
  readonly publisher: Publisher;
  readonly lives: () => readonly Live[];
  readonly own: Pick<ConfirmCards, "states" | "waiting">;
  readonly canDecide: (live: Live, request: ReadRequest) => boolean;
  /** After what is under way now. */
  readonly soon: (work: () => void) => void;
}
export interface CardChanges {
  /** Entries of a document arrived; without one anything may have changed. */
  look(live: Live, doc?: DocName): void;
  /** What this app keeps beside the folds changed for these requests, or for none but own calls. */
  touch(live: Live, requests: readonly string[]): void;
  /** Looks at everything, and counts. */
  recount(): void;
  /** How many cards, calls and people wait for this person now. */
  waiting(live: Live): number;
  /** Whether lists show the request's card. */
  shows(live: Live, request: string): boolean;
}

export const createCardChanges = ({ shell, publisher, lives, own, canDecide, soon }: CardChangesDeps): CardChanges => {
  // Both go with the workspace when it is forgotten or opened anew.
  const indexes = new WeakMap<Live, CardIndex>();
  const ownStates = new WeakMap<Live, ReadonlyMap<string, string>>();
  const counts = new Map<string, number>();
  let badge = -1;

  const indexOf = (live: Live): CardIndex => {
    const index = indexes.get(live) ?? createCardIndex(live, (request) => canDecide(live, request));
    indexes.set(live, index);
    return index;
  };
  /** Own calls whose card came, went or was answered. */
  const ownTouched = (live: Live): string[] => {
    const [before, now] = [ownStates.get(live) ?? new Map<string, string>(), own.states(live.wid)];
    ownStates.set(live, now);
    return [...new Set([...before.keys(), ...now.keys()])].filter((id) => before.get(id) !== now.get(id));
  };
  const tell = (live: Live, touched: Touched): void => {
    const calls = ownTouched(live);
    if (touched === "all") publisher.publish("cards", live.wid);
    else if (touched.size + calls.length > 0) publisher.publish("cards", live.wid, [...touched, ...calls]);
  };
  const counted = (live: Live): number =>
    indexOf(live).decidable() + own.waiting(live.wid).length + toLetIn(live).length;
  const count = (all: readonly Live[]): void => {
    for (const live of all) {
      const now = counted(live);
      if (counts.get(live.wid) === now) continue;
      counts.set(live.wid, now);
      publisher.publish("app");
    }
    const total = lives().reduce((sum, { wid }) => sum + (counts.get(wid) ?? 0), 0);
    if (total === badge) return;
    badge = total;
    // Windows hear of the card first: a person may be waiting for it.
    soon(() => courtesy(shell.request("badge", { waiting: total })));
  };

  return {
    look: (live, doc) => {
      tell(live, indexOf(live).look(doc));
      count([live]);
    },
    touch: (live, requests) => {
      tell(live, indexOf(live).touch(requests));
      count([live]);
    },
    recount: () => {
      for (const live of lives()) tell(live, indexOf(live).look());
      count(lives());
    },
    waiting: (live) => {
      tell(live, indexOf(live).look());
      return counted(live);
    },
    shows: (live, request) => indexOf(live).shows(request),
  };
};
