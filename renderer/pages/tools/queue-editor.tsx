/** Editing a queue. */
import { useState } from "react";
import type { QueueView, TeamView, ToolsView } from "#bridge/views.ts";
import { Button, CheckField, Problem, TextField } from "../../parts/basic.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { useAction } from "../../state/action.ts";
import { request } from "../../state/host.ts";
import { commonWords } from "../../text/common.ts";
import { queueWords as words } from "../../text/tools.ts";
import { draftOf, newQueueId, queueOf, type GroupDraft, type QueueDraft } from "./queue-draft.ts";

interface QueueEditorProps {
  readonly tools: ToolsView;
  readonly team: TeamView;
  readonly queue: QueueView | null;
  readonly onClose: () => void;
}

export const QueueEditor = ({ tools, team, queue, onClose }: QueueEditorProps) => {
  const [draft, setDraft] = useState<QueueDraft>(() => draftOf(queue));
  const [problem, setProblem] = useState<string | null>(null);
  const action = useAction("inline");
  const change = (part: Partial<QueueDraft>) => setDraft({ ...draft, ...part });
  const save = () => {
    const read = queueOf(draft, queue?.id ?? newQueueId(draft.name, tools.queues.map((each) => each.id)));
    setProblem(read.ok ? null : read.problem);
    if (read.ok) void action.run(() => request("policy.setQueue", { wid: tools.wid, queue: read.queue })).then((ok) => ok && onClose());
  };
  return (
    <Dialog open onClose={onClose} title={queue === null ? words.addTitle : words.editTitle(queue.name)}>
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <TextField label={words.name} value={draft.name} onValue={(name) => change({ name })} maxLength={80} />
        <div className="stack tight">
          <span className="field-label strong">{words.needs}</span>
          <p className="faint">{words.needsHelp}</p>
        </div>
        {draft.groups.map((group, index) => (
          <Group
            key={index}
            index={index + 1}
            group={group}
            team={team}
            onChange={(next) => change({ groups: draft.groups.map((each, at) => (at === index ? next : each)) })}
            onRemove={draft.groups.length === 1 ? null : () => change({ groups: draft.groups.filter((_, at) => at !== index) })}
          />
        ))}
        <div>
          <Button size="small" disabled={draft.groups.length >= 8} onClick={() => change({ groups: [...draft.groups, { n: "1", roles: [], members: [] }] })}>
            {words.addGroup}
          </Button>
        </div>
        <TextField label={words.deny} value={draft.deny} onValue={(deny) => change({ deny })} inputMode="numeric" />
        <div className="two">
          <TextField label={words.decide} value={draft.decide} onValue={(decide) => change({ decide })} inputMode="numeric" />
          <TextField label={words.use} value={draft.use} onValue={(use) => change({ use })} inputMode="numeric" />
        </div>
        <Problem error={problem === null ? action.problem : { code: "form", message: problem }} />
        <div className="dialog-foot">
          <Button onClick={onClose}>{commonWords.cancel}</Button>
          <Button type="submit" look="primary" busy={action.busy}>
            {words.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
};

interface GroupProps {
  readonly index: number;
  readonly group: GroupDraft;
  readonly team: TeamView;
  readonly onChange: (group: GroupDraft) => void;
  readonly onRemove: (() => void) | null;
}

const Group = ({ index, group, team, onChange, onRemove }: GroupProps) => {
  const toggled = (list: readonly string[], id: string, on: boolean) => (on ? [...list, id] : list.filter((each) => each !== id));
  return (
    <fieldset className="group">
      <legend className="hidden-text">{words.count(index)}</legend>
      <div className="stack">
        <div className="row">
          <div className="grow">
            <TextField label={words.count(index)} value={group.n} onValue={(n) => onChange({ ...group, n })} inputMode="numeric" />
          </div>
          {onRemove !== null && (
            <Button size="small" look="plain" onClick={onRemove}>
              {words.removeGroup}
            </Button>
          )}
        </div>
        <span className="label-caps">{words.roles}</span>
        <div className="checks">
          {team.roles
            .filter((role) => role.caps.includes("approvals.decide"))
            .map((role) => (
              <CheckField key={role.id} label={role.name} checked={group.roles.includes(role.id)} onChange={(on) => onChange({ ...group, roles: toggled(group.roles, role.id, on) })} />
            ))}
        </div>
        <span className="label-caps">{words.people}</span>
        <div className="checks">
          {team.members
            .filter((member) => member.active)
            .map((member) => (
              <CheckField key={member.id} label={member.name} checked={group.members.includes(member.id)} onChange={(on) => onChange({ ...group, members: toggled(group.members, member.id, on) })} />
            ))}
        </div>
      </div>
    </fieldset>
  );
};
