/** What a change of a call's arguments changed, and the mark of a card that takes the place of an earlier one. */
import { Pencil } from "lucide-react";
import { useMemo } from "react";
import type { CardView } from "#bridge/card.ts";
import { callWords } from "../text/calls.ts";
import { editWords as words } from "../text/edit.ts";
import { argumentDifference } from "./argument-difference.ts";
import { DifferenceLines } from "./arguments.tsx";
import { Note } from "./basic.tsx";

interface ChangedArgumentsProps {
  readonly title: string;
  readonly before: string;
  readonly after: string;
}

export const ChangedArguments = ({ title, before, after }: ChangedArgumentsProps) => {
  const changes = useMemo(() => argumentDifference(before, after), [before, after]);
  return (
    <section className="arguments changed-arguments" aria-label={title}>
      <span className="label-caps">{title}</span>
      <dl>
        {changes.map(({ name, change, lines }, index) => (
          <div key={index} className="argument edits">
            <dt className="cut">
              {name ?? words.exactText}
              {change !== "changed" && <span className="faint"> · {words[change]}</span>}
            </dt>
            <dd>
              <div
                className="scroll-text edits"
                tabIndex={0}
                role="region"
                aria-label={words.changeOf(name ?? words.exactText)}
              >
                {lines.length === 0 ? (
                  <span className="chip">{callWords.emptyText}</span>
                ) : (
                  <DifferenceLines lines={lines} />
                )}
              </div>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
};

/** On the card of a changed call: that it is one, and what was changed where this device could open both. */
export const ReplacesCard = ({ card }: { readonly card: CardView }) => {
  if (card.replaces === null) return null;
  const before = card.replaces.args;
  return (
    <div className="stack">
      <Note icon={<Pencil className="icon small" aria-hidden />}>
        <strong>{words.mark}</strong> {card.mine ? words.yourVotesVoid : words.votesVoid}
        {before === null && card.args !== null && <span className="quiet"> {words.cannotCompare}</span>}
      </Note>
      {before !== null && card.args !== null && (
        <ChangedArguments title={words.whatChanged} before={before} after={card.args} />
      )}
    </div>
  );
};
