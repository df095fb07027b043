/** Somebody who waits for a role: who they are, how they came, what the role may do, and the two answers. */
import { BUILT_IN_ROLES } from "#core/rules/roles.ts";
import { Check } from "lucide-react";
import { roleAsks } from "#bridge/act.ts";
import { visibleName } from "#bridge/plain-text.ts";
import type { ArrivalView } from "#bridge/member.ts";
import { Button, Problem } from "../../parts/basic.tsx";
import { Facts } from "../../parts/facts.tsx";
import { PersonMark } from "../../parts/person-mark.tsx";
import { When } from "../../parts/time.tsx";
import { useAction } from "../../state/action.ts";
import { outcomeWords } from "../../state/arrivals.ts";
import { useDeliberate } from "../../state/deliberate.ts";
import { confirming } from "../../state/shell.ts";
import { request } from "../../state/host.ts";
import { useSeenFor } from "../../state/seen.ts";
import { arrivalWords as words } from "../../text/arrivals.ts";
import { capabilityWords } from "../../text/team.ts";
import { roleActWords } from "../../text/confirm-act.ts";
import { factWords } from "../../text/facts.ts";

/** A built-in role by the id that a yes here gives, and not by a name that came with it. */
export const roleShown = ({ role, roleName }: ArrivalView): string =>
  BUILT_IN_ROLES.find(({ id }) => id === role)?.name ?? roleActWords.ownRole(visibleName(roleName));

/** What stands above: who waits for what, and of whom nothing waits any more the name alone. */
export const arrivalTitle = (arrival: ArrivalView): string => {
  const name = visibleName(arrival.name);
  return arrival.outcome === null ? words.title(name, roleShown(arrival)) : name;
};

/** What was shown for so long was not put under the pointer by its own coming. */
const SEEN_MS = 500;

export const cameWords = ({ back, invitedBy }: ArrivalView): string => {
  const said = back ? words.back : words.joined;
  return invitedBy === null ? said.unknown : invitedBy.me ? said.mine : said.of(visibleName(invitedBy.name));
};

/** `heading` comes below that of the place where it stands. */
export const ArrivalBody = ({
  arrival,
  heading: Heading,
}: {
  readonly arrival: ArrivalView;
  readonly heading: "h2" | "h3";
}) => {
  const [name, role] = [visibleName(arrival.name), roleShown(arrival)];
  return (
    <>
      <Facts
        facts={[
          [
            words.person,
            <span key="p">
              <span className="strong">{name}</span> <PersonMark mark={arrival.mark} />
            </span>,
          ],
          [
            words.came,
            <span key="c">
              {cameWords(arrival)}, <When at={arrival.at} />
            </span>,
          ],
        ]}
      />
      {arrival.outcome === null && <p className="quiet">{words.why(name, role)}</p>}
      <section className="stack tight" aria-label={words.allows(role)}>
        <Heading className="label-caps">{words.allows(role)}</Heading>
        {arrival.caps.length === 0 ? (
          <p className="faint">{words.nothing}</p>
        ) : (
          <ul className="rights">
            {arrival.caps.map((capability) => (
              <li key={capability} className="row">
                <Check className="icon small" aria-hidden />
                {capabilityWords[capability] ?? capability}
              </li>
            ))}
          </ul>
        )}
      </section>
    </>
  );
};

interface AnswerProps {
  readonly wid: string;
  readonly arrival: ArrivalView;
  readonly small?: boolean;
  /** It stands in the shell's own window: a click there is what the shell signs by, and no other window is asked for. */
  readonly own?: boolean;
}

/** No key answers by itself, and a press counts only where it began on what was there to be seen. */
export const Answer = ({ wid, arrival, small, own }: AnswerProps) => {
  const action = useAction("inline");
  const seen = useSeenFor(SEEN_MS);
  const deliberate = useDeliberate(seen);
  const { member, role, outcome, can, who } = arrival;
  const size = small === true ? "small" : undefined;
  if (outcome !== null)
    return (
      <p role="status" className="outcome">
        {outcomeWords(arrival)}
      </p>
    );
  if (!can.allowed)
    return (
      <p className="quiet">
        {arrival.me ? words.whoCan(who) : `${words.cannot}: ${factWords(can.why)} ${words.whoCan(who)}`}
      </p>
    );
  const send = (method: "member.givePromised" | "member.refusePromised") =>
    void action.run(() => {
      const ask = () => request(method, { wid, member, role });
      return own !== true && method === "member.givePromised" && roleAsks(role) ? confirming(ask) : ask();
    });
  return (
    <>
      <Problem error={action.problem} />
      <div className={small === true ? "row wrap" : "decide"}>
        <Button
          size={size}
          look="danger"
          disabled={!seen || action.busy}
          onClick={(event) => deliberate(event) && send("member.refusePromised")}
        >
          {words.refuse}
        </Button>
        <Button
          size={size}
          look="primary"
          disabled={!seen}
          busy={action.busy}
          onClick={(event) => deliberate(event) && send("member.givePromised")}
        >
          {words.give(roleShown(arrival))}
        </Button>
      </div>
      {small !== true && <p className="faint">{words.stays}</p>}
    </>
  );
};
