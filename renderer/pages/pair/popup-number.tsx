/** The number in the shell's own window. What it shows came from the shell; the click here is what it signs by. */
import { useState } from "react";
import { visibleName } from "#bridge/plain-text.ts";
import { Button, Problem } from "../../parts/basic.tsx";
import { Facts } from "../../parts/facts.tsx";
import { PopupLost } from "../../parts/popup-lost.tsx";
import { useAction } from "../../state/action.ts";
import { useClosing } from "../../state/closing.ts";
import { useDeliberate } from "../../state/deliberate.ts";
import { request, useShownPairing } from "../../state/host.ts";
import { useSeenFor } from "../../state/seen.ts";
import { cardWords } from "../../text/calls.ts";
import { compareWords as words, readable } from "../../text/pair.ts";

const SEEN_MS = 500;
const CLOSE_AFTER_MS = 2_500;

export interface PairingPlace {
  readonly wid: string;
  readonly pairing: string;
}

export const PopupNumber = ({ place }: { readonly place: PairingPlace }) => {
  const shown = useShownPairing();
  const [said, setSaid] = useState<"same" | "differs" | null>(null);
  const action = useAction("inline");
  const seen = useSeenFor(SEEN_MS);
  const deliberate = useDeliberate(seen);
  useClosing(said !== null, CLOSE_AFTER_MS);

  if (shown === null) {
    return (
      <PopupLost title={words.gone} late>
        <p className="quiet">{words.goneWhy}</p>
      </PopupLost>
    );
  }
  const answer = (same: boolean) =>
    void action
      .run(() => request("pair.answer", { ...place, same }))
      .then((ok) => ok && setSaid(same ? "same" : "differs"));
  return (
    <main className="popup" aria-labelledby="popup-title">
      <header className="popup-head">
        <p>{words.kicker}</p>
        <h1 id="popup-title">{words.title}</h1>
      </header>
      <div className="popup-scroll">
        <p className="pair-number" aria-label={`${words.number}: ${readable(shown.number)}`}>
          {readable(shown.number)}
        </p>
        <Facts facts={[[words.name, visibleName(shown.name)]]} />
        <p className="quiet">{words.why}</p>
      </div>
      <footer className="popup-foot">
        <Problem error={action.problem} />
        {said !== null || action.problem !== null ? (
          <div className="row">
            <p role="status" className="outcome grow">
              {said === "same" ? words.added : words.refused}
            </p>
            <Button onClick={() => window.close()}>{cardWords.closeWindow}</Button>
          </div>
        ) : (
          <div className="decide">
            <Button
              look="danger"
              disabled={!seen || action.busy}
              onClick={(event) => deliberate(event) && answer(false)}
            >
              {words.differs}
            </Button>
            <Button
              look="primary"
              disabled={!seen}
              busy={action.busy}
              onClick={(event) => deliberate(event) && answer(true)}
            >
              {words.same}
            </Button>
          </div>
        )}
      </footer>
    </main>
  );
};
