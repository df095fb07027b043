/** Cards sorted into the groups in which people look for them. Pure, but for the hook. */
import { useEffect, useState } from "react";
import type { CardSummary, CardView, Code } from "#bridge/views.ts";
import { codeOf } from "../bridge.ts";
import { request } from "./host.ts";

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
    mine: pending.filter((card) => card.mine),
    others: pending.filter((card) => !card.mine && !card.canVote.allowed),
    decided: cards.filter((card) => card.state !== "pending").toSorted((a, b) => b.requestedAt - a.requestedAt),
  };
};

/** The whole card, asked for again whenever its summary changes. */
export const useCard = (wid: string, requestId: string, summary: CardSummary | undefined): { readonly card: CardView | null; readonly error: Code | null } => {
  const [loaded, setLoaded] = useState<{ readonly of: string; readonly card: CardView | null; readonly error: Code | null }>({ of: requestId, card: null, error: null });
  const version = summary === undefined ? "" : `${summary.state} ${summary.votes.length} ${summary.canVote.allowed}`;
  useEffect(() => {
    let stale = false;
    request("card.get", { wid, request: requestId }).then(
      (card) => !stale && setLoaded({ of: requestId, card, error: null }),
      (error: unknown) => !stale && setLoaded({ of: requestId, card: null, error: codeOf(error) }),
    );
    return () => {
      stale = true;
    };
  }, [wid, requestId, version]);
  return loaded.of === requestId ? loaded : { card: null, error: null };
};
