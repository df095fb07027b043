/** What the server did, since when, what still works, what stopped, and what a person can do about it. */
import { CircleSlash, Check, Download } from "lucide-react";
import { useEffect, useState } from "react";
import type { Told } from "#bridge/told.ts";
import type { EvidenceView } from "#bridge/evidence.ts";
import { why } from "#core/facts/why.ts";
import { visibleName } from "#bridge/plain-text.ts";
import type { StatusView } from "#bridge/workspace.ts";
import { codeOf } from "../failure.ts";
import { attempt, useAction } from "../state/action.ts";
import { request } from "../state/host.ts";
import { saveFile } from "../state/save-file.ts";
import { saidDone } from "../state/toasts.ts";
import { commonWords } from "../text/common.ts";
import { factWords } from "../text/facts.ts";
import { lieWords as words } from "../text/honesty.ts";
import { Button, Problem } from "./basic.tsx";
import { Boundary } from "./boundary.tsx";
import { CompareDialog } from "./compare-dialog.tsx";
import { Dialog } from "./dialog.tsx";
import { When } from "./time.tsx";

interface LieProps {
  readonly status: StatusView;
  readonly onClose: () => void;
}

export const LieDialog = ({ status, onClose }: LieProps) => {
  const { wid, lie, since } = status;
  const [comparing, setComparing] = useState(false);
  const { evidence, problem: unread } = useEvidence(wid, lie);
  const { busy, problem, run } = useAction("inline");
  const kind = lie === undefined ? "over" : status.link === "withheld" ? "withheld" : "tampered";
  if (comparing) return <CompareDialog wid={wid} onClose={() => setComparing(false)} />;
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={words.title[kind]}
      {...(lie === undefined ? {} : { description: factWords(why("lie", lie)) })}
    >
      <p className="faint">
        {kind === "over" ? words.overSince : words.since}{" "}
        <When at={kind === "over" ? (status.wentOn ?? since) : since} here />
      </p>
      <div className="lie-sides">
        <Side title={words.works} items={words.working} icon={<Check className="icon small done" aria-hidden />} />
        {kind !== "over" && (
          <Side
            title={words.stopped}
            items={words.stops[kind]}
            icon={<CircleSlash className="icon small failed" aria-hidden />}
          />
        )}
      </div>
      <section>
        <h3>{words.todo}</h3>
        <ol className="lie-steps">
          <li>{words.tell(lie ?? "")}</li>
          <li>
            <span className="grow">{words.compare}</span>
            <Button size="small" onClick={() => setComparing(true)}>
              {words.compareVerb}
            </Button>
          </li>
          {kind !== "over" && (
            <li>
              <span className="grow">{words.reconnect[kind]}</span>
              <Button
                size="small"
                busy={busy}
                onClick={() => void run(() => request("workspace.reconnect", { wid })).then((ok) => ok && onClose())}
              >
                {words.reconnectVerb}
              </Button>
            </li>
          )}
        </ol>
        <Problem error={problem} />
      </section>
      <Evidence wid={wid} evidence={evidence} problem={unread} />
    </Dialog>
  );
};

const Side = ({
  title,
  items,
  icon,
}: {
  readonly title: string;
  readonly items: readonly string[];
  readonly icon: React.ReactNode;
}) => (
  <section>
    <h3>{title}</h3>
    <ul className="lie-list">
      {items.map((item) => (
        <li key={item}>
          {icon}
          <span>{item}</span>
        </li>
      ))}
    </ul>
  </section>
);

interface Found {
  readonly evidence: EvidenceView | null;
  readonly problem: Told | null;
}

/** Read again when something else was found. */
const useEvidence = (wid: string, lie: string | undefined): Found => {
  const [found, setFound] = useState<Found>({ evidence: null, problem: null });
  useEffect(() => {
    let current = true;
    request("workspace.evidence", { wid }).then(
      (evidence) => current && setFound({ evidence, problem: null }),
      (error: unknown) => current && setFound({ evidence: null, problem: codeOf(error) }),
    );
    return () => {
      current = false;
    };
  }, [wid, lie]);
  return found;
};

const Evidence = ({ wid, evidence, problem }: Found & { readonly wid: string }) => {
  const save = () =>
    attempt(async () => {
      const { name, text } = await request("workspace.evidenceFile", { wid });
      saveFile(name, [text], "application/json");
      saidDone(words.saved(name));
    });
  return (
    <section>
      <h3>{words.evidence}</h3>
      <p className="faint">{words.evidenceWhy}</p>
      <Problem error={problem} />
      {evidence === null ? (
        problem === null && <p className="faint late">{commonWords.loading}</p>
      ) : evidence.pieces.length === 0 ? (
        <p className="faint">{words.none}</p>
      ) : (
        <Pieces evidence={evidence} />
      )}
      {evidence !== null && evidence.pieces.length > 0 && (
        <>
          <Boundary side="leaves" text={words.leaves} />
          <div className="row end lie-save">
            <Button icon={<Download className="icon" aria-hidden />} onClick={save}>
              {words.save}
            </Button>
          </div>
        </>
      )}
    </section>
  );
};

const Pieces = ({ evidence }: { readonly evidence: EvidenceView }) => (
  <div className="lie-pieces" tabIndex={0} role="region" aria-label={words.evidence}>
    <table className="table">
      <thead>
        <tr>
          <th scope="col">{words.when}</th>
          <th scope="col">{words.what}</th>
          <th scope="col">{words.list}</th>
        </tr>
      </thead>
      <tbody>
        {evidence.pieces.map(({ at, code, list, position }) => (
          <tr key={`${at} ${code} ${JSON.stringify(list)} ${position}`}>
            <td className="nowrap">
              <When at={at} here />
            </td>
            <td>{factWords(why("lie", code))}</td>
            <td>{words.position(visibleName(factWords(list)), position)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
