/** The foot of a card's window: the reason, the two buttons, and what became of it. */
import { useEffect, useRef, useState } from "react";
import type { CardView } from "#bridge/card.ts";
import { Button, Field, Key, Problem } from "../../parts/basic.tsx";
import { StandsFor } from "../../parts/card-body.tsx";
import { useAction } from "../../state/action.ts";
import { useClosing } from "../../state/closing.ts";
import { useDeliberate } from "../../state/deliberate.ts";
import { request, useTopic } from "../../state/host.ts";
import { useIsOver } from "../../state/server-clock.ts";
import { isPlainKey, modKey } from "../../state/keys.ts";
import { useSettled, type Reading } from "../../state/read-to-end.ts";
import { useReason } from "../../state/reason.ts";
import { useTakeBack, type TakeBack, type Vote } from "../../state/take-back.ts";
import { cardWords as words } from "../../text/calls.ts";
import { stateWords, verbsOf } from "../../text/confirm.ts";
import { ownWords } from "../../text/facts.ts";

/** What has only just become *Approve* under the pointer is not pressed yet. */
const SETTLED_MS = 500;
const CLOSE_AFTER_MS = 4_000;

interface DecideProps {
  readonly card: CardView;
  /** Whether the window was shown long enough for a press to be meant for it. */
  readonly seen: boolean;
  readonly reading: Reading;
}

export const Decide = ({ card, seen, reading }: DecideProps) => {
  const [reason, setReason] = useReason(card.wid, card.request);
  const [voted, setVoted] = useState<Vote | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const action = useAction("inline");
  const seconds = useTopic("app")?.settings.takeBackSeconds ?? 0;
  const over = useIsOver(card.expiresAt);
  const decidable = card.state === "pending" && card.canVote.allowed && voted === null && !over;
  const settled = useSettled(reading.read && seen, SETTLED_MS);
  const sign = (vote: Vote) =>
    void action
      .run(() => request("card.decide", { wid: card.wid, request: card.request, vote, note: reason.trim() }))
      .then((ok) => ok && setVoted(vote));
  const takeBack = useTakeBack(sign);
  useTornBack(card, takeBack, () => setSaid(words.changedMeanwhile));

  const decide = (vote: Vote) => {
    if (!seen || !decidable || action.busy || takeBack.waiting !== null) return;
    if (vote === "approve" && !reading.read)
      return setSaid(card.args === null ? words.argumentsHidden : verbsOf(card).readFirst);
    if (vote === "approve" && !settled) return;
    setSaid(null);
    if (seconds > 0) takeBack.start(vote, seconds);
    else sign(vote);
  };
  const verbs = verbsOf(card);
  const field = useRef<HTMLTextAreaElement>(null);
  useCardKeys(() => decide("approve"), field);
  useClosing(voted !== null || card.state !== "pending", CLOSE_AFTER_MS);

  if (!decidable)
    return (
      <>
        <Problem error={action.problem} />
        <Outcome card={card} voted={voted} />
      </>
    );
  return (
    <>
      <Problem error={action.problem} />
      <StandsFor card={card} />
      <Field label={words.reason}>
        {(wiring) => (
          <textarea
            ref={field}
            className="input"
            rows={2}
            maxLength={2_000}
            placeholder={verbs.reasonHelp}
            aria-keyshortcuts="R"
            value={reason}
            onChange={(event) => {
              setReason(event.target.value);
              action.clear();
            }}
            {...wiring}
          />
        )}
      </Field>
      <p role="status" className="said">
        {takeBack.waiting === null
          ? said === verbs.readFirst && reading.read
            ? null
            : said
          : verbs.takesEffect(takeBack.waiting.vote, takeBack.waiting.left)}
      </p>
      {takeBack.waiting === null ? (
        <Buttons card={card} busy={action.busy} seen={seen} settled={settled} reading={reading} decide={decide} />
      ) : (
        <Button
          onClick={() => {
            takeBack.stop();
            setSaid(words.takenBack);
          }}
        >
          {words.takeBack}
        </Button>
      )}
    </>
  );
};

interface ButtonsProps extends DecideProps {
  readonly busy: boolean;
  /** Whether the end was in view long enough for *Approve* to be meant. */
  readonly settled: boolean;
  readonly decide: (vote: Vote) => void;
}

const Buttons = ({ card, busy, seen, settled, reading, decide }: ButtonsProps) => {
  const deliberate = useDeliberate(seen);
  const toRead = card.args !== null && !reading.read;
  return (
    <div className="decide">
      <Button look="danger" disabled={!seen || busy} onClick={(event) => deliberate(event) && decide("reject")}>
        {verbsOf(card).reject}
      </Button>
      <Button
        look="primary"
        disabled={!seen}
        aria-disabled={toRead || settled ? undefined : true}
        busy={busy}
        aria-keyshortcuts={toRead ? undefined : `${modKey === "⌘" ? "Meta" : "Control"}+Enter`}
        onClick={(event) => {
          if (!deliberate(event)) return;
          if (toRead) reading.toEnd();
          else decide("approve");
        }}
      >
        {toRead ? (
          words.readToEnd
        ) : (
          <>
            {verbsOf(card).approve} <Key>{modKey} Enter</Key>
          </>
        )}
      </Button>
    </div>
  );
};

/** A vote that waits for its seconds is dropped when the card that was read is no longer the card that is there. */
const useTornBack = (card: CardView, takeBack: TakeBack, onTorn: () => void): void => {
  const shown = `${card.request} ${card.state} ${card.canVote.allowed} ${card.args ?? ""}`;
  const before = useRef(shown);
  useEffect(() => {
    if (before.current === shown) return;
    before.current = shown;
    if (takeBack.waiting === null) return;
    takeBack.stop();
    onTorn();
  });
};

/** R goes to the reason, Ctrl or ⌘ Enter approves, Esc leaves the field with what was typed. No bare key decides. */
const useCardKeys = (approve: () => void, field: React.RefObject<HTMLTextAreaElement | null>): void =>
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.isComposing) return;
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        // Otherwise a focused button would be pressed by it too.
        event.preventDefault();
        if (!event.repeat && !event.altKey && !event.shiftKey) approve();
      } else if (event.key === "Escape" && event.target === field.current) field.current?.blur();
      else if (isPlainKey(event, "r") && field.current !== null) {
        event.preventDefault();
        field.current.focus();
      }
    };
    window.addEventListener("keydown", onKey, true);
    return () => window.removeEventListener("keydown", onKey, true);
  });

const outcomeOf = (card: CardView, voted: Vote | null): string => {
  const verbs = verbsOf(card);
  const said = voted === null ? null : voted === "approve" ? verbs.youApproved : verbs.youRejected;
  if (card.state === "pending") return said ?? `${words.cannot}: ${ownWords(card.canVote.why)}`;
  if (said === null) return stateWords(card);
  // What this person said is not said again by the state that it led to.
  const same = card.state === (voted === "approve" ? "approved" : "rejected");
  return same ? said : `${said}. ${stateWords(card)}`;
};

/** Under which heading of *Waiting* the card stands now. */
const whereOf = (card: CardView): string => (card.state === "pending" ? words.wentTo.others : words.wentTo.decided);

const Outcome = ({ card, voted }: { readonly card: CardView; readonly voted: Vote | null }) => (
  <div className="row">
    <div className="grow">
      <p role="status" className="outcome">
        {outcomeOf(card, voted)}
      </p>
      {(voted !== null || card.state !== "pending") && <p className="faint">{whereOf(card)}</p>}
    </div>
    <Button onClick={() => window.close()}>{words.closeWindow}</Button>
  </div>
);
