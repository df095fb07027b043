/** A call's arguments, readable in full: fields where that is faithful, and always the exact text. */
import { useMemo, useState } from "react";
import { callWords as words } from "../text/calls.ts";
import { bytesWords } from "../text/common.ts";
import { Note } from "./basic.tsx";
import type { Gap } from "./argument-difference.ts";
import { visible } from "#bridge/plain-text.ts";
import { argumentView, type ArgumentField } from "./argument-view.ts";
import { gathered, lineCount } from "./fold.ts";
import { FoldedText } from "./folded-text.tsx";
import type { DifferenceLine } from "./line-difference.ts";

export const Arguments = ({ exact }: { readonly exact: string }) => {
  const view = useMemo(() => argumentView(exact), [exact]);
  const [asked, setAsked] = useState(false);
  const showExact = asked || view.doubt !== null;
  return (
    <div className="arguments">
      <div className="row arguments-head">
        <span className="label-caps">{words.arguments}</span>
        <span className="faint number">
          {words.size(view.doubt === null ? view.count : null, view.lines, bytesWords(view.bytes))}
        </span>
        <span className="grow" />
        {view.doubt === null && (
          <button type="button" className="link faint" aria-pressed={asked} onClick={() => setAsked(!asked)}>
            {asked ? words.showFields : words.showExact}
          </button>
        )}
      </div>
      {view.doubt === "says-more" && <Note tone="waiting">{words.saysMore}</Note>}
      {showExact ? (
        <>
          <Cautions of={view.cautions} />
          <Scroll label={words.exactText} text={visible(exact)} />
        </>
      ) : view.fields.length === 0 ? (
        <p className="faint">{words.noArguments}</p>
      ) : (
        <dl>
          {view.fields.map((field, at) => (
            <div key={at} className={`argument ${field.kind}`}>
              <dt>
                {field.name}
                {field.kind === "long" && field.text !== "" && (
                  <span className="faint number">
                    {" "}
                    {words.size(null, lineCount(field.text), bytesWords(new TextEncoder().encode(field.text).length))}
                  </span>
                )}
                <Cautions of={field.cautions} />
              </dt>
              <dd>
                <Value field={field} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
};

const Value = ({ field }: { readonly field: ArgumentField }) => {
  if (field.edits !== undefined) return <Edits label={field.name} edits={field.edits} />;
  return field.kind === "long" ? (
    <Scroll label={field.name} text={field.text} />
  ) : (
    <span className="mono">
      <FoldedText text={field.text} />
    </span>
  );
};

/** What could be taken for something else stands where it is read. */
const Cautions = ({ of }: { readonly of: readonly string[] | undefined }) =>
  of?.map((each) => (
    <span key={each} className="chip waiting caution">
      {each}
    </span>
  ));

const signs = { same: " ", removed: "\u2212", added: "+" } as const;
const tags = { same: "span", removed: "del", added: "ins" } as const;

export const DifferenceLines = ({ lines }: { readonly lines: readonly (DifferenceLine | Gap)[] }) =>
  gathered(lines).map((each, at) => {
    const line = "change" in each ? each : emptyRun(each);
    if (line === null) return null;
    if (line.change === "gap")
      return (
        <p key={at} className="edit-head faint">
          {words.sameLines(line.count)}
        </p>
      );
    const Line = tags[line.change];
    return (
      <Line key={at} className={`edit-line ${line.change}`}>
        <span className="edit-sign">{signs[line.change]}</span>
        <span>
          {line.change !== "same" && /^[ \t]*$/.test(line.text) ? (
            <span className="chip">{words.blankLine(line.text.length)}</span>
          ) : (
            <FoldedText text={line.text} />
          )}
        </span>
      </Line>
    );
  });

/** Empty lines that are all added, or all removed, as one text: it is folded like any other. */
const emptyRun = (run: readonly (DifferenceLine | Gap)[]): DifferenceLine | null => {
  const [first] = run;
  return first === undefined || first.change === "gap"
    ? null
    : { change: first.change, text: run.map((line) => ("text" in line ? line.text : "")).join("\n") };
};

/** What each edit takes away and puts in its place, by sign and by colour. */
const Edits = ({ label, edits }: { readonly label: string; readonly edits: NonNullable<ArgumentField["edits"]> }) => (
  <div className="scroll-text edits" tabIndex={0} role="region" aria-label={label}>
    {edits.map((lines, index) => (
      <section key={index} aria-label={words.edit(index + 1, edits.length)}>
        {edits.length > 1 && <p className="edit-head faint">{words.edit(index + 1, edits.length)}</p>}
        <DifferenceLines lines={lines} />
      </section>
    ))}
  </div>
);

/** Scrolls by keyboard too, since whatever is approved must be reachable to its last character. */
const Scroll = ({ label, text }: { readonly label: string; readonly text: string }) => (
  <pre className="scroll-text" tabIndex={0} role="region" aria-label={label}>
    <FoldedText text={text} />
  </pre>
);
