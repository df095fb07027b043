/** On a call that no other member could decide, waiting or refused for it: the way out stands beside it. */
import { UserPlus } from "lucide-react";
import type { CallView } from "#bridge/call.ts";
import { startInvite } from "../state/commands.ts";
import { useTopic } from "../state/host.ts";
import { callWords as words } from "../text/calls.ts";
import { Button, Note } from "./basic.tsx";
import { ConfirmYourself } from "./unnamed.tsx";
import { factWords } from "../text/facts.ts";

export const NobodyApproves = ({ wid, call }: { readonly wid: string; readonly call: CallView }) => {
  const status = useTopic("status", wid);
  const may = useTopic("team", wid)?.mine["members.invite"];
  const server = useTopic("tools", wid)?.servers.find((each) => each.id === call.serverId);
  const asks = server?.tools.find((tool) => tool.name === call.tool)?.effect.kind === "ask";
  // A refused call says itself why; other rules than "ask" would refuse it with an approver, too.
  const told = call.state === "refused";
  if (status === undefined || status.mayApprove > 0 || (told && !asks)) return null;
  const allowed = may?.allowed !== false;
  return (
    <div className="call-note">
      <Note tone="waiting">
        <div className="row wrap">
          <span className="grow">
            {allowed ? (told ? words.nobodyAgain : words.nobody) : words.askForApprover(factWords(may.why))}
          </span>
          {told && <ConfirmYourself wid={wid} />}
          {allowed && (
            <Button
              size="small"
              icon={<UserPlus className="icon small" aria-hidden />}
              onClick={() => startInvite("approver")}
            >
              {words.invite}
            </Button>
          )}
        </div>
      </Note>
    </div>
  );
};
