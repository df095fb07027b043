/** Everybody sees who decides in whose place. */
import type { MemberView, TeamView } from "#bridge/member.ts";
import { useServerNow } from "../../state/server-clock.ts";
import { clockWords } from "../../text/common.ts";
import { standInWords as words } from "../../text/stand-in.ts";

export const StandInChips = ({ team, member }: { readonly team: TeamView; readonly member: MemberView }) => {
  const now = useServerNow();
  const name = (id: string) => team.members.find((each) => each.id === id)?.name ?? id;
  return team.standIns
    .filter((each) => each.member === member.id || each.to === member.id)
    .map((each) => (
      <span
        key={`${each.member} ${each.to}`}
        className="chip accent"
        title={words.untilTitle(clockWords(each.until, now))}
      >
        {each.member === member.id
          ? member.me
            ? words.chipMine(name(each.to))
            : words.chipTo(name(each.to))
          : words.chipFor(name(each.member))}
      </span>
    ));
};
