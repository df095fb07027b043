/** Defining a role, or changing one: its name, and what it allows. A right that one does not hold says why it is out of reach. */
import { useState } from "react";
import type { RoleView } from "#bridge/role.ts";
import type { TeamView } from "#bridge/member.ts";
import { CheckField, Note, TextField } from "../../parts/basic.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { DialogForm } from "../../parts/dialog-form.tsx";
import { useAction } from "../../state/action.ts";
import { request } from "../../state/host.ts";
import { saidDone } from "../../state/toasts.ts";
import { capabilityGroups, roleFormWords as words } from "../../text/roles.ts";
import { capabilityWords } from "../../text/team.ts";
import { factWords } from "../../text/facts.ts";

interface RoleDialogProps {
  readonly team: TeamView;
  /** The role to change, or null for a new one. */
  readonly role: RoleView | null;
  /** Names of the people who have it now. */
  readonly holders: readonly string[];
  readonly onClose: () => void;
}

export const RoleDialog = ({ team, role, holders, onClose }: RoleDialogProps) => {
  const [name, setName] = useState(role?.name ?? "");
  const [caps, setCaps] = useState<ReadonlySet<string>>(new Set(role?.caps ?? []));
  const [tried, setTried] = useState(false);
  const action = useAction("inline");
  const own = team.members.some((member) => member.me && member.role === role?.id);
  const save = async () => {
    setTried(true);
    if (name.trim() === "") return;
    const ok = await action.run(() =>
      request("role.define", { wid: team.wid, role: role?.id ?? null, name: name.trim(), caps: [...caps] }),
    );
    if (!ok) return;
    saidDone(role === null ? words.defined(name.trim()) : words.changed(name.trim()));
    onClose();
  };
  const toggle = (capability: string, on: boolean) =>
    setCaps(new Set(on ? [...caps, capability] : [...caps].filter((each) => each !== capability)));
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={role === null ? words.newTitle : words.changeTitle(role.name)}
      description={role === null ? words.newWhy : words.changeWhy(holders)}
    >
      <DialogForm
        action={action}
        onSend={() => void save()}
        onCancel={onClose}
        verb={role === null ? words.submit : words.save}
      >
        <TextField
          label={words.name}
          value={name}
          onValue={setName}
          maxLength={80}
          problem={tried && name.trim() === "" ? words.nameNeeded : null}
        />
        {own && <Note tone="waiting">{words.own}</Note>}
        <div className="right-groups" role="group" aria-label={words.rights}>
          {capabilityGroups.map(({ title, capabilities }) => (
            <fieldset key={title} className="right-group">
              <legend className="label-caps">{title}</legend>
              {capabilities.map((capability) => (
                <Right
                  key={capability}
                  team={team}
                  capability={capability}
                  checked={caps.has(capability)}
                  onChange={(on) => toggle(capability, on)}
                />
              ))}
            </fieldset>
          ))}
        </div>
      </DialogForm>
    </Dialog>
  );
};

const Right = ({
  team,
  capability,
  checked,
  onChange,
}: {
  readonly team: TeamView;
  readonly capability: string;
  readonly checked: boolean;
  readonly onChange: (on: boolean) => void;
}) => {
  const mine = team.mine[capability];
  const held = mine?.allowed === true;
  return (
    <CheckField
      label={capabilityWords[capability] ?? capability}
      checked={checked}
      disabled={!held}
      {...(held || mine === undefined ? {} : { help: factWords(mine.why) })}
      onChange={onChange}
    />
  );
};
