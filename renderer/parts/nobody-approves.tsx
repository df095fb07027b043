/** On a waiting call when no other member could decide it: it would wait for ever, so the way out stands beside it. */
import { UserPlus } from "lucide-react";
import { startInvite } from "../state/commands.ts";
import { useTopic } from "../state/host.ts";
import { callWords as words } from "../text/calls.ts";
import { Button, Note } from "./basic.tsx";

export const NobodyApproves = ({ wid }: { readonly wid: string }) => {
  const status = useTopic("status", wid);
  const may = useTopic("team", wid)?.mine["members.invite"];
  if (status === undefined || status.canApprove > 0) return null;
  return (
    <div className="call-note">
      <Note tone="waiting">
        <div className="row wrap">
          <span className="grow">
            {words.nobody} {may?.allowed === false && words.askForApprover(may.rule)}
          </span>
          {may?.allowed !== false && (
            <Button size="small" icon={<UserPlus className="icon small" aria-hidden />} onClick={() => startInvite("approver")}>
              {words.invite}
            </Button>
          )}
        </div>
      </Note>
    </div>
  );
};
