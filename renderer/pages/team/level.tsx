/** The format of the workspace, quietly; and for an Owner whose app knows more, the way up: whom it leaves behind is said first. */
import { useState } from "react";
import type { TeamView } from "#bridge/member.ts";
import { Button } from "../../parts/basic.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { DialogForm } from "../../parts/dialog-form.tsx";
import { useAction } from "../../state/action.ts";
import { request } from "../../state/host.ts";
import { confirming } from "../../state/shell.ts";
import { saidDone } from "../../state/toasts.ts";
import { levelWords as words } from "../../text/levels.ts";
import { deviceName, versionOf } from "./device-name.ts";

export const Level = ({ team }: { readonly team: TeamView }) => {
  const [step, setStep] = useState<{ readonly from: number; readonly to: number } | null>(null);
  const { now, next, mayRaise } = team.level;
  return (
    <div className="row wrap level-line">
      <span className="faint">{words.format(now)}</span>
      {next !== null && mayRaise && (
        <Button size="small" look="plain" onClick={() => setStep({ from: now, to: next })}>
          {words.raise(next)}
        </Button>
      )}
      {step !== null && <Raise team={team} step={step} onClose={() => setStep(null)} />}
    </div>
  );
};

interface RaiseProps {
  readonly team: TeamView;
  /** As it was on the screen: where another Owner was faster, nothing is raised. */
  readonly step: { readonly from: number; readonly to: number };
  readonly onClose: () => void;
}

const Raise = ({ team, step, onClose }: RaiseProps) => {
  const action = useAction("inline");
  const late = team.members.flatMap((member) =>
    member.devices.flatMap((device, index) =>
      device.behind
        ? [
            {
              id: device.id,
              version: versionOf(device),
              name: member.me
                ? words.yours(deviceName(device, index + 1))
                : words.of(member.name, deviceName(device, index + 1)),
            },
          ]
        : [],
    ),
  );
  const send = () =>
    void action.run(async () => {
      await confirming(() => request("workspace.raise", { wid: team.wid, ...step }));
      saidDone(words.raised(step.to));
      onClose();
    });
  return (
    <Dialog open onClose={onClose} title={words.title(step.to)} description={words.why(step.to)}>
      <DialogForm action={action} onSend={send} onCancel={onClose} verb={words.raise(step.to)}>
        <p>{late.length === 0 ? words.none : words.late}</p>
        {late.length > 0 && (
          <ul className="points">
            {late.map(({ id, name, version }) => (
              <li key={id}>
                {name} <span className="faint">({version})</span>
              </li>
            ))}
          </ul>
        )}
      </DialogForm>
    </Dialog>
  );
};
