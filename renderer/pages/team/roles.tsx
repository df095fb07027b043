/** The roles: what each allows and who has it. Custom ones can be defined and changed; none can be deleted. */
import { Check, ChevronRight, Pencil, Plus } from "lucide-react";
import { useState } from "react";
import type { RoleView } from "#bridge/role.ts";
import type { TeamView } from "#bridge/member.ts";
import { Button, Note } from "../../parts/basic.tsx";
import { capabilityGroups, roleWords as words } from "../../text/roles.ts";
import { capabilityWords } from "../../text/team.ts";
import { RoleDialog } from "./role-dialog.tsx";
import { factWords } from "../../text/facts.ts";

/** Two roles of the same rights: what differs is asked of the role itself. */
const OWNER = "owner";
const ADMIN = "admin";

const holdersOf = (team: TeamView, role: string): string[] =>
  team.members.filter((member) => member.active && member.role === role).map((member) => member.name);

export const Roles = ({ team }: { readonly team: TeamView }) => {
  const [editing, setEditing] = useState<RoleView | "new" | null>(null);
  const may = team.mine["members.assign"];
  return (
    <div className="stack">
      {may?.allowed === false && <Note>{factWords(may.why)}</Note>}
      <div className="row end">
        <Button
          look="primary"
          disabled={may?.allowed !== true}
          title={may && factWords(may.why)}
          icon={<Plus className="icon small" aria-hidden />}
          onClick={() => setEditing("new")}
        >
          {words.create}
        </Button>
      </div>
      <ul className="rows" data-list aria-label={words.list}>
        {team.roles.map((role) => (
          <RoleRow key={role.id} team={team} role={role} onChange={() => setEditing(role)} />
        ))}
      </ul>
      {editing !== null && (
        <RoleDialog
          team={team}
          role={editing === "new" ? null : editing}
          holders={editing === "new" ? [] : holdersOf(team, editing.id)}
          onClose={() => setEditing(null)}
        />
      )}
    </div>
  );
};

const RoleRow = ({
  team,
  role,
  onChange,
}: {
  readonly team: TeamView;
  readonly role: RoleView;
  readonly onChange: () => void;
}) => {
  const [open, setOpen] = useState(false);
  const holders = holdersOf(team, role.id);
  return (
    <li className="row-item">
      <div className="row-line">
        <button type="button" data-item className="row-main" aria-expanded={open} onClick={() => setOpen(!open)}>
          <ChevronRight className={open ? "icon small turned" : "icon small"} aria-hidden />
          <span className="row-words">
            <span className="hidden-text">{words.details} </span>
            <span className="cut strong">{role.name}</span>{" "}
            {role.builtIn && <span className="chip">{words.builtIn}</span>}
          </span>
        </button>
        <span className="faint row-bit cut holders" title={holders.join(", ")}>
          {holders.length === 0 ? words.nobody : words.holders(holders)}
        </span>
        <span className="faint number">
          {words.rightCount(role.caps.length)}
          {role.id === OWNER && ` ${words.ownersToo(words.owners.length)}`}
        </span>
      </div>
      {open && (
        <div className="row-detail">
          <p className="holders-line quiet">{holders.length === 0 ? words.nobody : words.holders(holders)}</p>
          <RightList role={role} />
          {role.id === ADMIN && <p className="quiet">{words.adminsNot}</p>}
          {role.change.allowed ? (
            <div className="row wrap">
              <Button size="small" icon={<Pencil className="icon small" aria-hidden />} onClick={onChange}>
                {words.change}
              </Button>
            </div>
          ) : (
            <p className="faint">{factWords(role.change.why)}</p>
          )}
          {!role.builtIn && <p className="faint">{words.keeps}</p>}
        </div>
      )}
    </li>
  );
};

const RightList = ({ role }: { readonly role: RoleView }) => {
  const groups = capabilityGroups
    .map(({ title, capabilities }) => ({
      title,
      held: capabilities.filter((capability) => role.caps.includes(capability)),
    }))
    .filter(({ held }) => held.length > 0);
  const all: { readonly title: string; readonly held: readonly string[] }[] = [
    ...groups,
    ...(role.id === OWNER ? [{ title: words.ownersTitle, held: words.owners }] : []),
  ];
  if (groups.length === 0) return <p className="faint">{words.none}</p>;
  return (
    <div className="right-groups" role="group" aria-label={words.allows(role.name)}>
      {all.map(({ title, held }) => (
        <section key={title} className="stack tight">
          <h2 className="label-caps">{title}</h2>
          <ul className="rights">
            {held.map((capability) => (
              <li key={capability} className="row">
                <Check className="icon small" aria-hidden />
                {capabilityWords[capability] ?? capability}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
};
