/** This computer's log, to read and to hand on. */
import { useState } from "react";
import type { ReportView } from "#bridge/app.ts";
import { visible } from "#bridge/plain-text.ts";
import { Button, Problem } from "../../parts/basic.tsx";
import { CopyButton } from "../../parts/copy-button.tsx";
import { useAction } from "../../state/action.ts";
import { request } from "../../state/host.ts";
import { saveFile } from "../../state/save-file.ts";
import { reportWords as words } from "../../text/report.ts";
import { reportText } from "./report-text.ts";

export const ReportProblem = () => {
  const [report, setReport] = useState<ReportView | null>(null);
  const action = useAction("inline");
  return (
    <section className="setting" aria-labelledby="report-title">
      <h2 id="report-title">{words.title}</h2>
      <p className="quiet">{words.why}</p>
      <Problem error={action.problem} />
      {report !== null && <Shown report={report} />}
      <div className="row wrap">
        <Button
          busy={action.busy}
          onClick={() => void action.run(async () => setReport(await request("report.get", {})))}
        >
          {report === null ? words.show : words.again}
        </Button>
        {report !== null && <CopyButton withWord name={words.copy} text={() => reportText(report)} />}
        {report !== null && (
          <Button
            onClick={() =>
              saveFile(
                `bulkhead-report-${new Date().toISOString().slice(0, 10)}.txt`,
                [reportText(report)],
                "text/plain",
              )
            }
          >
            {words.save}
          </Button>
        )}
      </div>
    </section>
  );
};

const Shown = ({ report: { place, lines, about } }: { readonly report: ReportView }) => (
  <>
    <dl className="facts">
      {(["version", "shell", "node", "system"] as const).map((each) => (
        <div key={each}>
          <dt>{words[each]}</dt>
          <dd>{about[each]}</dd>
        </div>
      ))}
      <div>
        <dt>{words.place}</dt>
        <dd className="mono">{place}</dd>
      </div>
    </dl>
    <pre className="scroll-text log-text" tabIndex={0} role="region" aria-label={words.log}>
      {lines.length === 0 ? words.empty : lines.map(visible).join("\n")}
    </pre>
  </>
);
