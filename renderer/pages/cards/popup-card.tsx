/** The card in its own window. */
import { useEffect, useState } from "react";
import type { CardView } from "#bridge/views.ts";
import { Button, Field, Key, Problem } from "../../parts/basic.tsx";
import { CardArguments, CardFacts, StandsFor, Votes, WhyMe } from "../../parts/card-body.tsx";
import { ReplacesCard } from "../../parts/changed-arguments.tsx";
import { PracticeBanner } from "../../parts/practice-mark.tsx";
import { Countdown } from "../../parts/time.tsx";
import { useAction } from "../../state/action.ts";
import { request } from "../../state/host.ts";
import { useSeenFor } from "../../state/seen.ts";
import { cardStateWords, cardWords as words } from "../../text/calls.ts";
import { practiceWords } from "../../text/practice.ts";

const SEEN_MS = 500;
const CLOSE_AFTER_MS = 2_500;

interface PopupCardProps {
  readonly card: CardView;
  /** How many further cards wait for this person. */
  readonly others: number;
}

export const PopupCard = ({ card, others }: PopupCardProps) => {
  const [note, setNote] = useState("");
  const [voted, setVoted] = useState<"approve" | "reject" | null>(null);
  const action = useAction("inline");
  const decidable = card.state === "pending" && card.canVote.allowed && voted === null;
  const seen = useSeenFor(SEEN_MS);
  const need = card.thresholds.reduce((sum, each) => sum + each.need, 0);
  const have = card.thresholds.reduce((sum, each) => sum + Math.min(each.have, each.need), 0);
  const ready = seen && decidable && !action.busy;

  const decide = (vote: "approve" | "reject") => {
    if (!ready) return;
    void action.run(() => request("card.decide", { wid: card.wid, request: card.request, vote, note: note.trim() })).then((ok) => ok && setVoted(vote));
  };
  useDecisionKeys(decide);
  useClosing(voted !== null || card.state !== "pending");

  return (
    <main className="popup" aria-labelledby="popup-title">
      <header className="popup-head">
        <p className="row">
          <span className="cut grow">
            {card.mine ? words.youAsk : words.asks(card.requester)} · {words.runsOn(card.device)}
          </span>
          {others > 0 && <span>{words.more(others)}</span>}
        </p>
        <h1 id="popup-title" className="mono">
          <span className="quiet">{card.server}.</span>
          {card.tool}
        </h1>
        <p>{words.ruleHit(card.rule)}</p>
        {card.practice && <PracticeBanner />}
      </header>
      <div className="popup-scroll" tabIndex={0} role="region" aria-label={words.tool}>
        <ReplacesCard card={card} />
        <CardArguments card={card} />
        <CardFacts card={card} />
        <Votes card={card} />
      </div>
      <footer className="popup-foot">
        <div className="row popup-line faint">
          <span className="cut">{card.threadLabel}</span>
          <span>{words.votesOf(have, need)}</span>
          {card.state === "pending" && (
            <span className="chip waiting">
              <Countdown until={card.expiresAt} /> {words.left}
            </span>
          )}
          <WhyMe card={card} />
        </div>
        <Problem error={action.problem} />
        {decidable ? (
          <>
            <StandsFor card={card} />
            <Field label={words.reason}>
              {(wiring) => <textarea className="input" rows={2} maxLength={2_000} placeholder={words.reasonHelp} value={note} onChange={(event) => setNote(event.target.value)} {...wiring} />}
            </Field>
            <div className="decide">
              <Button look="danger" disabled={!ready} onClick={() => decide("reject")} aria-keyshortcuts="R">
                {words.reject} <Key>R</Key>
              </Button>
              <Button look="primary" disabled={!ready} busy={action.busy} onClick={() => decide("approve")} aria-keyshortcuts="A">
                {card.practice ? practiceWords.approve : words.approve} <Key>A</Key>
              </Button>
            </div>
          </>
        ) : (
          <Outcome card={card} voted={voted} />
        )}
      </footer>
    </main>
  );
};

const outcomeOf = (card: CardView, voted: "approve" | "reject" | null): string => {
  const said = voted === null ? null : voted === "approve" ? words.youApproved : words.youRejected;
  if (card.state === "pending") return said ?? `${words.cannot}: ${card.canVote.rule}`;
  if (said === null) return cardStateWords[card.state];
  // What this person said is not said again by the state that it led to.
  const same = card.state === (voted === "approve" ? "approved" : "rejected");
  return same ? said : `${said}. ${cardStateWords[card.state]}`;
};

const Outcome = ({ card, voted }: { readonly card: CardView; readonly voted: "approve" | "reject" | null }) => (
  <div className="row">
    <p role="status" className="outcome grow">
      {outcomeOf(card, voted)}
    </p>
    <Button onClick={() => window.close()}>{words.closeWindow}</Button>
  </div>
);

/** A and R decide, but not while a reason is being written, not held down, and not with other keys. */
const useDecisionKeys = (decide: (vote: "approve" | "reject") => void): void =>
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && /^(?:INPUT|TEXTAREA)$/.test(event.target.tagName);
      if (typing || event.repeat || event.metaKey || event.ctrlKey || event.altKey || event.isComposing) {
        if (event.key === "Escape" && event.target instanceof HTMLElement) event.target.blur();
        return;
      }
      if (event.key === "a" || event.key === "A") decide("approve");
      else if (event.key === "r" || event.key === "R") decide("reject");
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });

/** A decided card leaves by itself, after its outcome could be read. */
const useClosing = (decided: boolean): void =>
  useEffect(() => {
    if (!decided) return;
    const timer = setTimeout(() => window.close(), CLOSE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [decided]);
