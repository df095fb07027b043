/** A call's arguments, readable in full: fields where that is faithful, and always the exact text. */
import { useMemo, useState } from "react";
import { callWords as words } from "../text/calls.ts";
import { bytesWords } from "../text/common.ts";
import { Note } from "./basic.tsx";
import { argumentView, visible } from "./argument-view.ts";

export const Arguments = ({ exact }: { readonly exact: string }) => {
  const view = useMemo(() => argumentView(exact), [exact]);
  const [asked, setAsked] = useState(false);
  const showExact = asked || view.doubt !== null;
  return (
    <div className="arguments">
      <div className="row arguments-head">
        <span className="label-caps">{words.arguments}</span>
        <span className="faint number">{bytesWords(view.bytes)}</span>
        <span className="grow" />
        {view.doubt === null && (
          <button type="button" className="link faint" aria-pressed={asked} onClick={() => setAsked(!asked)}>
            {asked ? words.showFields : words.showExact}
          </button>
        )}
      </div>
      {view.doubt === "says-more" && <Note tone="waiting">{words.saysMore}</Note>}
      {showExact ? (
        <Scroll label={words.exactText} text={visible(exact)} />
      ) : view.fields.length === 0 ? (
        <p className="faint">{words.noArguments}</p>
      ) : (
        <dl>
          {view.fields.map((field) => (
            <div key={field.name} className={`argument ${field.kind}`}>
              <dt className="cut" title={field.name}>
                {field.name}
              </dt>
              <dd>{field.kind === "long" ? <Scroll label={field.name} text={field.text} /> : <span className="mono">{field.text}</span>}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
};

/** Scrolls by keyboard too, since whatever is approved must be reachable to its last character. */
const Scroll = ({ label, text }: { readonly label: string; readonly text: string }) => (
  <pre className="scroll-text" tabIndex={0} role="region" aria-label={label}>
    {text}
  </pre>
);
