/** The popup about somebody who waits to be let in. Once it is answered, here or elsewhere, it says so and goes. */
import { Button, Problem } from "../../parts/basic.tsx";
import { PopupLost } from "../../parts/popup-lost.tsx";
import { useClosing } from "../../state/closing.ts";
import { useTopicState } from "../../state/host.ts";
import { arrivalWords as words } from "../../text/arrivals.ts";
import { cardWords } from "../../text/calls.ts";
import { Answer, ArrivalBody, arrivalTitle, cameWords } from "./arrival.tsx";

const CLOSE_AFTER_MS = 4_000;
/** Ids of members are shorter than the hashes that name requests. */
const MEMBER_ID = 22;
export const namesMember = (id: string): boolean => id.length === MEMBER_ID;

export const PopupArrival = ({ wid, member }: { readonly wid: string; readonly member: string }) => {
  const { value: arrivals, error } = useTopicState("arrivals", wid);
  const arrival = arrivals?.find((each) => each.member === member);
  const over = arrival !== undefined && arrival.outcome !== null;
  useClosing(over, CLOSE_AFTER_MS);
  if (arrivals === undefined && error === null) return <p className="full faint late">{cardWords.loading}</p>;
  if (arrival === undefined) {
    return (
      <PopupLost title={cardWords.gone}>
        <Problem error={error} />
      </PopupLost>
    );
  }
  return (
    <main className="popup" aria-labelledby="popup-title">
      <header className="popup-head">
        <p>{cameWords(arrival)}</p>
        <h1 id="popup-title">{arrivalTitle(arrival)}</h1>
      </header>
      <div className="popup-body">
        <div className="popup-scroll arrival" tabIndex={0} role="region" aria-label={words.group}>
          <ArrivalBody arrival={arrival} heading="h2" />
        </div>
      </div>
      <footer className="popup-foot">
        <Answer wid={wid} arrival={arrival} own />
        {over && <Button onClick={() => window.close()}>{cardWords.closeWindow}</Button>}
      </footer>
    </main>
  );
};
