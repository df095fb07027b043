/** Editing a queue: who is asked first, who is asked next, and when it ends in no. */
import { useState } from "react";
import type { QueueView } from "#bridge/policy.ts";
import type { TeamView } from "#bridge/member.ts";
import type { ToolsView } from "#bridge/tool.ts";
import { Button, CheckField, TextField } from "../../parts/basic.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { DialogForm } from "../../parts/dialog-form.tsx";
import { SpanField } from "../../parts/span-field.tsx";
import { AskAgain, asksAgain, canPublish, Meanwhile, PreviewBox, usePreview } from "../../parts/policy-preview.tsx";
import { useAction } from "../../state/action.ts";
import { useTopic } from "../../state/host.ts";
import { usePastOwn } from "../../state/own-changes.ts";
import { publishPolicy } from "../../state/policy-draft.ts";
import { doneSentence } from "../../text/policy-change.ts";
import { queueWords as words } from "../../text/queues.ts";
import { draftOf, emptyStep, newQueueId, queueOf, type QueueDraft, type StepDraft } from "./queue-draft.ts";
import { QueueGroups } from "./queue-groups.tsx";

interface QueueEditorProps {
  readonly tools: ToolsView;
  readonly team: TeamView;
  readonly queue: QueueView | null;
  readonly onClose: () => void;
}

const STEPS_MAX = 8;

export const QueueEditor = ({ tools, team, queue, onClose }: QueueEditorProps) => {
  const policy = useTopic("policy", tools.wid);
  const [base, setBase] = useFirst(policy?.base);
  const [draft, setDraft] = useState<QueueDraft>(() => draftOf(queue));
  const [asking, setAsking] = useState(false);
  const action = useAction("inline");
  const change = (part: Partial<QueueDraft>) => setDraft({ ...draft, ...part });
  const read = queueOf(
    draft,
    queue?.id ??
      newQueueId(
        draft.name,
        [...tools.queues, ...(policy?.removedQueues ?? [])].map((each) => each.id),
      ),
  );
  const changes = read.ok ? [{ kind: "queue", queue: read.queue } as const] : null;
  const preview = usePreview(tools.wid, changes, policy?.base ?? 0);
  const publish = async () => {
    if (changes === null || preview.found === null || base === undefined) return;
    await publishPolicy(tools.wid, changes, base, doneSentence(preview.found, tools.queues));
    onClose();
  };
  const save = () => {
    if (!read.ok) action.refuse(read.problem);
    else if (preview.found !== null && asksAgain(preview.found)) setAsking(true);
    else void action.run(publish);
  };
  const past = usePastOwn(tools.wid);
  const behind = policy !== undefined && base !== undefined && past(policy.base) !== past(base);
  return (
    <Dialog open onClose={onClose} title={queue === null ? words.addTitle : words.editTitle(queue.name)}>
      <DialogForm
        action={action}
        onSend={save}
        onCancel={onClose}
        verb={words.save}
        disabled={behind || (read.ok && !canPublish(preview))}
      >
        <TextField label={words.name} value={draft.name} onValue={(name) => change({ name })} maxLength={80} />
        <ol className="ladder">
          <li className="stack">
            <div className="stack tight">
              <h3>{words.needs}</h3>
              <p className="faint">{words.needsHelp}</p>
            </div>
            <QueueGroups team={team} step={1} groups={draft.groups} onChange={(groups) => change({ groups })} />
          </li>
          {draft.steps.map((step, index) => (
            <Step
              key={index}
              number={index + 2}
              step={step}
              team={team}
              onChange={(next) => change({ steps: draft.steps.map((each, at) => (at === index ? next : each)) })}
              onRemove={() => change({ steps: draft.steps.filter((_, at) => at !== index) })}
            />
          ))}
          <li>
            <Button
              size="small"
              disabled={draft.steps.length >= STEPS_MAX}
              onClick={() => change({ steps: [...draft.steps, emptyStep] })}
            >
              {words.addStep}
            </Button>
          </li>
          <li className="stack last-step">
            <div className="stack tight">
              <h3>{words.last}</h3>
              <p className="faint">{words.lastHelp}</p>
            </div>
            <SpanField label={words.decide} value={draft.decide} onValue={(decide) => change({ decide })} />
          </li>
        </ol>
        <div className="two">
          <TextField label={words.deny} value={draft.deny} onValue={(deny) => change({ deny })} inputMode="numeric" />
          <SpanField label={words.use} value={draft.use} onValue={(use) => change({ use })} />
        </div>
        <CheckField label={words.oneForTwo} checked={draft.oneForTwo} onChange={(oneForTwo) => change({ oneForTwo })} />
        <CheckField
          label={words.independent}
          checked={draft.independent}
          onChange={(independent) => change({ independent })}
        />
        <CheckField label={words.practice} checked={draft.practice} onChange={(practice) => change({ practice })} />
        {behind && (
          <Meanwhile
            wid={tools.wid}
            base={past(base)}
            now={policy.base}
            queues={tools.queues}
            onGoOn={() => setBase(policy.base)}
          />
        )}
        {read.ok && <PreviewBox preview={preview} queues={tools.queues} />}
        {asking && preview.found !== null && (
          <AskAgain found={preview.found} queues={tools.queues} onClose={() => setAsking(false)} work={publish} />
        )}
      </DialogForm>
    </Dialog>
  );
};

/** The policy that was on the screen when the editor opened: a change of somebody else meanwhile is not overwritten. */
const useFirst = (now: number | undefined): readonly [number | undefined, (next: number) => void] => {
  const [first, setFirst] = useState(now);
  if (first === undefined && now !== undefined) setFirst(now);
  return [first, setFirst];
};

interface StepProps {
  readonly number: number;
  readonly step: StepDraft;
  readonly team: TeamView;
  readonly onChange: (step: StepDraft) => void;
  readonly onRemove: () => void;
}

const Step = ({ number, step, team, onChange, onRemove }: StepProps) => (
  <li className="stack" aria-label={words.step(number)}>
    <div className="row">
      <h3 className="grow">{words.step(number)}</h3>
      <Button size="small" look="plain" onClick={onRemove} aria-label={`${words.removeStep} ${number}`}>
        {words.removeStep}
      </Button>
    </div>
    <SpanField
      label={words.stepAfter(number)}
      help={words.stepHelp}
      value={step.after}
      onValue={(after) => onChange({ ...step, after })}
    />
    <QueueGroups team={team} step={number} groups={step.groups} onChange={(groups) => onChange({ ...step, groups })} />
  </li>
);
