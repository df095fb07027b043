/** The groups of the list of cards. Pure. */
import type { CardSummary } from "#bridge/card.ts";
import type { ListState } from "#bridge/list.ts";
import { CARD_GROUPS, cardGroup, type CardGroup } from "#bridge/lists.ts";

export interface Group {
  readonly group: CardGroup;
  /** Place of its first row in the list. */
  readonly from: number;
  /** Every row of it; undefined where it is not here yet. */
  readonly cards: readonly (CardSummary | undefined)[];
}

type Cards = ListState<CardSummary>;

export const groupsOf = ({ counts, rows }: Cards): Group[] => {
  let from = 0;
  return CARD_GROUPS.map((group) => {
    const count = counts[group] ?? 0;
    const cards = rows.slice(from, from + count);
    from += count;
    return { group, from: from - count, cards };
  });
};

/** How many wait for this person. */
export const forMe = ({ counts }: Pick<Cards, "counts">): number =>
  (counts["toConfirm"] ?? 0) + (counts["toDecide"] ?? 0);

export const isForMe = (card: CardSummary): boolean => ["toConfirm", "toDecide"].includes(cardGroup(card));

/** What waits for this person first: their own calls, as nobody else can answer them, then what runs out first. */
export const firstForMe = ({ rows }: Cards): CardSummary | null => {
  const [first] = rows;
  return first !== undefined && isForMe(first) ? first : null;
};

/** How many wait for this person besides that one. */
export const othersForMe = (cards: Pick<Cards, "counts">, card: CardSummary | null | undefined): number =>
  forMe(cards) - (card !== undefined && card !== null && isForMe(card) ? 1 : 0);
