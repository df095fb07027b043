/** The approvals inbox: what waits, and what one card would do. Deciding happens in the card's own window. */
import { ExternalLink, Pencil } from "lucide-react";
import { Fragment, useState } from "react";
import type { CardSummary } from "#bridge/card.ts";
import type { CardGroup } from "#bridge/lists.ts";
import { Button, Empty, Note, Problem } from "../../parts/basic.tsx";
import { CardArguments, CardFacts, StandsFor, Votes, WhoAsks, WhyMe } from "../../parts/card-body.tsx";
import { ReplacesCard } from "../../parts/changed-arguments.tsx";
import { PracticeBanner, PracticeChip } from "../../parts/practice-mark.tsx";
import { RequesterWords } from "../../parts/requester-words.tsx";
import { useAction } from "../../state/action.ts";
import { firstForMe, groupsOf } from "../../state/card-groups.ts";
import { useCard } from "../../state/cards.ts";
import { request, useRow, useTopic, useTopicState } from "../../state/host.ts";
import { useIsOver } from "../../state/server-clock.ts";
import { goTo } from "../../state/route.ts";
import { showCard } from "../../state/shell.ts";
import { cardWords as words } from "../../text/calls.ts";
import { ApproverJoined } from "../../parts/unnamed.tsx";
import { confirmWords } from "../../text/confirm.ts";
import { saidDone } from "../../state/toasts.ts";
import { commonWords } from "../../text/common.ts";
import { editWords } from "../../text/edit.ts";
import { practiceWords } from "../../text/practice.ts";
import { OwnPromise } from "../../parts/own-promise.tsx";
import { toLetIn } from "../../state/arrivals.ts";
import { ArrivalDetail, ArrivalGroup } from "../arrivals/arrival-list.tsx";
import { CardRows, isDecidable, StateChip, type CardRowsProps } from "./card-rows.tsx";
import { EditOwn } from "./edit-own.tsx";
import { StandIn } from "./stand-in.tsx";
import { ownWords } from "../../text/facts.ts";

export const CardsPage = ({ wid, chosen }: { readonly wid: string; readonly chosen: string | null }) => {
  const { value: cards, error } = useTopicState("cards", wid);
  const named = useRow("cards", wid, chosen) ?? undefined;
  const arrivals = useTopic("arrivals", wid) ?? [];
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  if (cards === undefined)
    return (
      <div className="page-pad">
        {error === null ? <p className="faint late">{commonWords.loading}</p> : <Problem error={error} />}
      </div>
    );
  const groups = groupsOf(cards);
  const letIn = toLetIn(arrivals);
  // Time runs out on a call, and on nobody who waits to be let in.
  const urgent = firstForMe(cards) ?? undefined;
  const [first] = cards.rows;
  // Who was chosen stays beside the list with what became of it.
  const arrival =
    named === undefined
      ? (arrivals.find(({ member }) => member === chosen) ?? (urgent === undefined ? letIn[0] : undefined))
      : undefined;
  const current = arrival === undefined ? (named ?? first) : undefined;
  return (
    <section className="split" aria-labelledby="waiting-title">
      <div className="split-list">
        <header className="page-head">
          <h1 id="waiting-title">{words.title}</h1>
        </header>
        <div className="page-note">
          <ApproverJoined wid={wid} />
        </div>
        <StandIn wid={wid} />
        <OwnPromise wid={wid} />
        {current === undefined && arrival === undefined ? (
          <div className="page-pad">
            <Empty
              title={words.emptyTitle}
              action={<Button onClick={() => goTo({ page: "tools" })}>{words.emptyAction}</Button>}
            >
              {words.empty}
            </Empty>
          </div>
        ) : (
          <div className="split-scroll" data-list ref={setScroller}>
            {groups.map(({ group, ...of }) => (
              <Fragment key={group}>
                <Group wid={wid} title={titles[group]} {...of} scroller={scroller} current={current?.request} />
                {group === "toDecide" && <ArrivalGroup wid={wid} arrivals={letIn} current={arrival?.member ?? null} />}
              </Fragment>
            ))}
          </div>
        )}
      </div>
      {arrival !== undefined && <ArrivalDetail key={arrival.member} wid={wid} arrival={arrival} />}
      {current !== undefined && <Detail key={current.request} wid={wid} summary={current} />}
    </section>
  );
};

const titles: Record<CardGroup, string> = {
  toConfirm: confirmWords.toConfirm,
  toDecide: words.toDecide,
  mine: words.mine,
  others: words.others,
  decided: words.decided,
};

const Group = ({ title, ...rows }: CardRowsProps & { readonly title: string }) =>
  rows.cards.length === 0 ? null : (
    <section aria-label={title}>
      <h2 className="label-caps group-title">
        {title} <span className="number">{rows.cards.length}</span>
      </h2>
      <CardRows {...rows} />
    </section>
  );

const Detail = ({ wid, summary }: { readonly wid: string; readonly summary: CardSummary }) => {
  const { card, error } = useCard(wid, summary.request, summary);
  const over = useIsOver(summary.expiresAt);
  const decidable = isDecidable(summary) && !over;
  return (
    <div className="split-detail">
      <header className="page-head">
        <h2 className="mono cut">
          <span className="quiet">{summary.server}.</span>
          {summary.tool}
        </h2>
        {summary.practice && <PracticeChip />}
        <StateChip card={summary} />
        <span className="grow" />
        {summary.practice && summary.mine && summary.state === "pending" && <Withdraw wid={wid} card={summary} />}
        <EditOwn wid={wid} card={summary} />
        {decidable && (
          <Button
            look="primary"
            icon={<ExternalLink className="icon small" aria-hidden />}
            onClick={() => showCard(wid, summary.request)}
          >
            {summary.kind === "confirm" ? confirmWords.open : words.review}
          </Button>
        )}
      </header>
      <div className="detail-scroll">
        <Problem error={error} />
        {summary.practice && <PracticeBanner />}
        {card !== null && (
          <>
            <ReplacedBy card={card} />
            <ReplacesCard card={card} />
            <RequesterWords card={card} />
            <WhoAsks card={card} />
            <CardFacts card={card} />
            <CardArguments card={card} />
            {card.kind === "ask" && <Votes card={card} />}
            <StandsFor card={card} />
            {card.state === "pending" && (
              <p className="quiet">
                {card.canVote.allowed ? <WhyMe card={card} /> : `${words.cannot}: ${ownWords(card.canVote.why)}`}
              </p>
            )}
          </>
        )}
      </div>
    </div>
  );
};

/** From a card that was changed to the one that took its place, so that nobody looks for it in the list. */
const ReplacedBy = ({ card }: { readonly card: CardSummary }) =>
  card.replacedBy === null ? null : (
    <Note icon={<Pencil className="icon small" aria-hidden />}>
      {editWords.replaced}{" "}
      <button type="button" className="link" onClick={() => goTo({ page: "waiting", request: card.replacedBy })}>
        {editWords.openNew}
      </button>
    </Note>
  );

const Withdraw = ({ wid, card }: { readonly wid: string; readonly card: CardSummary }) => {
  const action = useAction();
  return (
    <Button
      busy={action.busy}
      onClick={() =>
        void action
          .run(() => request("practice.withdraw", { wid, request: card.request }))
          .then((ok) => ok && saidDone(practiceWords.withdrawn))
      }
    >
      {practiceWords.withdraw}
    </Button>
  );
};
