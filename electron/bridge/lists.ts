/** Every list that windows follow: its rows, what names one, and the order in which screens show them. */
import type { z } from "zod";
import { CardSummary } from "./card.ts";
import { ThreadSummary } from "./thread.ts";

export interface ListShape<Row> {
  readonly row: z.ZodType<Row>;
  key(row: Row): string;
  /** Names of groups as they stand one below the other. */
  readonly groups: readonly string[];
  group(row: Row): string;
  /** Within a group: below 0 where `a` stands first. Rows that are equal in it stand by their keys. */
  order(a: Row, b: Row): number;
}

export const CARD_GROUPS = ["toConfirm", "toDecide", "mine", "others", "decided"] as const;
export type CardGroup = (typeof CARD_GROUPS)[number];
/** The groups in which people look for cards. Own calls run here once this person confirms them. */
export const cardGroup = (card: CardSummary): CardGroup => {
  if (card.state !== "pending") return "decided";
  if (card.kind === "confirm") return "toConfirm";
  // A practice request may be decided by whoever asked: it then stands among those to decide.
  if (card.canVote.allowed) return "toDecide";
  return card.mine ? "mine" : "others";
};

const shape = <Row>(of: ListShape<Row>): ListShape<Row> => of;
export const lists = {
  cards: shape<CardSummary>({
    row: CardSummary,
    key: (card) => card.request,
    groups: CARD_GROUPS,
    group: cardGroup,
    // What runs out first; of what is over the newest.
    order: (a, b) => (a.state === "pending" ? a.expiresAt - b.expiresAt : b.requestedAt - a.requestedAt),
  }),
  threads: shape<ThreadSummary>({
    row: ThreadSummary,
    key: (thread) => thread.id,
    groups: ["all"],
    group: () => "all",
    order: (a, b) => b.updatedAt - a.updatedAt,
  }),
} as const;
export type ListKind = keyof typeof lists;
export type ListRow<K extends ListKind> = z.output<(typeof lists)[K]["row"]>;
export const isListKind = (kind: string): kind is ListKind => Object.hasOwn(lists, kind);
