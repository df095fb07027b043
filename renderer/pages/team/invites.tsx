/** The invites: create, show again, revoke. */
import { UserPlus } from "lucide-react";
import { useEffect, useState } from "react";
import type { InviteView } from "#bridge/invite.ts";
import type { TeamView } from "#bridge/member.ts";
import { Button, Empty, Note, Problem } from "../../parts/basic.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { When } from "../../parts/time.tsx";
import { request, useTopicState } from "../../state/host.ts";
import { newInvite } from "../../state/panels.ts";
import { useStore } from "../../state/store.ts";
import { visibleName } from "#bridge/plain-text.ts";
import { promiseWords } from "../../text/arrivals.ts";
import { commonWords } from "../../text/common.ts";
import { reachWords } from "../../text/reach.ts";
import { inviteStateWords, inviteWords as words, teamWords } from "../../text/team.ts";
import { InviteDialog } from "./invite-dialog.tsx";
import { roleName } from "./role-name.ts";
import { factWords } from "../../text/facts.ts";

export const Invites = ({ team }: { readonly team: TeamView }) => {
  const { value: invites, error } = useTopicState("invites", team.wid);
  const [shown, setShown] = useState<InviteView | null>(null);
  const role = useStore(newInvite);
  const may = team.mine["members.invite"];
  // A dialog that this page could not show must not open when the page is seen again.
  useEffect(() => () => newInvite.set(null), []);
  const create = (
    <Button
      look="primary"
      disabled={may?.allowed === false}
      title={may && factWords(may.why)}
      icon={<UserPlus className="icon small" aria-hidden />}
      onClick={() => newInvite.set("member")}
    >
      {words.create}
    </Button>
  );
  return (
    <div className="stack">
      <Problem error={error} />
      {may?.allowed === false && <Note>{factWords(may.why)}</Note>}
      {invites === undefined ? (
        error === null && <p className="faint late">{commonWords.loading}</p>
      ) : invites.length === 0 ? (
        <Empty title={words.emptyTitle} action={create}>
          {words.empty}
        </Empty>
      ) : (
        <>
          <div className="row end">{create}</div>
          <InviteTable team={team} invites={invites} onShow={setShown} />
        </>
      )}
      {shown !== null && <InviteDialog team={team} invite={shown} onClose={() => setShown(null)} />}
      {role !== null && may?.allowed !== false && (
        <InviteDialog team={team} invite={null} firstRole={role} onClose={() => newInvite.set(null)} />
      )}
    </div>
  );
};

/** Columns that a narrow window has no room for. */
const narrowHidden: Readonly<Record<string, string>> = { [words.columns.by]: "made-by", [words.columns.used]: "used" };

const InviteTable = ({
  team,
  invites,
  onShow,
}: {
  readonly team: TeamView;
  readonly invites: readonly InviteView[];
  readonly onShow: (invite: InviteView) => void;
}) => (
  <div className="table-scroll" tabIndex={0} role="region" aria-label={teamWords.invites}>
    <table className="table invites">
      <thead>
        <tr>
          {Object.values(words.columns).map((column) => (
            <th key={column} scope="col" className={narrowHidden[column]}>
              {column}
            </th>
          ))}
          <th>
            <span className="hidden-text">{words.revoke}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {invites.map((invite) => (
          <InviteRow key={invite.id} team={team} invite={invite} onShow={onShow} />
        ))}
      </tbody>
    </table>
  </div>
);

/** Ended by something else than time: what would have been left says nothing any more. */
const over: ReadonlySet<InviteView["state"]> = new Set(["used", "revoked"]);

const tones: Record<InviteView["state"], string> = { open: "done", used: "", expired: "", revoked: "failed" };

const InviteRow = ({
  team,
  invite,
  onShow,
}: {
  readonly team: TeamView;
  readonly invite: InviteView;
  readonly onShow: (invite: InviteView) => void;
}) => {
  const [revoking, setRevoking] = useState(false);
  return (
    <tr>
      <td className="strong">
        {invite.back !== null ? words.back(invite.back) : invite.label === "" ? words.unlabeled : invite.label}
      </td>
      <td>{roleName(team, invite.role)}</td>
      <td className="made-by">{invite.createdBy}</td>
      <td className="number used">
        {words.usedOf(invite.used, invite.uses)}
        {invite.usedBy.map(({ name, waitsFor }, index) => (
          <span key={index} className="faint used-by">
            {waitsFor === null
              ? promiseWords.usedBy(visibleName(name))
              : promiseWords.usedWaits(visibleName(name), visibleName(waitsFor))}
          </span>
        ))}
      </td>
      <td>{!over.has(invite.state) && <When at={invite.expiresAt} />}</td>
      <td>
        <span className={`chip ${tones[invite.state]}`}>{inviteStateWords[invite.state]}</span>
        {invite.state === "open" && invite.oldAddress !== null && (
          <span className="chip waiting">{reachWords.oldChip}</span>
        )}
      </td>
      <td>
        {invite.state === "open" && (
          <div className="row end">
            {invite.link !== null && (
              <Button size="small" onClick={() => onShow(invite)}>
                {words.show}
              </Button>
            )}
            <Button
              size="small"
              look="danger"
              disabled={team.mine["members.invite"]?.allowed === false}
              title={team.mine["members.invite"] && factWords(team.mine["members.invite"].why)}
              onClick={() => setRevoking(true)}
            >
              {words.revoke}
            </Button>
          </div>
        )}
        <Confirm
          open={revoking}
          onClose={() => setRevoking(false)}
          title={words.revokeTitle}
          verb={words.revoke}
          work={() => request("invite.revoke", { wid: team.wid, invite: invite.id })}
        >
          {words.revokeWhy}
        </Confirm>
      </td>
    </tr>
  );
};
