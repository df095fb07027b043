/** A way back for somebody who lost their devices: what it does is said before the link is made. */
import { Undo2 } from "lucide-react";
import { useState } from "react";
import type { InviteView } from "#bridge/invite.ts";
import type { MemberView, TeamView } from "#bridge/member.ts";
import { Button, Field, Pick } from "../../parts/basic.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { DialogForm } from "../../parts/dialog-form.tsx";
import { ReachGate } from "../../parts/reach.tsx";
import { useAction } from "../../state/action.ts";
import { request } from "../../state/host.ts";
import { letBackWords as words } from "../../text/devices.ts";
import { inviteWords } from "../../text/team.ts";
import { InviteDialog } from "./invite-dialog.tsx";
import { gainsNothing, roleName } from "./role-name.ts";
import { factWords } from "../../text/facts.ts";

export const LetBack = ({ team, member }: { readonly team: TeamView; readonly member: MemberView }) => {
  const [open, setOpen] = useState(false);
  const [made, setMade] = useState<InviteView | null>(null);
  const [insists, setInsists] = useState(false);
  const close = () => {
    setInsists(false);
    setOpen(false);
    setMade(null);
  };
  return (
    <>
      <Button
        size="small"
        disabled={!member.canLetBack.allowed}
        title={factWords(member.canLetBack.why)}
        icon={<Undo2 className="icon small" aria-hidden />}
        onClick={() => setOpen(true)}
      >
        {words.open}
      </Button>
      {open && made === null && (
        <Dialog open onClose={close} title={words.title(member.name)} description={words.why(member.name)}>
          <ReachGate wid={team.wid} insists={insists} onInsist={setInsists}>
            <LetBackForm team={team} member={member} onMade={setMade} onClose={close} />
          </ReachGate>
        </Dialog>
      )}
      {made !== null && <InviteDialog team={team} invite={made} initiallyInsists={insists} onClose={close} />}
    </>
  );
};

interface LetBackFormProps {
  readonly team: TeamView;
  readonly member: MemberView;
  readonly onMade: (invite: InviteView) => void;
  readonly onClose: () => void;
}

const LetBackForm = ({ team, member, onMade, onClose }: LetBackFormProps) => {
  const [expires, setExpires] = useState<string>(inviteWords.expiries[1].value);
  const action = useAction("inline");
  const make = () =>
    void action.run(async () =>
      onMade(await request("member.letBack", { wid: team.wid, member: member.id, expiresInMs: Number(expires) })),
    );
  return (
    <DialogForm action={action} onSend={make} onCancel={onClose} verb={words.make}>
      <ul className="points">
        {words.points(member.name, roleName(team, member.role), !gainsNothing(team, member.role)).map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
      <Field label={words.expires}>
        {(wiring) => <Pick wiring={wiring} value={expires} onPick={setExpires} options={inviteWords.expiries} />}
      </Field>
    </DialogForm>
  );
};
