/** Writing one rule. The host checks names and values; a rule that could never be judged as meant is refused there. */
import { X } from "lucide-react";
import { useState } from "react";
import type { Condition, PolicyView, RuleText, TeamView } from "#bridge/views.ts";
import { Button, CheckField, Field, IconButton, Note, Pick } from "../../parts/basic.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { DialogForm } from "../../parts/dialog-form.tsx";
import { useAction } from "../../state/action.ts";
import { request } from "../../state/host.ts";
import { saidDone } from "../../state/toasts.ts";
import { ruleWords as words } from "../../text/rules.ts";
import { CONDITIONS_MAX, effectOf, effectOptions, effectValue, emptyCondition, EVERY_TOOL, onlyTool, overruling, ruleOf } from "./rule-draft.ts";

interface RuleEditorProps {
  readonly policy: PolicyView;
  readonly team: TeamView;
  readonly start: RuleText;
  readonly base: number;
  readonly onClose: () => void;
}

const ALL = "";

export const RuleEditor = ({ policy, team, start, base, onClose }: RuleEditorProps) => {
  const [draft, setDraft] = useState(start);
  const action = useAction("inline");
  const change = (part: Partial<RuleText>) => setDraft({ ...draft, ...part });
  const save = () => {
    const read = ruleOf(draft);
    if (!read.ok) return action.refuse(read.problem);
    void action.run(() => request("policy.setRule", { wid: policy.wid, rule: read.rule, base })).then((ok) => (ok ? (saidDone(words.saved), onClose()) : undefined));
  };
  const failed = action.problem?.code === "stale" ? { code: "stale", message: words.stale } : action.problem;
  return (
    <Dialog open wide onClose={onClose} title={start.id === null ? words.addTitle : words.editTitle}>
      <DialogForm action={action} problem={failed} onSend={save} onCancel={onClose} verb={words.save}>
        <What policy={policy} draft={draft} onChange={change} />
        <Conditions conditions={draft.args} onChange={(args) => change({ args })} />
        <fieldset className="group stack">
          <legend className="field-label strong">{words.roles}</legend>
          <p className="faint">{words.rolesHelp}</p>
          <div className="checks">
            {team.roles.map((role) => (
              <CheckField key={role.id} label={role.name} checked={draft.roles.includes(role.id)} onChange={(on) => change({ roles: on ? [...draft.roles, role.id] : draft.roles.filter((each) => each !== role.id) })} />
            ))}
          </div>
        </fieldset>
        <Field label={words.effect}>{(wiring) => <Pick value={effectValue(draft.effect)} options={effectOptions(policy)} onPick={(value) => change({ effect: effectOf(value) })} wiring={wiring} />}</Field>
        {overruling(policy, draft).map((rule) => (
          <Note key={rule.id} tone="waiting">
            {words.overruled(rule.words)}
          </Note>
        ))}
      </DialogForm>
    </Dialog>
  );
};

const What = ({ policy, draft, onChange }: { readonly policy: PolicyView; readonly draft: RuleText; readonly onChange: (part: Partial<RuleText>) => void }) => {
  const server = policy.servers.find((each) => each.id === draft.server);
  const named = (list: readonly { id: string; name: string }[]) => list.map((each) => ({ value: each.id, label: each.name }));
  return (
    <div className="two">
      <Field label={words.server}>
        {(wiring) => <Pick value={draft.server ?? ALL} options={[{ value: ALL, label: words.everyServer }, ...named(policy.servers)]} onPick={(id) => onChange({ server: id === ALL ? null : id, ...EVERY_TOOL })} wiring={wiring} />}
      </Field>
      <Field label={words.tool}>
        {(wiring) => (
          <Pick value={onlyTool(draft) ?? ALL} disabled={server === undefined} options={[{ value: ALL, label: words.everyTool }, ...(server?.tools ?? []).map((tool) => ({ value: tool, label: tool }))]} onPick={(tool) => onChange(tool === ALL ? EVERY_TOOL : { tools: [tool], except: false })} wiring={wiring} />
        )}
      </Field>
    </div>
  );
};

const Conditions = ({ conditions, onChange }: { readonly conditions: readonly Condition[]; readonly onChange: (conditions: Condition[]) => void }) => {
  const put = (index: number, part: Partial<Condition>) => onChange(conditions.map((each, at) => (at === index ? { ...each, ...part } : each)));
  return (
    <fieldset className="group stack">
      <legend className="field-label strong">{words.conditions}</legend>
      <p className="faint">{conditions.length === 0 ? words.noConditions : words.conditionsHelp}</p>
      {conditions.map((condition, index) => (
        <div key={index} className="row wrap condition">
          <input className="input mono" aria-label={words.path(index + 1)} placeholder={words.pathHint} value={condition.path} maxLength={200} onChange={(event) => put(index, { path: event.target.value })} spellCheck={false} autoComplete="off" />
          <Pick name={words.op(index + 1)} value={condition.op} options={words.ops} onPick={(op) => put(index, { op: op as Condition["op"] })} />
          <input className="input mono grow" aria-label={words.value(index + 1)} placeholder={words.hint(condition.op)} value={condition.value} maxLength={1_000} onChange={(event) => put(index, { value: event.target.value })} spellCheck={false} autoComplete="off" />
          <IconButton name={words.removeCondition(index + 1)} size="small" onClick={() => onChange(conditions.filter((_, at) => at !== index))}>
            <X className="icon" aria-hidden />
          </IconButton>
        </div>
      ))}
      <div>
        <Button size="small" disabled={conditions.length >= CONDITIONS_MAX} onClick={() => onChange([...conditions, emptyCondition])}>
          {words.addCondition}
        </Button>
      </div>
    </fieldset>
  );
};
