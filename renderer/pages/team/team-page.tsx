/** Who is in the workspace, what they may do and why, the roles and the invites. */
import { Tabs } from "radix-ui";
import { useEffect } from "react";
import { Button, Problem } from "../../parts/basic.tsx";
import { CompareDialog } from "../../parts/compare-dialog.tsx";
import { ApproverJoined } from "../../parts/unnamed.tsx";
import { OwnPromise } from "../../parts/own-promise.tsx";
import { useTopicState } from "../../state/host.ts";
import { comparing } from "../../state/panels.ts";
import { goTo, TEAM_TABS, type TeamTab } from "../../state/route.ts";
import { useStore } from "../../state/store.ts";
import { commonWords } from "../../text/common.ts";
import { compareWords } from "../../text/honesty.ts";
import { roleWords } from "../../text/roles.ts";
import { teamWords as words } from "../../text/team.ts";
import { Invites } from "./invites.tsx";
import { Level } from "./level.tsx";
import { Members } from "./members.tsx";
import { Roles } from "./roles.tsx";

export const TeamPage = ({ wid, tab }: { readonly wid: string; readonly tab: TeamTab }) => {
  const { value: team, error } = useTopicState("team", wid);
  const compares = useStore(comparing);
  // A dialog that this page could not show must not open when the page is seen again.
  useEffect(() => () => comparing.set(false), []);
  return (
    <Tabs.Root
      className="tabs"
      value={tab}
      onValueChange={(next) => goTo({ page: "team", tab: TEAM_TABS.find((each) => each === next) ?? "members" })}
    >
      <header className="page-head">
        <h1>{words.title}</h1>
        <Tabs.List className="tab-list" aria-label={words.title}>
          <Tabs.Trigger value="members">{words.members}</Tabs.Trigger>
          <Tabs.Trigger value="roles">{roleWords.tab}</Tabs.Trigger>
          <Tabs.Trigger value="invites">{words.invites}</Tabs.Trigger>
        </Tabs.List>
        <span className="grow" />
        <Button size="small" onClick={() => comparing.set(true)}>
          {compareWords.open}
        </Button>
      </header>
      {compares && <CompareDialog wid={wid} onClose={() => comparing.set(false)} />}
      <div className="page-scroll">
        <div className="page-column">
          <OwnPromise wid={wid} />
          {team === undefined ? (
            error === null ? (
              <p className="faint late">{commonWords.loading}</p>
            ) : (
              <Problem error={error} />
            )
          ) : (
            <>
              <ApproverJoined wid={wid} />
              <Tabs.Content value="members" tabIndex={-1}>
                <Members team={team} />
                <Level team={team} />
              </Tabs.Content>
              <Tabs.Content value="roles" tabIndex={-1}>
                <Roles team={team} />
              </Tabs.Content>
              <Tabs.Content value="invites" tabIndex={-1}>
                <Invites team={team} />
              </Tabs.Content>
            </>
          )}
        </div>
      </div>
    </Tabs.Root>
  );
};
