/** What changes of the rules would do for everybody: asked of the host while somebody edits, and said before they publish. */
import { ChevronRight } from "lucide-react";
import { useEffect, useState } from "react";
import type { PolicyChange, PolicyPreview, QueueView } from "#bridge/policy.ts";
import type { Told } from "#bridge/told.ts";
import { codeOf } from "../failure.ts";
import { Button, Note, Problem } from "./basic.tsx";
import { Confirm } from "./dialog.tsx";
import { request } from "../state/host.ts";
import { changeLines, changeSentence, changeWords as words, otherLines } from "../text/policy-change.ts";
import { factWords } from "../text/facts.ts";

const AFTER_MS = 200;

export interface Preview {
  /** Of exactly what is on the screen; null while that is not known. */
  readonly found: PolicyPreview | null;
  readonly problem: Told | null;
  readonly looking: boolean;
}

/** @param changes null where there is nothing yet that could be published */
export const usePreview = (wid: string, changes: readonly PolicyChange[] | null, policy: number): Preview => {
  const key = changes === null ? null : JSON.stringify([policy, changes]);
  const [answer, setAnswer] = useState<{ key: string; found: PolicyPreview | null; problem: Told | null } | null>(null);
  useEffect(() => {
    if (key === null) return undefined;
    let left = false;
    const [, asked] = JSON.parse(key) as [number, PolicyChange[]];
    const timer = setTimeout(() => {
      request("policy.preview", { wid, changes: asked }).then(
        (found) => !left && setAnswer({ key, found, problem: null }),
        (error: unknown) => !left && setAnswer({ key, found: null, problem: codeOf(error) }),
      );
    }, AFTER_MS);
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [wid, key]);
  if (key === null) return { found: null, problem: null, looking: false };
  return answer?.key === key
    ? { found: answer.found, problem: answer.problem, looking: false }
    : { found: null, problem: null, looking: true };
};

export const canPublish = ({ found }: Preview): boolean => found !== null && !found.same;
/** Whether it is asked once more before it is signed. */
export const asksAgain = (found: PolicyPreview): boolean =>
  found.loosens || found.everything || found.warnings.length > 0;

interface PreviewBoxProps {
  readonly preview: Preview;
  readonly queues: readonly QueueView[];
}
export const PreviewBox = ({ preview, queues }: PreviewBoxProps) => (
  <section className="group stack preview" aria-label={words.title} aria-busy={preview.looking}>
    <span className="label-caps">{words.title}</span>
    <div role="status" className="stack tight">
      {preview.looking && <p className="faint late">{words.looking}</p>}
      {preview.found !== null && <Found found={preview.found} queues={queues} />}
    </div>
    <Problem error={preview.problem} />
  </section>
);

const Found = ({ found, queues }: { readonly found: PolicyPreview; readonly queues: readonly QueueView[] }) => {
  const others = otherLines(found, queues);
  const lines = changeLines(found, queues);
  return (
    <>
      <p className="row wrap">
        {found.loosens && <span className="chip waiting">{words.loosens}</span>}
        {found.tightens && <span className="chip">{words.tightens}</span>}
        <span>
          {found.same
            ? words.same
            : found.changes.length === 0 && others.length > 0
              ? others[0]
              : changeSentence(found, queues)}
        </span>
      </p>
      {(found.changes.length === 0 ? others.slice(1) : others).map((line) => (
        <p key={line} className="quiet">
          {line}
        </p>
      ))}
      {lines.length > 0 && (
        <details className="rule-fold">
          <summary className="faint">
            <ChevronRight className="icon small" aria-hidden />
            {words.which}
          </summary>
          {lines.map((line) => (
            <div key={line.title} className="preview-tools">
              <p className="quiet">{line.title}</p>
              <p className="mono faint">{line.tools.join(", ")}</p>
            </div>
          ))}
        </details>
      )}
      {found.overruledBy
        .map((rule) => factWords(rule))
        .map((rule) => (
          <Note key={rule} tone="waiting">
            {words.overruled(rule)}
          </Note>
        ))}
      {found.warnings.map((warning) => (
        <Note key={JSON.stringify(warning)} tone="waiting">
          {factWords(warning)}
        </Note>
      ))}
    </>
  );
};

interface AskAgainProps {
  readonly found: PolicyPreview;
  readonly queues: readonly QueueView[];
  readonly onClose: () => void;
  readonly work: () => Promise<unknown>;
}

/** Asked once more where calls get easier, everything is meant, or something may not be meant so. */
export const AskAgain = ({ found, queues, onClose, work }: AskAgainProps) => (
  <Confirm open onClose={onClose} title={words.askTitle} verb={words.publish} work={work}>
    <ul className="points">
      {found.everything && <li>{words.everything}</li>}
      <li>{changeSentence(found, queues)}</li>
      {otherLines(found, queues).map((line) => (
        <li key={line}>{line}</li>
      ))}
      {found.loosens && <li>{words.askLoosens}</li>}
      {found.warnings.map((warning) => (
        <li key={JSON.stringify(warning)}>{factWords(warning)}</li>
      ))}
    </ul>
  </Confirm>
);

interface MeanwhileProps {
  readonly wid: string;
  /** What was read here, and what holds now. */
  readonly base: number;
  readonly now: number;
  readonly queues: readonly QueueView[];
  readonly onGoOn: () => void;
}

/** Somebody changed the policy since it was read here: who, and what came of it. Nothing that was typed is lost. */
export const Meanwhile = ({ wid, base, now, queues, onGoOn }: MeanwhileProps) => {
  const [text, setText] = useState<string | null>(null);
  useEffect(() => {
    let left = false;
    request("policy.since", { wid, base }).then(
      ({ by, preview }) =>
        !left &&
        setText(
          words.meanwhile(by, [changeSentence(preview, queues), ...otherLines(preview, queues).slice(0, 2)].join(" ")),
        ),
      // That something changed is known; what, is not.
      () => !left && setText(words.meanwhile([], "")),
    );
    return () => {
      left = true;
    };
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [wid, base, now]);
  return text === null ? null : (
    <Note tone="waiting">
      <div role="alert" className="stack tight">
        <p>{text}</p>
        <div>
          <Button size="small" onClick={onGoOn}>
            {words.goOn}
          </Button>
        </div>
      </div>
    </Note>
  );
};
