/** All that a card says, the same in the inbox and in the popup: who, what, where, why, and how it stands. */
import { ThumbsDown, ThumbsUp } from "lucide-react";
import { Popover } from "radix-ui";
import { imitates } from "#bridge/likeness.ts";
import { visible, visibleName } from "#bridge/plain-text.ts";
import type { CardSummary, CardView } from "#bridge/card.ts";
import { useServerNow } from "../state/server-clock.ts";
import { callWords, cardWords as words } from "../text/calls.ts";
import { clockWords } from "../text/common.ts";
import { Arguments } from "./arguments.tsx";
import { Problem } from "./basic.tsx";
import { Facts, type Fact } from "./facts.tsx";
import { AlikeChip, PersonMark, RoleChip } from "./person-mark.tsx";
import { PracticeChip } from "./practice-mark.tsx";
import { Countdown, When } from "./time.tsx";
import { factWords, ownWords } from "../text/facts.ts";

/** Who asks, and on which tool server, where either could be taken for another. The role stands beside the name. */
export const WhoAsks = ({ card }: { readonly card: CardSummary }) => (
  <div className="row wrap who-asks">
    {card.kind === "ask" && <AlikeChip mark={card.who} />}
    {(imitates(card.server) || imitates(card.tool)) && <span className="chip waiting">{callWords.imitates}</span>}
    {card.serversAlike > 1 && <span className="chip waiting">{words.serversAlike(card.serversAlike)}</span>}
  </div>
);

/** Where it would run. */
export const deviceOf = (card: CardSummary): string => {
  if (card.kind === "confirm") return words.devices.own;
  return card.practice ? words.devices.none : words.devices.of(visibleName(card.requester));
};
/** Never the title of a private thread. */
export const threadOf = (card: CardSummary): string => (card.practice ? words.threads.none : words.threads.private);
const queueOf = ({ queue, queueGone }: CardSummary): string =>
  queueGone ? words.removedQueue(visibleName(queue)) : visibleName(queue);

/** What the heading does not say already. `headed` is the card's own window, whose heading says more. */
export const CardFacts = ({ card, headed }: { readonly card: CardView; readonly headed?: boolean }) => {
  const above: Fact[] = [
    [
      words.requester,
      <span key="r">
        {visibleName(card.requester)} <RoleChip mark={card.who} />
      </span>,
    ],
    [words.device, deviceOf(card)],
    [words.rule, visibleName(factWords(card.rule))],
  ];
  const facts: Fact[] = [
    ...(headed === true ? [] : above),
    // Its foot names the thread.
    ...(headed === true ? [] : [[words.thread, threadOf(card)] as const]),
    ...(card.kind === "ask" ? [[words.queue, queueOf(card)] as const] : []),
    [words.asked, <When key="w" at={card.requestedAt} />],
    ...(card.state === "pending" && headed !== true
      ? [[words.timeLeft, <Countdown key="l" until={card.expiresAt} />] as const]
      : []),
  ];
  return <Facts facts={facts} />;
};

export const CardArguments = ({ card }: { readonly card: CardView }) =>
  card.args === null ? (
    <div className="stack tight">
      <span className="label-caps">{words.argumentsHidden}</span>
      <Problem error={card.argsProblem} />
    </div>
  ) : (
    <Arguments exact={card.args} />
  );

export const Votes = ({ card }: { readonly card: CardSummary }) => (
  <div className="stack tight votes">
    <div className="row wrap">
      <span className="label-caps">{words.votes}</span>
      {card.practice && <PracticeChip />}
      {card.thresholds.map((threshold, index) => (
        <span key={index} className={threshold.have >= threshold.need ? "chip done" : "chip"}>
          {words.needs(threshold.have, threshold.need, threshold.who.map(visibleName))}
        </span>
      ))}
    </div>
    <Ladder card={card} />
    {(card.oneForTwo || card.independent) && (
      <p className="faint">
        {[card.oneForTwo ? words.oneForTwo : null, card.independent ? words.independent : null]
          .filter((line) => line !== null)
          .join(" ")}
      </p>
    )}
    {card.votes.length === 0 ? (
      <p className="faint">{words.noVotes}</p>
    ) : (
      <ul className="stack tight" aria-label={words.seconds}>
        {card.votes.map((vote) => (
          <li key={vote.member} className="vote">
            {vote.v === "approve" ? (
              <ThumbsUp className="icon small done-ink" aria-hidden />
            ) : (
              <ThumbsDown className="icon small failed-ink" aria-hidden />
            )}
            <span>
              {votedBy(vote)} <PersonMark mark={vote.mark} />
              {vote.tie !== null && (
                <span className="chip waiting">{words.tie[vote.tie](visibleName(card.requester))}</span>
              )}
              {vote.note !== null && vote.note !== "" && <q className="quiet">{visible(vote.note)}</q>}
            </span>
            <span className="faint">
              <When at={vote.at} />
            </span>
          </li>
        ))}
      </ul>
    )}
  </div>
);

const votedBy = (vote: CardSummary["votes"][number]): string => {
  const verb = vote.v === "approve" ? words.approved : words.rejected;
  return vote.by === null
    ? `${visibleName(vote.name)} ${verb}`
    : words.inPlaceOf(visibleName(vote.by.name), verb, visibleName(vote.name));
};

/** Which rung a waiting card is on, when the next begins, and that time alone only ever denies. */
export const Ladder = ({ card }: { readonly card: CardSummary }) => {
  const now = useServerNow();
  if (card.state !== "pending" || card.rung.of === 0) return null;
  const { rung } = card;
  const then =
    rung.next === null
      ? null
      : words.rungNext(
          clockWords(rung.next.at, now),
          rung.next.all.map(({ n, who }) => ({ n, who: who.map(visibleName) })),
        );
  return (
    <p className="ladder-line quiet">
      {[words.rung(rung.now, rung.of), then, words.rungLast(clockWords(card.expiresAt, now))]
        .filter((part) => part !== null)
        .join(" · ")}
    </p>
  );
};

/** For whom a vote counts too: read before one decides, however long the arguments are. */
export const StandsFor = ({ card }: { readonly card: CardSummary }) =>
  card.standsFor.length === 0 ? null : <p className="stands-for">{words.yourVote(card.standsFor)}</p>;

/** The rule by which this person may, or may not, decide. */
export const WhyMe = ({ card }: { readonly card: CardSummary }) => (
  <Popover.Root>
    <Popover.Trigger asChild>
      <button type="button" className="link faint">
        {words.whyMe}
      </button>
    </Popover.Trigger>
    <Popover.Portal>
      <Popover.Content className="popover" sideOffset={6} collisionPadding={8} aria-label={words.whyMe}>
        {ownWords(card.canVote.why)}
        {card.standsFor.length > 0 && ` ${words.yourVote(card.standsFor)}`}
      </Popover.Content>
    </Popover.Portal>
  </Popover.Root>
);
