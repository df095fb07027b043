/** Other values for a server that is in use: a key was rotated, or one could not be read. It starts again with them. */
import { useState } from "react";
import { valuesOf } from "#bridge/launch.ts";
import type { ServerView } from "#bridge/tool.ts";
import { CheckField } from "../../parts/basic.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { DialogForm } from "../../parts/dialog-form.tsx";
import { useAction } from "../../state/action.ts";
import { request } from "../../state/host.ts";
import { saidDone } from "../../state/toasts.ts";
import { changeValuesWords as words } from "../../text/tools.ts";
import { EnvFields } from "./env-fields.tsx";

/** Failures of a start that other values mend. */
export const NEEDS_VALUES = new Set(["tool-value-missing", "tool-value-invalid", "tool-secret-unreadable"]);

interface ChangeValuesProps {
  readonly wid: string;
  readonly server: ServerView;
  readonly onClose: () => void;
}

export const ChangeValues = ({ wid, server, onClose }: ChangeValuesProps) => {
  const [values, setValues] = useState<Record<string, string>>({});
  const [removed, setRemoved] = useState<readonly string[]>([]);
  const action = useAction("inline");
  // A template needs its values; only a variable of the environment may go without one.
  const removable =
    server.launch.kind === "stdio"
      ? server.launch.env.filter(({ name }) => server.filled.includes(name) && values[name] === undefined)
      : [];
  const changed = { ...Object.fromEntries(removed.map((name) => [name, ""])), ...values };
  const save = () =>
    void action
      .run(() => request("server.accept", { wid, server: server.id, values: changed, launch: server.launch }))
      .then((ok) => {
        if (!ok) return;
        saidDone(words.saved(server.name));
        onClose();
      });
  return (
    <Dialog open onClose={onClose} title={words.title(server.name)} description={words.why}>
      <DialogForm
        action={action}
        onSend={save}
        onCancel={onClose}
        verb={words.save}
        disabled={Object.keys(changed).length === 0}
      >
        <EnvFields env={valuesOf(server.launch)} filled={server.filled} values={values} onChange={setValues} />
        {removable.map(({ name }) => (
          <CheckField
            key={name}
            label={words.remove(name)}
            checked={removed.includes(name)}
            onChange={(on) => setRemoved(on ? [...removed, name] : removed.filter((each) => each !== name))}
          />
        ))}
      </DialogForm>
    </Dialog>
  );
};
