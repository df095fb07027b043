/** What a page offers of the cards that wait, and what it says of a decided one. Pure. */
import type { ArrivalView } from "#bridge/join-views.ts";
import type { CardSummary } from "#bridge/views.ts";
import { cardWords as words } from "../text/calls.ts";
import { stateWords } from "../text/confirm.ts";
import { forMe } from "./card-groups.ts";

export interface CardName {
  readonly wid: string;
  readonly request: string;
}
export interface CardOffer {
  readonly text: string;
  readonly card: CardName;
  /** The address of its window, which only a click may open; null where the card must be asked for. */
  readonly url: string | null;
  /** The person asked for the window and the browser kept it closed. */
  readonly blocked: boolean;
}

/** The same of somebody who waits to be let in; null where the id names nobody. */
export const arrivalOpen = (arrivals: readonly ArrivalView[], id: string): boolean | null => {
  const arrival = arrivals.find(({ member }) => member === id);
  return arrival === undefined ? null : arrival.outcome === null && arrival.can.allowed;
};

/** Whether this person could still decide the card. One that is not listed yet has only just arrived. */
export const stillOpen = (cards: readonly CardSummary[], request: string): boolean => {
  const card = cards.find((each) => each.request === request);
  return card === undefined || (card.state === "pending" && card.canVote.allowed);
};

/** The offer after a card is no longer open: the one that runs out first, or null. */
export const nextOffer = (cards: readonly CardSummary[]): CardOffer | null => {
  const waiting = forMe(cards);
  const first = waiting[0];
  return first === undefined ? null : { text: words.next(waiting.length), card: { wid: first.wid, request: first.request }, url: null, blocked: false };
};

/** What this person decided, once it is kept; null before. */
export const votedWords = (card: CardSummary | undefined, me: string | undefined): string | null => {
  if (card?.kind === "confirm") return card.state === "pending" ? null : words.decidedHere(stateWords(card), `${card.server}.${card.tool}`);
  const vote = card?.votes.find((each) => (each.by?.member ?? each.member) === me);
  if (card === undefined || vote === undefined) return null;
  return words.decidedHere(vote.v === "approve" ? words.youApproved : words.youRejected, `${card.server}.${card.tool}`);
};
