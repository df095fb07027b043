/** Making an invite, then its link, code and QR code. */
import { toDataURL } from "qrcode";
import { useEffect, useState } from "react";
import type { InviteView } from "#bridge/invite.ts";
import type { TeamView } from "#bridge/member.ts";
import { Button, Field, Note, Pick, TextField } from "../../parts/basic.tsx";
import { Boundary } from "../../parts/boundary.tsx";
import { CopyButton } from "../../parts/copy-button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { DialogForm } from "../../parts/dialog-form.tsx";
import { ReachGate } from "../../parts/reach.tsx";
import { useAction } from "../../state/action.ts";
import { request, useTopic } from "../../state/host.ts";
import { promiseWords } from "../../text/arrivals.ts";
import { letBackWords } from "../../text/devices.ts";
import { reachWords } from "../../text/reach.ts";
import { inviteWords as words } from "../../text/team.ts";
import { gainsNothing, roleName } from "./role-name.ts";

interface InviteDialogProps {
  readonly team: TeamView;
  /** An invite to show again, or null to make one. */
  readonly invite: InviteView | null;
  /** It was said already that its link is for a second app on this computer. */
  readonly initiallyInsists?: boolean;
  /** The role that a new invite starts with. */
  readonly firstRole?: string;
  readonly onClose: () => void;
}

export const InviteDialog = ({
  team,
  invite,
  firstRole = "member",
  initiallyInsists = false,
  onClose,
}: InviteDialogProps) => {
  const [shown, setMade] = useState(invite);
  const [insists, setInsists] = useState(false);
  // Its link changes when the server is reached at another address.
  const made = useTopic("invites", team.wid)?.find(({ id }) => id === shown?.id) ?? shown;
  return made === null ? (
    <Dialog open onClose={onClose} title={words.title}>
      <ReachGate wid={team.wid} insists={insists} onInsist={setInsists}>
        <InviteForm team={team} firstRole={firstRole} onMade={setMade} onClose={onClose} />
      </ReachGate>
    </Dialog>
  ) : (
    <Dialog
      open
      wide
      onClose={onClose}
      title={made.back === null ? words.readyTitle : letBackWords.readyTitle(made.back)}
      description={made.back === null ? words.readyWhy : letBackWords.readyWhy(made.back)}
    >
      <ReachGate wid={team.wid} insists={insists || initiallyInsists} onInsist={setInsists}>
        <InviteLink
          invite={made}
          role={roleName(team, made.role)}
          confirms={!gainsNothing(team, made.role)}
          onClose={onClose}
        />
      </ReachGate>
    </Dialog>
  );
};

interface InviteFormProps {
  readonly team: TeamView;
  readonly firstRole: string;
  readonly onMade: (invite: InviteView) => void;
  readonly onClose: () => void;
}

const InviteForm = ({ team, firstRole, onMade, onClose }: InviteFormProps) => {
  const [role, setRole] = useState(
    team.roles.some((each) => each.id === firstRole) ? firstRole : (team.roles[0]?.id ?? ""),
  );
  const [label, setLabel] = useState("");
  const [expires, setExpires] = useState<string>(words.expiries[2].value);
  const [uses, setUses] = useState("1");
  const action = useAction("inline");
  const count = Number(uses);
  const usesOk = Number.isInteger(count) && count >= 1 && count <= 50;
  const submit = () => {
    if (usesOk)
      void action.run(async () =>
        onMade(
          await request("invite.create", {
            wid: team.wid,
            role,
            label: label.trim(),
            expiresInMs: Number(expires),
            uses: count,
          }),
        ),
      );
  };
  return (
    <DialogForm action={action} onSend={submit} onCancel={onClose} verb={words.submit}>
      <TextField label={words.label} help={words.labelHelp} value={label} onValue={setLabel} maxLength={80} />
      <Field label={words.role}>
        {(wiring) => (
          <Pick
            wiring={wiring}
            value={role}
            onPick={setRole}
            options={team.roles.map((each) => ({ value: each.id, label: each.name }))}
          />
        )}
      </Field>
      {!gainsNothing(team, role) && <Note tone="waiting">{promiseWords.before(roleName(team, role))}</Note>}
      <div className="two">
        <Field label={words.expires}>
          {(wiring) => <Pick wiring={wiring} value={expires} onPick={setExpires} options={words.expiries} />}
        </Field>
        <TextField
          label={words.uses}
          value={uses}
          onValue={setUses}
          inputMode="numeric"
          problem={usesOk ? null : words.usesProblem}
        />
      </div>
    </DialogForm>
  );
};

const InviteLink = ({
  invite,
  role,
  confirms,
  onClose,
}: {
  readonly invite: InviteView;
  readonly role: string;
  readonly confirms: boolean;
  readonly onClose: () => void;
}) => {
  const [qr, setQr] = useState<string | null>(null);
  const link = invite.link;
  useEffect(() => {
    if (link === null) return;
    // A long link can be more than a QR code holds; the link and the code remain.
    toDataURL(link, { margin: 2, width: 352, errorCorrectionLevel: "L" }).then(setQr, () => setQr(null));
  }, [link]);
  if (link === null) return <Note>{words.elsewhere}</Note>;
  const code = invite.appLink ?? link;
  return (
    <>
      <Boundary side="leaves" text={words.gives(role, invite.uses - invite.used)} />
      {invite.oldAddress !== null && <Note tone="waiting">{reachWords.oldLink(invite.oldAddress)}</Note>}
      {confirms && <Note>{promiseWords.before(role)}</Note>}
      <div className="invite-link">
        <div className="stack grow">
          <LinkField label={words.link} text={link} copy={words.copyLink} />
          <LinkField label={words.code} text={code} copy={words.copyCode} help={words.codeWhy} />
        </div>
        {qr !== null && <img className="qr" src={qr} alt={words.qr} width={176} height={176} />}
      </div>
      <div className="dialog-foot">
        <Button look="primary" onClick={onClose}>
          {words.done}
        </Button>
      </div>
    </>
  );
};

const LinkField = ({
  label,
  text,
  copy,
  help,
}: {
  readonly label: string;
  readonly text: string;
  readonly copy: string;
  readonly help?: string;
}) => (
  <Field label={label} {...(help === undefined ? {} : { help })}>
    {(wiring) => (
      <span className="row">
        <input
          className="input mono grow"
          readOnly
          value={text}
          onFocus={(event) => event.target.select()}
          {...wiring}
        />
        <CopyButton text={() => text} name={copy} withWord />
      </span>
    )}
  </Field>
);
