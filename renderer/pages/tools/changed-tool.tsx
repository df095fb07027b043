/** A tool that is not as the team accepted it: what changed, and accepting it for everybody. */
import { TriangleAlert } from "lucide-react";
import { useMemo } from "react";
import { visible } from "#bridge/plain-text.ts";
import type { ToolView } from "#bridge/tool.ts";
import type { Verdict } from "#bridge/answer.ts";
import { DifferenceLines } from "../../parts/arguments.tsx";
import { Button, Note } from "../../parts/basic.tsx";
import { lineDifference } from "../../parts/line-difference.ts";
import { When } from "../../parts/time.tsx";
import { useAction } from "../../state/action.ts";
import { request } from "../../state/host.ts";
import { saidDone } from "../../state/toasts.ts";
import { changedToolWords as words } from "../../text/tools.ts";
import { factWords } from "../../text/facts.ts";

interface ChangedToolProps {
  readonly wid: string;
  readonly server: string;
  readonly tool: ToolView;
  readonly mayAccept: Verdict;
}

export const ChangedTool = ({ wid, server, tool, mayAccept }: ChangedToolProps) => {
  const action = useAction();
  const { change } = tool;
  const lines = useMemo(
    () =>
      change === null
        ? []
        : lineDifference(change.before?.text ?? "", change.now).map((line) => ({ ...line, text: visible(line.text) })),
    [change],
  );
  if (change === null) return null;
  const accept = () =>
    void action
      .run(() => request("tool.accept", { wid, server, tools: [{ tool: tool.name, schema: change.schema }] }))
      .then((ok) => ok && saidDone(words.accepted(visible(tool.name))));
  return (
    <div className="stack changed-tool">
      <Note tone="waiting" icon={<TriangleAlert className="icon small" aria-hidden />}>
        <strong>{words.title[change.kind]}</strong> {words.why[change.kind]}
      </Note>
      {change.kind !== "unsteady" && (
        <>
          <p className="faint">
            {change.before === null ? words.neverSeen : words.acceptedBy(visible(change.before.by))}
            {change.before !== null && (
              <>
                {" "}
                <When at={change.before.at} />
              </>
            )}
          </p>
          <div
            className="scroll-text edits"
            tabIndex={0}
            role="region"
            aria-label={words.difference(visible(tool.name))}
          >
            <DifferenceLines lines={lines} />
          </div>
          <div className="row">
            <Button
              size="small"
              busy={action.busy}
              disabled={!mayAccept.allowed}
              title={mayAccept.allowed ? undefined : factWords(mayAccept.why)}
              onClick={accept}
            >
              {words.accept}
            </Button>
            {!mayAccept.allowed && <span className="faint">{words.whoAccepts}</span>}
          </div>
        </>
      )}
    </div>
  );
};
