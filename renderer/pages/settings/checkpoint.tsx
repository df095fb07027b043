/** The last checkpoint of the workspace, and a button for an Owner who does not want to wait for the next one. */
import { Button } from "../../parts/basic.tsx";
import { When } from "../../parts/time.tsx";
import { useAction } from "../../state/action.ts";
import { request, useTopic } from "../../state/host.ts";
import { saidDone } from "../../state/toasts.ts";
import { settingsWords as words } from "../../text/settings.ts";
import { factWords } from "../../text/facts.ts";

export const Checkpoint = ({ wid }: { readonly wid: string }) => {
  const checkpoint = useTopic("team", wid)?.checkpoint;
  const action = useAction();
  if (checkpoint === undefined) return null;
  const { last, since, behind, sign } = checkpoint;
  return (
    <div>
      <dt>{words.checkpoint}</dt>
      <dd>
        {last === null ? (
          words.noCheckpoint
        ) : (
          <>
            {words.signedBy(last.by)}, <When at={last.at} />
          </>
        )}
        , {words.entriesSince(since, last !== null)}
        {behind !== null && <p>{words.behind(behind.have, behind.of)}</p>}
        <p className="faint">{words.checkpointWhy}</p>
        <div className="row wrap">
          <Button
            size="small"
            busy={action.busy}
            disabled={!sign.allowed}
            onClick={() =>
              void action
                .run(() => request("workspace.checkpoint", { wid }))
                .then((ok) => ok && saidDone(words.checkpointSigned))
            }
          >
            {words.signCheckpoint}
          </Button>
          {!sign.allowed && <span className="faint">{factWords(sign.why)}</span>}
        </div>
      </dd>
    </div>
  );
};
