/** An act in the shell's own window. What it shows came from the shell; the click here is what it signs by. */
import { useState } from "react";
import type { ShownAct } from "#bridge/act.ts";
import { Button, Problem } from "../../parts/basic.tsx";
import { Facts } from "../../parts/facts.tsx";
import { PopupLost } from "../../parts/popup-lost.tsx";
import { useAction } from "../../state/action.ts";
import { useNow } from "../../state/clock.ts";
import { useClosing } from "../../state/closing.ts";
import { useDeliberate } from "../../state/deliberate.ts";
import { request, useShownAct } from "../../state/host.ts";
import { useSeenFor } from "../../state/seen.ts";
import { cardWords } from "../../text/calls.ts";
import { confirmActWords as words } from "../../text/confirm-act.ts";
import { actFacts } from "./act-facts.ts";

const SEEN_MS = 500;
const CLOSE_AFTER_MS = 1_500;

export interface ActPlace {
  readonly wid: string;
  readonly act: string;
}

export const PopupAct = ({ place }: { readonly place: ActPlace }) => {
  const act = useShownAct();
  const [stood, setStood] = useState(false);
  if (act !== null && !stood) setStood(true);
  return act === null ? <NoAct over={stood} /> : <OpenAct place={place} act={act} />;
};

/** `over`: it stood here, and ended without an answer. Such a window leaves, since the next one waits behind it. */
const NoAct = ({ over }: { readonly over: boolean }) => {
  useClosing(over, CLOSE_AFTER_MS);
  return (
    <PopupLost title={words.gone} late>
      <p className="quiet">{words.goneWhy}</p>
    </PopupLost>
  );
};

const OpenAct = ({ place, act }: { readonly place: ActPlace; readonly act: ShownAct }) => {
  const [said, setSaid] = useState<boolean | null>(null);
  const action = useAction("inline");
  const seen = useSeenFor(SEEN_MS);
  const deliberate = useDeliberate(seen);
  useClosing(said !== null, CLOSE_AFTER_MS);
  const shown = actFacts(act, useNow());
  const answer = (yes: boolean) =>
    void action.run(() => request("act.answer", { ...place, yes })).then((ok) => ok && setSaid(yes));
  return (
    <main className="popup" aria-labelledby="popup-title">
      <header className="popup-head">
        <p>{words.kicker}</p>
        <h1 id="popup-title">{shown.title}</h1>
      </header>
      <div className="popup-scroll">
        <Facts facts={shown.facts} />
        <p className="quiet">{shown.why}</p>
      </div>
      <footer className="popup-foot">
        <Problem error={action.problem} />
        {said !== null || action.problem !== null ? (
          <div className="row">
            <p role="status" className="outcome grow">
              {said === true ? words.signed : words.refused}
            </p>
            <Button onClick={() => window.close()}>{cardWords.closeWindow}</Button>
          </div>
        ) : (
          <div className="decide">
            <Button disabled={!seen || action.busy} onClick={(event) => deliberate(event) && answer(false)}>
              {words.no}
            </Button>
            <Button
              look="primary"
              disabled={!seen}
              busy={action.busy}
              onClick={(event) => deliberate(event) && answer(true)}
            >
              {shown.yes}
            </Button>
          </div>
        )}
      </footer>
    </main>
  );
};
