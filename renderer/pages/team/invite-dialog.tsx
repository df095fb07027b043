/** Making an invite, then its link, code and QR code. */
import { toDataURL } from "qrcode";
import { useEffect, useState } from "react";
import type { InviteView, TeamView } from "#bridge/views.ts";
import { Button, Field, Note, Pick, TextField } from "../../parts/basic.tsx";
import { Boundary } from "../../parts/boundary.tsx";
import { CopyButton } from "../../parts/copy-button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { DialogForm } from "../../parts/dialog-form.tsx";
import { useAction } from "../../state/action.ts";
import { request } from "../../state/host.ts";
import { letBackWords } from "../../text/devices.ts";
import { inviteWords as words } from "../../text/team.ts";
import { roleName } from "./role-name.ts";

interface InviteDialogProps {
  readonly team: TeamView;
  /** An invite to show again, or null to make one. */
  readonly invite: InviteView | null;
  /** The role that a new invite starts with. */
  readonly firstRole?: string;
  readonly onClose: () => void;
}

export const InviteDialog = ({ team, invite, firstRole = "member", onClose }: InviteDialogProps) => {
  const [made, setMade] = useState(invite);
  return made === null ? (
    <Dialog open onClose={onClose} title={words.title}>
      <InviteForm team={team} firstRole={firstRole} onMade={setMade} onClose={onClose} />
    </Dialog>
  ) : (
    <Dialog open wide onClose={onClose} title={made.back === null ? words.readyTitle : letBackWords.readyTitle(made.back)} description={made.back === null ? words.readyWhy : letBackWords.readyWhy(made.back)}>
      <InviteLink invite={made} role={roleName(team, made.role)} onClose={onClose} />
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
  const [role, setRole] = useState(team.roles.some((each) => each.id === firstRole) ? firstRole : (team.roles[0]?.id ?? ""));
  const [label, setLabel] = useState("");
  const [expires, setExpires] = useState<string>(words.expiries[2].value);
  const [uses, setUses] = useState("1");
  const action = useAction("inline");
  const count = Number(uses);
  const usesOk = Number.isInteger(count) && count >= 1 && count <= 50;
  const submit = () => {
    if (usesOk) void action.run(async () => onMade(await request("invite.create", { wid: team.wid, role, label: label.trim(), expiresInMs: Number(expires), uses: count })));
  };
  return (
    <DialogForm action={action} onSend={submit} onCancel={onClose} verb={words.submit}>
      <TextField label={words.label} help={words.labelHelp} value={label} onValue={setLabel} maxLength={80} />
      <Field label={words.role}>{(wiring) => <Pick wiring={wiring} value={role} onPick={setRole} options={team.roles.map((each) => ({ value: each.id, label: each.name }))} />}</Field>
      <div className="two">
        <Field label={words.expires}>{(wiring) => <Pick wiring={wiring} value={expires} onPick={setExpires} options={words.expiries} />}</Field>
        <TextField label={words.uses} value={uses} onValue={setUses} inputMode="numeric" problem={usesOk ? null : words.usesProblem} />
      </div>
    </DialogForm>
  );
};

const InviteLink = ({ invite, role, onClose }: { readonly invite: InviteView; readonly role: string; readonly onClose: () => void }) => {
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

const LinkField = ({ label, text, copy, help }: { readonly label: string; readonly text: string; readonly copy: string; readonly help?: string }) => (
  <Field label={label} {...(help === undefined ? {} : { help })}>
    {(wiring) => (
      <span className="row">
        <input className="input mono grow" readOnly value={text} onFocus={(event) => event.target.select()} {...wiring} />
        <CopyButton text={() => text} name={copy} withWord />
      </span>
    )}
  </Field>
);
