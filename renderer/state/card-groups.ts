/** Cards sorted into the groups in which people look for them. Pure. */
import type { CardSummary } from "#bridge/views.ts";

export interface CardGroups {
  readonly toDecide: readonly CardSummary[];
  readonly mine: readonly CardSummary[];
  readonly others: readonly CardSummary[];
  readonly decided: readonly CardSummary[];
}

export const grouped = (cards: readonly CardSummary[]): CardGroups => {
  const pending = cards.filter((card) => card.state === "pending").toSorted((a, b) => a.expiresAt - b.expiresAt);
  return {
    toDecide: pending.filter((card) => card.canVote.allowed),
    // A practice request may be decided by whoever asked: it then stands among those to decide.
    mine: pending.filter((card) => card.mine && !card.canVote.allowed),
    others: pending.filter((card) => !card.mine && !card.canVote.allowed),
    decided: cards.filter((card) => card.state !== "pending").toSorted((a, b) => b.requestedAt - a.requestedAt),
  };
};
