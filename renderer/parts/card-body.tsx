/** All that a card says, the same in the inbox and in the popup: who, what, where, why, and how it stands. */
import { ThumbsDown, ThumbsUp } from "lucide-react";
import { Popover } from "radix-ui";
import type { ReactNode } from "react";
import type { CardSummary, CardView } from "#bridge/views.ts";
import { cardWords as words } from "../text/calls.ts";
import { Arguments } from "./arguments.tsx";
import { Problem } from "./basic.tsx";
import { Countdown, When } from "./time.tsx";

export const CardFacts = ({ card }: { readonly card: CardView }) => {
  const facts: (readonly [string, ReactNode])[] = [
    [words.requester, card.requester],
    [words.device, card.device],
    [words.server, <span key="s" className="mono">{card.server}</span>],
    [words.tool, <span key="t" className="mono">{card.tool}</span>],
    [words.rule, card.rule],
    [words.thread, card.threadLabel],
    [words.queue, card.queue],
    [words.asked, <When key="w" at={card.requestedAt} />],
    ...(card.state === "pending" ? [[words.timeLeft, <Countdown key="l" until={card.expiresAt} />] as const] : []),
  ];
  return (
    <dl className="facts">
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
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
      {card.thresholds.map((threshold, index) => (
        <span key={index} className={threshold.have >= threshold.need ? "chip done" : "chip"}>
          {words.needs(threshold.have, threshold.need, threshold.who)}
        </span>
      ))}
    </div>
    {card.votes.length === 0 ? (
      <p className="faint">{words.noVotes}</p>
    ) : (
      <ul className="stack tight" aria-label={words.seconds}>
        {card.votes.map((vote) => (
          <li key={vote.member} className="vote">
            {vote.v === "approve" ? <ThumbsUp className="icon small done-ink" aria-hidden /> : <ThumbsDown className="icon small failed-ink" aria-hidden />}
            <span>
              {vote.name} {vote.v === "approve" ? words.approved : words.rejected}
              {vote.note !== null && vote.note !== "" && <span className="quiet">: {vote.note}</span>}
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
        {card.canVote.rule}
      </Popover.Content>
    </Popover.Portal>
  </Popover.Root>
);
