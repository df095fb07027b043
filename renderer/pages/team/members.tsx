/** The members, one row each, with devices and rights behind it. */
import { ChevronRight, ShieldQuestion, UserMinus } from "lucide-react";
import { useState } from "react";
import { roleAsks } from "#bridge/act.ts";
import { visibleName } from "#bridge/plain-text.ts";
import type { MemberView, TeamView } from "#bridge/member.ts";
import { Button } from "../../parts/basic.tsx";
import { Choice } from "../../parts/choice.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { When } from "../../parts/time.tsx";
import { useAction } from "../../state/action.ts";
import { request } from "../../state/host.ts";
import { confirming } from "../../state/shell.ts";
import { saidDone } from "../../state/toasts.ts";
import { personWords, teamWords as words } from "../../text/team.ts";
import { useTopic } from "../../state/host.ts";
import { arrivalWords } from "../../text/arrivals.ts";
import { levelWords } from "../../text/levels.ts";
import { Answer } from "../arrivals/arrival.tsx";
import { Devices } from "./devices.tsx";
import { Explain } from "./explain.tsx";
import { LetBack } from "./let-back.tsx";
import { roleName } from "./role-name.ts";
import { StandInChips } from "./stand-in-chips.tsx";
import { factsWords, factWords } from "../../text/facts.ts";

export const Members = ({ team }: { readonly team: TeamView }) => (
  <ul className="rows" data-list aria-label={words.members}>
    {team.members.map((member) => (
      <MemberRow key={member.id} team={team} member={member} />
    ))}
  </ul>
);

const alikeWords = ({ name, role }: MemberView["alike"][number]): string =>
  personWords.withRole(visibleName(name), role === null ? null : visibleName(role));

const MemberRow = ({ team, member }: { readonly team: TeamView; readonly member: MemberView }) => {
  const [open, setOpen] = useState(false);
  const live = member.devices.filter((device) => device.revokedAt === null).length;
  const late = member.devices.filter(({ behind }) => behind).length;
  return (
    <li className={member.active ? "row-item" : "row-item gone"}>
      <div className="row-line">
        <button type="button" data-item className="row-main" aria-expanded={open} onClick={() => setOpen(!open)}>
          <ChevronRight className={open ? "icon small turned" : "icon small"} aria-hidden />
          <span className="avatar" data-letter={member.name.slice(0, 1).toUpperCase()} />
          <span className="row-words">
            <span className="hidden-text">{words.details} </span>
            <span className="cut strong name">{member.name}</span>{" "}
            {member.me && <span className="chip">{words.you}</span>}
            {!member.active && <span className="chip failed">{words.removed}</span>}
            {member.alike.length > 0 && (
              <span className="chip waiting">{personWords.alike(member.alike.map(alikeWords))}</span>
            )}
            {member.formerly.length > 0 && (
              <span className="faint">{personWords.formerly(member.formerly.map(visibleName))}</span>
            )}
            <StandInChips team={team} member={member} />
          </span>
        </button>
        <span className="row-bits faint">
          <span className="row-bit">
            {words.deviceCount(live)}
            {late > 0 && <> · {levelWords.toUpdate(late)}</>}
          </span>
          <span className="row-bit">
            {words.joined} <When at={member.joinedAt} />
          </span>
        </span>
        <RolePick team={team} member={member} />
      </div>
      <Promised team={team} member={member} />
      {open && <Detail team={team} member={member} />}
    </li>
  );
};

/** Whoever waits for a role says so in the list, with the answers where they may be given. */
const Promised = ({ team, member }: { readonly team: TeamView; readonly member: MemberView }) => {
  const arrival = useTopic("arrivals", team.wid)?.find((each) => each.member === member.id);
  if (arrival === undefined || arrival.outcome !== null) return null;
  return (
    <div className="row wrap promised">
      <span className="chip waiting">{arrivalWords.waitsFor(visibleName(arrival.roleName))}</span>
      <Answer wid={team.wid} arrival={arrival} small />
    </div>
  );
};

const RolePick = ({ team, member }: { readonly team: TeamView; readonly member: MemberView }) => {
  const action = useAction();
  const ids = member.assignable.includes(member.role) ? member.assignable : [member.role, ...member.assignable];
  const fixed = member.assignable.length === 0 || !member.active;
  return (
    <span className="role-pick" title={fixed ? factsWords(member.roleRule) : undefined}>
      <Choice
        name={words.roleOf(member.name)}
        className="small"
        value={member.role}
        disabled={fixed || action.busy}
        title={factsWords(member.roleRule)}
        options={ids.map((id) => ({ value: id, label: roleName(team, id) }))}
        onPick={(role) =>
          void action
            .run(() => setRole(team, member, { role, from: member.role }))
            .then(
              (ok) =>
                ok && saidDone(words.changed(member.name, roleName(team, role)), () => takeBack(team, member, role)),
            )
        }
      />
    </span>
  );
};

/** Must run inside a click: who gives more than the least roles confirms it in the shell's window. */
const setRole = (team: TeamView, member: MemberView, to: { readonly role: string; readonly from: string }) => {
  const ask = () => request("member.setRole", { wid: team.wid, member: member.id, ...to });
  return roleAsks(to.role) ? confirming(ask) : ask();
};
/** Only where nobody gave another role since. */
const takeBack = async (team: TeamView, member: MemberView, from: string): Promise<string> => {
  await setRole(team, member, { role: member.role, from });
  return words.changed(member.name, roleName(team, member.role));
};

/** Each rule once: of several buttons that are off, one may be the reason. */
const whyNot = (member: MemberView): string[] => [
  ...new Set(
    [member.canRemove, ...(member.me ? [] : [member.canLetBack])]
      .filter(({ allowed }) => !allowed)
      .map(({ why }) => factWords(why)),
  ),
];

const Detail = ({ team, member }: { readonly team: TeamView; readonly member: MemberView }) => {
  const [removing, setRemoving] = useState(false);
  const [explaining, setExplaining] = useState(false);
  const leaving = member.me
    ? { verb: words.leave, title: words.leaveTitle(team.name), why: words.leaveWhy }
    : { verb: words.remove, title: words.removeTitle(member.name), why: words.removeWhy };
  return (
    <div className="row-detail">
      <Devices wid={team.wid} member={member} level={team.level.next ?? team.level.now} />
      {member.assignable.length === 0 &&
        !(member.active && factsWords(member.roleRule) === factWords(member.canRemove.why)) && (
          <p className="faint">{factsWords(member.roleRule)}</p>
        )}
      <div className="row wrap">
        <Button
          size="small"
          icon={<ShieldQuestion className="icon small" aria-hidden />}
          onClick={() => setExplaining(true)}
        >
          {member.me ? words.explainMe : words.explain}
        </Button>
        {member.active && !member.me && <LetBack team={team} member={member} />}
        {member.active && (
          <Button
            size="small"
            look="danger"
            disabled={!member.canRemove.allowed}
            title={factWords(member.canRemove.why)}
            icon={<UserMinus className="icon small" aria-hidden />}
            onClick={() => setRemoving(true)}
          >
            {leaving.verb}
          </Button>
        )}
        {member.active &&
          whyNot(member).map((why) => (
            <span key={why} className="faint">
              {why}
            </span>
          ))}
      </div>
      {explaining && <Explain team={team} member={member} onClose={() => setExplaining(false)} />}
      <Confirm
        open={removing}
        onClose={() => setRemoving(false)}
        title={leaving.title}
        verb={leaving.verb}
        work={() => request("member.remove", { wid: team.wid, member: member.id })}
      >
        {leaving.why}
      </Confirm>
    </div>
  );
};
