/** Cards sorted into the groups in which people look for them. Pure. */
import type { CardSummary } from "#bridge/card.ts";

export interface CardGroups {
  /** Own calls that run here once this person confirms them. */
  readonly toConfirm: readonly CardSummary[];
  readonly toDecide: readonly CardSummary[];
  readonly mine: readonly CardSummary[];
  readonly others: readonly CardSummary[];
  readonly decided: readonly CardSummary[];
}

export const grouped = (cards: readonly CardSummary[]): CardGroups => {
  const pending = cards.filter((card) => card.state === "pending").toSorted((a, b) => a.expiresAt - b.expiresAt);
  return {
    toConfirm: pending.filter((card) => card.kind === "confirm"),
    toDecide: pending.filter((card) => card.kind === "ask" && card.canVote.allowed),
    // A practice request may be decided by whoever asked: it then stands among those to decide.
    mine: pending.filter((card) => card.kind === "ask" && card.mine && !card.canVote.allowed),
    others: pending.filter((card) => !card.mine && !card.canVote.allowed),
    decided: cards.filter((card) => card.state !== "pending").toSorted((a, b) => b.requestedAt - a.requestedAt),
  };
};

/** What waits for this person: their own calls first, as nobody else can answer them. */
export const forMe = (cards: readonly CardSummary[]): readonly CardSummary[] => {
  const { toConfirm, toDecide } = grouped(cards);
  return [...toConfirm, ...toDecide];
};
