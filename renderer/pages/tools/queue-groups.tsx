/** The groups of one step: each names roles and people, and how many of them must agree. */
import type { TeamView } from "#bridge/member.ts";
import { Button, CheckField, TextField } from "../../parts/basic.tsx";
import { queueWords as words } from "../../text/queues.ts";
import { emptyGroup, type GroupDraft } from "./queue-draft.ts";

interface QueueGroupsProps {
  readonly team: TeamView;
  /** Number of the step, from 1. */
  readonly step: number;
  readonly groups: readonly GroupDraft[];
  readonly onChange: (groups: readonly GroupDraft[]) => void;
}

const GROUPS_MAX = 8;

export const QueueGroups = ({ team, step, groups, onChange }: QueueGroupsProps) => (
  <>
    {groups.map((group, index) => (
      <Group
        key={index}
        name={step === 1 ? words.count(index + 1) : words.countIn(step, index + 1)}
        group={group}
        team={team}
        onChange={(next) => onChange(groups.map((each, at) => (at === index ? next : each)))}
        onRemove={groups.length === 1 ? null : () => onChange(groups.filter((_, at) => at !== index))}
      />
    ))}
    <div>
      <Button size="small" disabled={groups.length >= GROUPS_MAX} onClick={() => onChange([...groups, emptyGroup])}>
        {words.addGroup}
      </Button>
    </div>
  </>
);

interface GroupProps {
  readonly name: string;
  readonly group: GroupDraft;
  readonly team: TeamView;
  readonly onChange: (group: GroupDraft) => void;
  readonly onRemove: (() => void) | null;
}

const Group = ({ name, group, team, onChange, onRemove }: GroupProps) => {
  const toggled = (list: readonly string[], id: string, on: boolean) =>
    on ? [...list, id] : list.filter((each) => each !== id);
  const deciders = team.roles.filter((role) => role.caps.includes("approvals.decide"));
  return (
    <fieldset className="group">
      <legend className="hidden-text">{name}</legend>
      <div className="stack">
        <div className="row">
          <div className="grow">
            <TextField label={name} value={group.n} onValue={(n) => onChange({ ...group, n })} inputMode="numeric" />
          </div>
          {onRemove !== null && (
            <Button size="small" look="plain" onClick={onRemove}>
              {words.removeGroup}
            </Button>
          )}
        </div>
        <span className="label-caps">{words.roles}</span>
        <div className="checks">
          {deciders.map((role) => (
            <CheckField
              key={role.id}
              label={role.name}
              checked={group.roles.includes(role.id)}
              onChange={(on) => onChange({ ...group, roles: toggled(group.roles, role.id, on) })}
            />
          ))}
        </div>
        <span className="label-caps">{words.people}</span>
        <div className="checks">
          {team.members
            .filter((member) => member.active || group.members.includes(member.id))
            .map((member) => (
              <div key={member.id} className="row">
                <CheckField
                  label={member.name}
                  checked={group.members.includes(member.id)}
                  onChange={(on) => onChange({ ...group, members: toggled(group.members, member.id, on) })}
                />
                {!deciders.some((role) => role.id === member.role && member.active) && (
                  <span className="faint" title={words.cannotDecideWhy}>
                    {words.cannotDecide}
                  </span>
                )}
              </div>
            ))}
        </div>
      </div>
    </fieldset>
  );
};
