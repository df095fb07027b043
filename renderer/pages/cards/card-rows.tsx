/** The cards of one group. Only those in view are drawn, and those that were not looked at are not loaded. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { CardSummary } from "#bridge/card.ts";
import { PracticeChip } from "../../parts/practice-mark.tsx";
import { Countdown, When } from "../../parts/time.tsx";
import { bridge } from "../../state/host.ts";
import { goTo } from "../../state/route.ts";
import { showCard } from "../../state/shell.ts";
import { cardWords as words } from "../../text/calls.ts";
import { confirmWords, stateWords } from "../../text/confirm.ts";

/** Height of most rows, px. */
const ROW = 56;
const AHEAD = 15;

export interface CardRowsProps {
  readonly wid: string;
  /** What scrolls, with the groups above in it; null before it is there. */
  readonly scroller: HTMLElement | null;
  /** Place in the list of the first. */
  readonly from: number;
  readonly cards: readonly (CardSummary | undefined)[];
  /** The request whose card stands beside the list. */
  readonly current: string | undefined;
}

export const CardRows = ({ wid, scroller, from, cards, current }: CardRowsProps) => {
  const list = useRef<HTMLUListElement>(null);
  const above = useAbove(list, scroller);
  const virtual = useVirtualizer({
    count: cards.length,
    getScrollElement: () => scroller,
    estimateSize: () => ROW,
    getItemKey: (index) => cards[index]?.request ?? from + index,
    overscan: AHEAD,
    scrollMargin: above,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index;
  const last = items.at(-1)?.index;
  useEffect(() => {
    if (first !== undefined && last !== undefined) bridge.need("cards", wid, from + first, from + last + 1);
  }, [wid, from, first, last, cards]);
  return (
    <ul ref={list} className="card-rows" style={{ height: virtual.getTotalSize() }}>
      {items.map((item) => {
        const card = cards[item.index];
        return (
          <li
            key={item.key}
            ref={virtual.measureElement}
            data-index={item.index}
            aria-setsize={cards.length}
            aria-posinset={item.index + 1}
            style={{ transform: `translateY(${item.start - above}px)` }}
          >
            {card === undefined ? (
              <span className="card-row" aria-hidden />
            ) : (
              <CardRow card={card} current={card.request === current} />
            )}
          </li>
        );
      })}
    </ul>
  );
};

/** How far below the beginning of what scrolls the list begins: groups above it grow and shrink. */
const useAbove = (list: React.RefObject<HTMLElement | null>, scroller: HTMLElement | null): number => {
  const [above, setAbove] = useState(0);
  useLayoutEffect(() => {
    if (list.current === null || scroller === null) return undefined;
    const own = list.current;
    const look = () =>
      setAbove(Math.round(own.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop));
    look();
    const watch = new ResizeObserver(look);
    for (const group of scroller.children) watch.observe(group);
    return () => watch.disconnect();
  });
  return above;
};

const CardRow = ({ card, current }: { readonly card: CardSummary; readonly current: boolean }) => (
  <button
    type="button"
    data-item
    className="card-row"
    aria-current={current ? "true" : undefined}
    onClick={() => goTo({ page: "waiting", request: card.request })}
    onKeyDown={(event) => {
      // Opening decides nothing: that happens in the card's window.
      if (event.key !== "Enter" || event.repeat || event.ctrlKey || event.metaKey || event.altKey || !isDecidable(card))
        return;
      event.preventDefault();
      void showCard(card.wid, card.request);
    }}
    onFocus={(event) => event.target.matches(":focus-visible") && goTo({ page: "waiting", request: card.request })}
  >
    <span className="row">
      <span className="mono cut grow">
        <span className="quiet">{card.server}.</span>
        {card.tool}
      </span>
      {card.state === "pending" ? (
        <span className="chip waiting">
          <Countdown until={card.expiresAt} />
        </span>
      ) : (
        <StateChip card={card} />
      )}
    </span>
    <span className="row faint">
      <span className="cut grow">
        {card.kind === "confirm" ? confirmWords.rowRun : card.mine ? words.youAsk : words.asks(card.requester)}
        {card.standsFor.length > 0 && ` · ${words.standsFor(card.standsFor)}`}
      </span>
      {card.practice && <PracticeChip />}
      <When at={card.requestedAt} />
    </span>
  </button>
);

export const isDecidable = (card: CardSummary): boolean => card.state === "pending" && card.canVote.allowed;

const tones: Record<CardSummary["state"], string> = {
  pending: "waiting",
  approved: "done",
  used: "done",
  rejected: "failed",
  expired: "failed",
  canceled: "",
  replaced: "",
  practiced: "done",
  lapsed: "",
};
export const StateChip = ({ card }: { readonly card: CardSummary }) => (
  <span className={`chip ${tones[card.state]}`}>{stateWords(card)}</span>
);
