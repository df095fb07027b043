/** What a page offers of the cards that wait, and what it says of a decided one. Pure. */
import type { ArrivalView } from "#bridge/member.ts";
import type { CardSummary } from "#bridge/card.ts";
import type { ListState } from "#bridge/list.ts";
import { visibleName } from "#bridge/plain-text.ts";
import { arrivalWords } from "../text/arrivals.ts";
import { cardWords as words } from "../text/calls.ts";
import { personWords } from "../text/team.ts";
import { confirmWords, stateWords } from "../text/confirm.ts";
import { practiceWords } from "../text/practice.ts";
import { firstForMe, isForMe } from "./card-groups.ts";

export interface CardName {
  readonly wid: string;
  readonly request: string;
}
export interface CardOffer {
  /** Null: who asks for what is told from the card itself. */
  readonly text: string | null;
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
export const stillOpen = (card: CardSummary | null): boolean => card === null || isForMe(card);

/** The offer after a card is no longer open: the one that runs out first, or null. */
export const nextOffer = (cards: ListState<CardSummary>): CardOffer | null => {
  const first = firstForMe(cards);
  return first === null
    ? null
    : { text: null, card: { wid: first.wid, request: first.request }, url: null, blocked: false };
};

/** Who asks for what, or who waits to be let in. A card that is not listed yet is only a card. */
export const offerWordsOf = (
  { text, card: { request } }: CardOffer,
  card: CardSummary | null | undefined,
  others: number,
  arrivals: readonly ArrivalView[],
): string => {
  if (text !== null) return text;
  const arrival = arrivals.find(({ member }) => member === request);
  if (arrival !== undefined) return arrivalWords.title(visibleName(arrival.name), visibleName(arrival.roleName));
  if (card === undefined || card === null) return words.newCard;
  return [asked(card), ...(others === 0 ? [] : [words.more(others)])].join(" · ");
};

const asked = (card: CardSummary): string => {
  const tool = visibleName(card.tool);
  if (card.kind === "confirm") return confirmWords.waitsHere(tool);
  const alike =
    card.who.alike.length === 0
      ? ""
      : words.told(
          card.who.role === null ? personWords.gone : visibleName(card.who.role),
          card.who.alike.map(({ name, role }) =>
            personWords.withRole(visibleName(name), role === null ? null : visibleName(role)),
          ),
        );
  const line = words.asksToRun(`${visibleName(card.requester)}${alike}`, tool);
  return card.practice ? `${practiceWords.chip}: ${line}` : line;
};

/** What this person decided, once it is kept; null before. */
export const votedWords = (card: CardSummary | null, me: string | undefined): string | null => {
  if (card?.kind === "confirm")
    return card.state === "pending" ? null : words.decidedHere(stateWords(card), `${card.server}.${card.tool}`);
  const vote = card?.votes.find((each) => (each.by?.member ?? each.member) === me);
  if (card === null || vote === undefined) return null;
  return words.decidedHere(vote.v === "approve" ? words.youApproved : words.youRejected, `${card.server}.${card.tool}`);
};
