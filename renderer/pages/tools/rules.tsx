/** Rules by tool, arguments and role, and the question which of them decides. */
import { ChevronRight, Plus, TriangleAlert } from "lucide-react";
import { useState } from "react";
import type { PolicyView, RuleView } from "#bridge/policy.ts";
import type { TeamView } from "#bridge/member.ts";
import { Button, Note, Problem } from "../../parts/basic.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { EffectChip } from "../../parts/effect.tsx";
import { PreviewBox, usePreview } from "../../parts/policy-preview.tsx";
import { useTopic, useTopicState } from "../../state/host.ts";
import { publishPolicy } from "../../state/policy-draft.ts";
import { changeWords, doneSentence } from "../../text/policy-change.ts";
import { ruleWords as words } from "../../text/rules.ts";
import { draftOf, isPlain, newRule, textOf, type RuleDraft } from "./rule-draft.ts";
import { RuleEditor } from "./rule-editor.tsx";
import { RuleTry } from "./rule-try.tsx";
import { factWords } from "../../text/facts.ts";

export const Rules = ({ wid }: { readonly wid: string }) => {
  const { value: policy, error } = useTopicState("policy", wid);
  const team = useTopic("team", wid);
  if (policy === undefined || team === undefined) return <Problem error={error} />;
  return <RulesOf policy={policy} team={team} />;
};

interface Editing {
  readonly rule: RuleDraft;
  /** The policy that was on the screen when the editor opened. */
  readonly base: number;
}

const RulesOf = ({ policy, team }: { readonly policy: PolicyView; readonly team: TeamView }) => {
  const [editing, setEditing] = useState<Editing | null>(null);
  const [removing, setRemoving] = useState<{ readonly rule: RuleView; readonly base: number } | null>(null);
  const [trying, setTrying] = useState(false);
  const locked = !policy.mayEdit.allowed;
  const special = policy.rules.filter((rule) => !isPlain(rule));
  const plain = policy.rules.filter(isPlain);
  const row = (rule: RuleView) => (
    <RuleRow
      key={rule.id}
      rule={rule}
      policy={policy}
      onEdit={() => setEditing({ rule: draftOf(textOf(rule)), base: policy.base })}
      onRemove={() => setRemoving({ rule, base: policy.base })}
    />
  );
  return (
    <section className="stack" aria-labelledby="rules-title">
      <header className="row wrap rules-head">
        <div className="grow">
          <h2 id="rules-title">{words.title}</h2>
          <p className="faint">{words.subtitle}</p>
        </div>
        <span className="row">
          <Button onClick={() => setTrying(true)}>{words.tryTitle}</Button>
          <Button
            disabled={locked}
            title={locked ? factWords(policy.mayEdit.why) : undefined}
            icon={<Plus className="icon small" aria-hidden />}
            onClick={() => setEditing({ rule: newRule, base: policy.base })}
          >
            {words.add}
          </Button>
        </span>
      </header>
      {locked && <Note>{words.cannot(factWords(policy.mayEdit.why))}</Note>}
      {special.length === 0 ? <p className="faint">{words.empty}</p> : <ul className="rows">{special.map(row)}</ul>}
      {plain.length > 0 && (
        <details className="rule-fold">
          <summary className="faint">
            <ChevronRight className="icon small" aria-hidden />
            {words.plain(plain.length)}
          </summary>
          <ul className="rows">{plain.map(row)}</ul>
        </details>
      )}
      {editing !== null && (
        <RuleEditor
          policy={policy}
          team={team}
          start={editing.rule}
          base={editing.base}
          onClose={() => setEditing(null)}
        />
      )}
      {trying && <RuleTry policy={policy} team={team} onClose={() => setTrying(false)} />}
      {removing !== null && (
        <RemoveRule policy={policy} rule={removing.rule} base={removing.base} onClose={() => setRemoving(null)} />
      )}
    </section>
  );
};

interface RemoveRuleProps {
  readonly policy: PolicyView;
  readonly rule: RuleView;
  readonly base: number;
  readonly onClose: () => void;
}

/** What the others then decide is counted before it is done. */
const RemoveRule = ({ policy, rule, base, onClose }: RemoveRuleProps) => {
  const changes = [{ kind: "remove-rule", rule: rule.id } as const];
  const preview = usePreview(policy.wid, changes, policy.base);
  return (
    <Confirm
      open
      onClose={onClose}
      title={words.removeTitle}
      verb={words.remove}
      work={() =>
        publishPolicy(
          policy.wid,
          changes,
          base,
          preview.found === null ? changeWords.holds : doneSentence(preview.found, policy.queues),
        )
      }
    >
      <div className="stack">
        <p>{words.removeWhy(factWords(rule.told))}</p>
        <PreviewBox preview={preview} queues={policy.queues} />
      </div>
    </Confirm>
  );
};

interface RuleRowProps {
  readonly rule: RuleView;
  readonly policy: PolicyView;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

const RuleRow = ({ rule, policy, onEdit, onRemove }: RuleRowProps) => {
  const locked = !policy.mayEdit.allowed;
  const why = locked ? factWords(policy.mayEdit.why) : undefined;
  return (
    <li className="row-item queue-row rule-row">
      <EffectChip effect={rule.effect} queues={policy.queues} />
      <div className="grow">
        <p>{factWords(rule.told)}</p>
        {rule.problem !== null && (
          <p className="rule-problem">
            <TriangleAlert className="icon small" aria-hidden />
            {factWords(rule.problem)}
          </p>
        )}
      </div>
      <span className="row">
        <Button
          size="small"
          look="plain"
          disabled={locked}
          title={why}
          aria-label={words.removeOf(factWords(rule.told))}
          onClick={onRemove}
        >
          {words.remove}
        </Button>
        <Button
          size="small"
          disabled={locked}
          title={why}
          aria-label={words.editOf(factWords(rule.told))}
          onClick={onEdit}
        >
          {words.edit}
        </Button>
      </span>
    </li>
  );
};
