/** What would start, against what was accepted before. Nothing starts without a click. */
import { useState } from "react";
import { valuesOf } from "#bridge/launch.ts";
import type { Launch, ServerView } from "#bridge/tool.ts";
import { Button, Note, Problem } from "../../parts/basic.tsx";
import { useAction } from "../../state/action.ts";
import { request } from "../../state/host.ts";
import { addServerWords, reviewWords as words } from "../../text/tools.ts";
import { EnvFields } from "./env-fields.tsx";
import { launchDifference } from "./launch.ts";
import { factWords } from "../../text/facts.ts";

interface ReviewProps {
  readonly wid: string;
  readonly server: ServerView;
  readonly review: { readonly before: Launch | null; readonly after: Launch };
}

export const Review = ({ wid, server, review }: ReviewProps) => {
  const [values, setValues] = useState<Record<string, string>>({});
  const action = useAction("inline");
  const env = valuesOf(review.after);
  return (
    <div className="review">
      <h3>{words.title}</h3>
      <p className="quiet">{review.before === null ? words.first : words.changed}</p>
      <table className="table difference">
        <thead>
          <tr>
            <td />
            {review.before !== null && <th scope="col">{words.before}</th>}
            <th scope="col">{words.after}</th>
          </tr>
        </thead>
        <tbody>
          {launchDifference(review.before, review.after).map((line) => (
            <tr key={line.label} className={review.before === null ? "same" : line.change}>
              <th scope="row">{line.label}</th>
              {review.before !== null && (
                <td className="mono">
                  {line.change === "same" ? (
                    <span className="faint">{words.same}</span>
                  ) : (
                    line.before !== null && <del>{line.before}</del>
                  )}
                </td>
              )}
              <td className="mono">
                {line.after !== null &&
                  (line.change === "same" || review.before === null ? line.after : <ins>{line.after}</ins>)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {env.length > 0 && (
        <EnvFields
          env={env}
          filled={server.filled}
          values={values}
          onChange={(next) => {
            setValues(next);
            action.clear();
          }}
        />
      )}
      {action.problem?.code === "tool-server-changed" ? (
        <div role="alert">
          <Note tone="waiting">{factWords(action.problem)}</Note>
        </div>
      ) : (
        <Problem error={action.problem} />
      )}
      <div className="row">
        <p className="faint grow">{addServerWords.runs}</p>
        <Button
          look="primary"
          busy={action.busy}
          onClick={() =>
            void action.run(() => request("server.accept", { wid, server: server.id, values, launch: review.after }))
          }
        >
          {words.accept}
        </Button>
      </div>
    </div>
  );
};
