/** "Which rule decides?": somebody types arguments, the host answers with the function that guards every call. */
import { useState } from "react";
import { ARGS_MAX } from "#bridge/limits.ts";
import type { PolicyView, RuleFinding } from "#bridge/policy.ts";
import type { TeamView } from "#bridge/member.ts";
import { Field, Pick } from "../../parts/basic.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { DialogForm } from "../../parts/dialog-form.tsx";
import { EffectChip } from "../../parts/effect.tsx";
import { Limit } from "../../parts/limit.tsx";
import { useAction } from "../../state/action.ts";
import { request } from "../../state/host.ts";
import { commonWords } from "../../text/common.ts";
import { ruleWords as words } from "../../text/rules.ts";
import { factWords } from "../../text/facts.ts";

export const RuleTry = ({
  policy,
  team,
  onClose,
}: {
  readonly policy: PolicyView;
  readonly team: TeamView;
  readonly onClose: () => void;
}) => {
  const choices = policy.servers.flatMap((server) =>
    server.tools.map((tool) => ({
      value: `${server.id} ${tool}`,
      label: `${server.name}.${tool}`,
      server: server.id,
      tool,
    })),
  );
  const [chosen, setChosen] = useState(choices[0]?.value ?? "");
  const [role, setRole] = useState(team.members.find((member) => member.me)?.role ?? "");
  const [args, setArgs] = useState("{}");
  const [finding, setFinding] = useState<RuleFinding | null>(null);
  const action = useAction("inline");
  const choice = choices.find((each) => each.value === chosen);
  const ask = async () => {
    setFinding(null);
    if (choice !== undefined)
      setFinding(
        await request("policy.try", { wid: policy.wid, server: choice.server, tool: choice.tool, role, args }),
      );
  };
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={words.tryTitle}
      description={choice === undefined ? words.noTools : words.tryWhy}
    >
      <DialogForm
        action={action}
        onSend={() => void action.run(ask)}
        onCancel={onClose}
        verb={words.tryIt}
        cancel={commonWords.close}
        disabled={choice === undefined || args.length > ARGS_MAX}
        // What was found was found for other words.
        onChange={() => setFinding(null)}
      >
        <div className="two">
          <Field label={words.tool}>
            {(wiring) => <Pick value={chosen} options={choices} onPick={setChosen} wiring={wiring} />}
          </Field>
          <Field label={words.role}>
            {(wiring) => (
              <Pick
                value={role}
                options={team.roles.map(({ id, name }) => ({ value: id, label: name }))}
                onPick={setRole}
                wiring={wiring}
              />
            )}
          </Field>
        </div>
        <Field label={words.args}>
          {(wiring) => (
            <textarea
              className="input mono"
              rows={6}
              value={args}
              onChange={(event) => setArgs(event.target.value)}
              spellCheck={false}
              {...wiring}
            />
          )}
        </Field>
        <Limit length={args.length} max={ARGS_MAX} />
        <div role="status">{finding !== null && <Finding finding={finding} policy={policy} />}</div>
      </DialogForm>
    </Dialog>
  );
};

const Finding = ({ finding, policy }: { readonly finding: RuleFinding; readonly policy: PolicyView }) => {
  const others = finding.fitting.slice(1);
  return (
    <div className="group stack">
      <span className="label-caps">{words.decides}</span>
      <p className="row">
        <EffectChip effect={finding.effect} queues={policy.queues} />
        <span>{factWords(finding.why)}</span>
      </p>
      {others.length > 0 && (
        <>
          <span className="label-caps">{words.alsoFit}</span>
          <ul className="stack tight">
            {others.map((rule, index) => (
              <li key={index} className="quiet">
                {factWords(rule)}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
};
