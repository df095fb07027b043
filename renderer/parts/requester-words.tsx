/**
 * What the requester says about a call, on its card: quoted, and set apart from what the app states. A sentence such as
 * "Approved by Ada already" must be read as somebody's words.
 */
import { MessageSquareQuote } from "lucide-react";
import { useMemo } from "react";
import { json } from "#core/protocol/parse.ts";
import { visible, visibleName } from "#bridge/plain-text.ts";
import type { Before, CardView } from "#bridge/card.ts";
import { enclosureWords as words } from "../text/enclosure.ts";
import { changedLines } from "./argument-difference.ts";
import { DifferenceLines } from "./arguments.tsx";
import { Note } from "./basic.tsx";
import { FoldedText } from "./folded-text.tsx";
import { factWords } from "../text/facts.ts";

export const RequesterWords = ({
  card,
}: {
  readonly card: Pick<CardView, "kind" | "why" | "before" | "enclosureProblem" | "requester" | "mine" | "args">;
}) => {
  const name = visibleName(card.requester);
  return (
    <>
      {card.why !== null && (
        <Quoted
          title={card.mine ? words.youWrite : words.writes(name)}
          text={card.why}
          source={card.mine ? words.yourWords : words.ownWords(name)}
        />
      )}
      {card.before !== null && card.args !== null && (
        <FileChange
          before={card.before}
          args={card.args}
          source={card.kind === "confirm" ? words.asItIs : card.mine ? words.asYouSent : words.asItWas(name)}
        />
      )}
      {card.enclosureProblem !== null && <Note>{factWords(card.enclosureProblem)}</Note>}
    </>
  );
};

export const Quoted = ({
  title,
  text,
  source,
}: {
  readonly title: string;
  readonly text: string;
  readonly source: string;
}) => (
  <figure className="requester-words" aria-label={title}>
    <figcaption className="row">
      <MessageSquareQuote className="icon small" aria-hidden />
      <span className="label-caps">{title}</span>
    </figcaption>
    <blockquote dir="auto" tabIndex={0}>
      <FoldedText text={visible(text)} />
    </blockquote>
    <p className="faint">{source}</p>
  </figure>
);

/** What the file of a call holds against what the call holds. `source` says whose word the text of the file is. */
export const FileChange = ({
  before,
  args,
  source,
}: {
  readonly before: Before;
  readonly args: string;
  readonly source: string;
}) => {
  const after = textIn(args, before.argument);
  const lines = useMemo(() => (after === null ? [] : changedLines(before.text, after)), [before.text, after]);
  if (after === null) return null;
  const path = visibleName(before.path);
  return (
    <section className="arguments file-change" aria-label={words.changes}>
      <span className="label-caps">{words.changes}</span>
      <p className="mono">{path}</p>
      {after === before.text && !before.cut ? (
        <p>{words.same}</p>
      ) : (
        <div className="scroll-text edits" tabIndex={0} role="region" aria-label={words.changesOf(path)}>
          <DifferenceLines lines={lines} />
        </div>
      )}
      <p className="faint">
        {[
          source,
          ...(before.text === "" && !before.cut ? [words.empty] : []),
          words.wholeFile,
          ...(before.cut ? [words.cut] : []),
        ].join(" ")}
      </p>
    </section>
  );
};

const textIn = (args: string, argument: string): string | null => {
  const values = json(args);
  if (typeof values !== "object" || values === null) return null;
  const text: unknown = Object.hasOwn(values, argument) ? (values as Record<string, unknown>)[argument] : null;
  return typeof text === "string" ? text : null;
};
