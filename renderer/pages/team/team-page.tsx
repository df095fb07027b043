/** Who is in the workspace, what they may do and why, and the invites. */
import { Tabs } from "radix-ui";
import { Problem } from "../../parts/basic.tsx";
import { useTopicState } from "../../state/host.ts";
import { goTo } from "../../state/route.ts";
import { commonWords } from "../../text/common.ts";
import { teamWords as words } from "../../text/team.ts";
import { Invites } from "./invites.tsx";
import { Members } from "./members.tsx";

export const TeamPage = ({ wid, tab }: { readonly wid: string; readonly tab: "members" | "invites" }) => {
  const { value: team, error } = useTopicState("team", wid);
  return (
    <Tabs.Root className="tabs" value={tab} onValueChange={(next) => goTo({ page: "team", tab: next === "invites" ? "invites" : "members" })}>
      <header className="page-head">
        <h1>{words.title}</h1>
        <Tabs.List className="tab-list" aria-label={words.title}>
          <Tabs.Trigger value="members">{words.members}</Tabs.Trigger>
          <Tabs.Trigger value="invites">{words.invites}</Tabs.Trigger>
        </Tabs.List>
      </header>
      <div className="page-scroll">
        <div className="page-column">
          {team === undefined ? (
            error === null ? (
              <p className="faint late">{commonWords.loading}</p>
            ) : (
              <Problem error={error} />
            )
          ) : (
            <>
              <Tabs.Content value="members" tabIndex={-1}>
                <Members team={team} />
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
