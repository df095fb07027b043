/**
 * The card that this page offers, and the one whose window it opened. An offer stands only while its card can be
 * decided; after a decision the next card is offered, and the page says what the closing window said.
 */
import { useEffect } from "react";
import { useRow, useTopic } from "./host.ts";
import { arrivalOpen, nextOffer, stillOpen, votedWords, type CardName, type CardOffer } from "./offer.ts";
import { createStore, useStore } from "./store.ts";
import { saidDone } from "./toasts.ts";

const NOBODY: never[] = [];
export const offeredCard = createStore<CardOffer | null>(null);
export const openedCard = createStore<CardName | null>(null);

export const useCardOffer = (wid: string): CardOffer | null => {
  const offer = useStore(offeredCard);
  const opened = useStore(openedCard);
  const offeredCards = useTopic("cards", offer?.card.wid ?? wid);
  const openedCards = useTopic("cards", opened?.wid ?? wid);
  const offeredRow = useRow("cards", offer?.card.wid ?? wid, offer?.card.request ?? null);
  const openedRow = useRow("cards", opened?.wid ?? wid, opened?.request ?? null);
  const offeredArrivals = useTopic("arrivals", offer?.card.wid ?? wid) ?? NOBODY;
  const openedArrivals = useTopic("arrivals", opened?.wid ?? wid) ?? NOBODY;
  const me = useTopic("team", opened?.wid ?? wid)?.me;
  useEffect(() => {
    if (
      offer !== null &&
      offeredCards !== undefined &&
      offeredRow !== undefined &&
      !(arrivalOpen(offeredArrivals, offer.card.request) ?? stillOpen(offeredRow))
    )
      offeredCard.set(nextOffer(offeredCards));
  }, [offer, offeredCards, offeredRow, offeredArrivals]);
  useEffect(() => {
    if (
      opened === null ||
      openedCards === undefined ||
      openedRow === undefined ||
      (arrivalOpen(openedArrivals, opened.request) ?? stillOpen(openedRow))
    )
      return;
    if (offeredCard.get() === null) offeredCard.set(nextOffer(openedCards));
    const said = votedWords(openedRow, me);
    if (said !== null) saidDone(said);
    // The vote may still be on its way to the server; it is told once it is there.
    if (said !== null || openedRow?.state !== "pending") openedCard.set(null);
  }, [opened, openedCards, openedRow, openedArrivals, me]);
  return offer;
};
