/** The card in its own window. What is approved was read to its end, and nothing but a deliberate press decides. */
import type { CardView } from "#bridge/card.ts";
import { visibleName } from "#bridge/plain-text.ts";
import { Button } from "../../parts/basic.tsx";
import { CardArguments, CardFacts, Votes, WhoAsks, WhyMe, deviceOf, threadOf } from "../../parts/card-body.tsx";
import { ReplacesCard } from "../../parts/changed-arguments.tsx";
import { RoleChip } from "../../parts/person-mark.tsx";
import { PracticeBanner } from "../../parts/practice-mark.tsx";
import { RequesterWords } from "../../parts/requester-words.tsx";
import { Countdown } from "../../parts/time.tsx";
import { useReadToEnd } from "../../state/read-to-end.ts";
import { useSeenFor } from "../../state/seen.ts";
import { useServerClock } from "../../state/server-clock.ts";
import { cardWords as words } from "../../text/calls.ts";
import { confirmWords } from "../../text/confirm.ts";
import { Decide } from "./decide.tsx";
import { factWords } from "../../text/facts.ts";

const SEEN_MS = 500;

interface PopupCardProps {
  readonly card: CardView;
  /** How many further cards wait for this person. */
  readonly others: number;
}

export const PopupCard = ({ card, others }: PopupCardProps) => {
  useServerClock(card.wid);
  const seen = useSeenFor(SEEN_MS);
  const reading = useReadToEnd(`${card.request} ${card.args ?? ""}`, seen);
  return (
    <main className="popup" aria-labelledby="popup-title">
      <header className="popup-head">
        <p className="row">
          <span>
            {card.kind === "confirm"
              ? confirmWords.youRun
              : `${card.mine ? words.youAsk : words.asks(visibleName(card.requester))} · ${words.runsOn(deviceOf(card))}`}
          </span>
          {card.kind === "ask" && <RoleChip mark={card.who} />}
          <span className="grow" />
          {others > 0 && <span>{words.more(others)}</span>}
        </p>
        <h1 id="popup-title" className="mono">
          <span className="quiet">{visibleName(card.server)}.</span>
          {visibleName(card.tool)}
        </h1>
        <WhoAsks card={card} />
        <p>{words.ruleHit(visibleName(factWords(card.rule)))}</p>
        {card.practice && <PracticeBanner />}
      </header>
      <div className="popup-body">
        <div className="popup-scroll" data-reading tabIndex={0} role="region" aria-label={words.tool}>
          <ReplacesCard card={card} />
          <RequesterWords card={card} />
          <CardArguments card={card} />
          {card.args !== null && (
            <p ref={reading.end} className="end-mark faint">
              {words.endOfArguments}
            </p>
          )}
          <CardFacts card={card} headed />
          {card.kind === "ask" && <Votes card={card} />}
        </div>
        {reading.below && (
          <div className="more-below">
            <Button size="small" onClick={reading.toEnd}>
              {words.moreBelow}
            </Button>
          </div>
        )}
      </div>
      <footer className="popup-foot">
        <div className="row popup-line faint">
          <span className="cut">{threadOf(card)}</span>
          {card.kind === "ask" && <span>{words.votesOf(...votesOf(card))}</span>}
          {card.state === "pending" && (
            <span className="chip waiting">
              <Countdown until={card.expiresAt} /> {words.left}
            </span>
          )}
          <WhyMe card={card} />
        </div>
        <Decide card={card} seen={seen} reading={reading} />
      </footer>
    </main>
  );
};

const votesOf = ({ thresholds }: CardView): [have: number, need: number] => [
  thresholds.reduce((sum, each) => sum + Math.min(each.have, each.need), 0),
  thresholds.reduce((sum, each) => sum + each.need, 0),
];
