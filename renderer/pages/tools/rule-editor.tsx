/** Writing one rule. What it would do stands above the button; the host refuses what could never be judged as meant. */
import { useState } from "react";
import type { PolicyView } from "#bridge/policy.ts";
import type { TeamView } from "#bridge/member.ts";
import { CheckField, Field, Pick } from "../../parts/basic.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { DialogForm } from "../../parts/dialog-form.tsx";
import { AskAgain, asksAgain, canPublish, Meanwhile, PreviewBox, usePreview } from "../../parts/policy-preview.tsx";
import { useAction } from "../../state/action.ts";
import { usePastOwn } from "../../state/own-changes.ts";
import { publishPolicy } from "../../state/policy-draft.ts";
import { factWords } from "../../text/facts.ts";
import { doneSentence } from "../../text/policy-change.ts";
import { ruleWords as words } from "../../text/rules.ts";
import { RuleConditions, useArguments } from "./rule-conditions.tsx";
import { effectOf, effectOptions, effectValue, ruleOf, toolsIn, type RuleDraft } from "./rule-draft.ts";
import { RuleWhat } from "./rule-what.tsx";

interface RuleEditorProps {
  readonly policy: PolicyView;
  readonly team: TeamView;
  readonly start: RuleDraft;
  /** The policy that was on the screen when the editor opened. */
  readonly base: number;
  readonly onClose: () => void;
}

export const RuleEditor = ({ policy, team, start, base: first, onClose }: RuleEditorProps) => {
  const { wid, queues } = policy;
  const [draft, setDraft] = useState(start);
  const [base, setBase] = useState(first);
  const [asking, setAsking] = useState(false);
  const action = useAction("inline");
  const change = (part: Partial<RuleDraft>) => setDraft({ ...draft, ...part });
  const about = toolsIn(draft);
  const args = useArguments(
    wid,
    about === null ? null : { server: draft.server ?? null, tools: about.tools, except: about.except },
  );
  const read = ruleOf(draft);
  const changes = read.ok ? [{ kind: "rule", rule: read.rule } as const] : null;
  const preview = usePreview(wid, changes, policy.base);
  const past = usePastOwn(wid);
  const behind = past(policy.base) !== past(base);
  const publish = async () => {
    if (changes === null || preview.found === null) return;
    await publishPolicy(wid, changes, base, doneSentence(preview.found, queues));
    onClose();
  };
  const save = () => {
    if (!read.ok) action.refuse(read.problem);
    else if (preview.found !== null && asksAgain(preview.found)) setAsking(true);
    else void action.run(publish);
  };
  return (
    <Dialog open wide onClose={onClose} title={start.id === null ? words.addTitle : words.editTitle}>
      <DialogForm
        action={action}
        onSend={save}
        onCancel={onClose}
        verb={words.save}
        disabled={behind || !canPublish(preview)}
        aside={read.ok ? undefined : <span className="faint">{factWords(read.problem)}</span>}
      >
        <RuleWhat policy={policy} draft={draft} onChange={change} />
        <RuleConditions conditions={draft.args} args={args} onChange={(next) => change({ args: next })} />
        <Roles team={team} chosen={draft.roles} onChange={(roles) => change({ roles })} />
        <Field label={words.effect}>
          {(wiring) => (
            <Pick
              value={draft.effect === null ? "" : effectValue(draft.effect)}
              options={[
                ...(draft.effect === null ? [{ value: "", label: words.chooseEffect }] : []),
                ...effectOptions(policy),
              ]}
              onPick={(value) => change({ effect: effectOf(value) })}
              wiring={wiring}
            />
          )}
        </Field>
        {behind && (
          <Meanwhile
            wid={wid}
            base={past(base)}
            now={policy.base}
            queues={queues}
            onGoOn={() => setBase(policy.base)}
          />
        )}
        {read.ok && <PreviewBox preview={preview} queues={queues} />}
        {asking && preview.found !== null && (
          <AskAgain found={preview.found} queues={queues} onClose={() => setAsking(false)} work={publish} />
        )}
      </DialogForm>
    </Dialog>
  );
};

interface RolesProps {
  readonly team: TeamView;
  readonly chosen: readonly string[];
  readonly onChange: (roles: string[]) => void;
}
const Roles = ({ team, chosen, onChange }: RolesProps) => (
  <fieldset className="group stack">
    <legend className="field-label strong">{words.roles}</legend>
    <p className="faint">{words.rolesHelp}</p>
    <div className="checks">
      {team.roles.map((role) => (
        <CheckField
          key={role.id}
          label={role.name}
          checked={chosen.includes(role.id)}
          onChange={(on) => onChange(on ? [...chosen, role.id] : chosen.filter((each) => each !== role.id))}
        />
      ))}
    </div>
  </fieldset>
);
