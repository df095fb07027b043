/** Whoever waits to be let in, in the list of what waits, and beside it who that is. */
import { ExternalLink } from "lucide-react";
import { visibleName } from "#bridge/plain-text.ts";
import type { ArrivalView } from "#bridge/member.ts";
import { Button } from "../../parts/basic.tsx";
import { When } from "../../parts/time.tsx";
import { goTo } from "../../state/route.ts";
import { showCard } from "../../state/shell.ts";
import { arrivalWords as words } from "../../text/arrivals.ts";
import { Answer, ArrivalBody, arrivalTitle, cameWords } from "./arrival.tsx";

interface ArrivalGroupProps {
  readonly wid: string;
  readonly arrivals: readonly ArrivalView[];
  readonly current: string | null;
}

export const ArrivalGroup = ({ wid, arrivals, current }: ArrivalGroupProps) =>
  arrivals.length === 0 ? null : (
    <section aria-label={words.group}>
      <h2 className="label-caps group-title">
        {words.group} <span className="number">{arrivals.length}</span>
      </h2>
      <ul>
        {arrivals.map((arrival) => {
          const choose = () => goTo({ page: "waiting", request: arrival.member });
          return (
            <li key={arrival.member}>
              <button
                type="button"
                data-item
                className="card-row"
                aria-current={arrival.member === current ? "true" : undefined}
                onClick={choose}
                onKeyDown={(event) => {
                  // Opening decides nothing: that takes a press on one of the two answers.
                  if (event.key !== "Enter" || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
                  event.preventDefault();
                  showCard(wid, arrival.member);
                }}
                onFocus={(event) => event.target.matches(":focus-visible") && choose()}
              >
                <span className="cut grow strong">
                  {words.title(visibleName(arrival.name), visibleName(arrival.roleName))}
                </span>
                <span className="row faint">
                  <span className="cut grow">{cameWords(arrival)}</span>
                  <When at={arrival.at} />
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );

export const ArrivalDetail = ({ wid, arrival }: { readonly wid: string; readonly arrival: ArrivalView }) => (
  <div className="split-detail">
    <header className="page-head">
      <h2 className="cut">{arrivalTitle(arrival)}</h2>
      <span className="grow" />
      {arrival.outcome === null && arrival.can.allowed && (
        <Button
          icon={<ExternalLink className="icon small" aria-hidden />}
          onClick={() => showCard(wid, arrival.member)}
        >
          {words.open}
        </Button>
      )}
    </header>
    <div className="detail-scroll">
      <ArrivalBody arrival={arrival} heading="h3" />
      <Answer wid={wid} arrival={arrival} />
    </div>
  </div>
);
