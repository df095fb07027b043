/** The new computer: a code is looked at first, and only a click connects. Then the number, and the workspace. */
import { useEffect, useState } from "react";
import type { PairArrival, PairPreview } from "#bridge/pairing.ts";
import { Button, Note, TextField } from "../../parts/basic.tsx";
import { Facts } from "../../parts/facts.tsx";
import { CodeField, StepForm } from "../../parts/step-form.tsx";
import { attempt, useAction } from "../../state/action.ts";
import { request, useTopic } from "../../state/host.ts";
import { usePasted } from "../../state/pasted.ts";
import { chooseWorkspace } from "../../state/route.ts";
import { joinWords } from "../../text/app.ts";
import { commonWords } from "../../text/common.ts";
import { arriveWords as words, readable } from "../../text/pair.ts";

interface ArriveFormProps {
  /** A code that came from outside, not yet trusted. */
  readonly pendingLink: string | null;
  readonly onBack: () => void;
  readonly inDialog?: boolean;
}

/** Whether a link from outside is the code of another computer of this person, by its looks. */
export const isPairLink = (link: string | null): boolean => link !== null && link.startsWith("bulkhead://pair");

export const ArriveForm = ({ pendingLink, onBack, inDialog = false }: ArriveFormProps) => {
  const pasted = usePasted(pendingLink, (code) => request("pair.inspect", { code }));
  const arrival = useTopic("pairing")?.arrival ?? null;
  const leave = () => {
    pasted.take();
    if (arrival !== null) attempt(() => request("pair.stop", {}));
    onBack();
  };
  const again = () => {
    pasted.take();
    attempt(() => request("pair.stop", {}));
    pasted.clear();
  };
  if (arrival !== null) return <Arriving arrival={arrival} onAgain={again} onLeave={leave} onDone={onBack} />;
  if (pasted.preview !== null)
    return <ConfirmArrival preview={pasted.preview} code={pasted.text.trim()} onBack={leave} />;
  return (
    <StepForm
      title={inDialog ? null : words.title}
      action={pasted.action}
      back={inDialog || pendingLink !== null ? joinWords.notNow : commonWords.back}
      onBack={leave}
      verb={words.look}
      onNext={pasted.look}
      disabled={pasted.text.trim() === ""}
    >
      <CodeField label={words.code} help={words.codeHelp} value={pasted.text} onValue={pasted.setText} />
    </StepForm>
  );
};

const ConfirmArrival = ({
  preview,
  code,
  onBack,
}: {
  readonly preview: PairPreview;
  readonly code: string;
  readonly onBack: () => void;
}) => {
  const [name, setName] = useState(preview.name ?? words.ownName);
  const action = useAction("inline");
  const missing = name.trim() === "";
  const connect = () =>
    void action.run(async () => {
      if (!preview.alreadyHere) return request("pair.arrive", { code, name: name.trim() });
      chooseWorkspace(preview.wid);
      return onBack();
    });
  return (
    <StepForm
      title={words.confirmTitle}
      action={action}
      back={joinWords.notNow}
      onBack={onBack}
      verb={preview.alreadyHere ? words.open : words.connect}
      onNext={() => {
        if (!missing || preview.alreadyHere) connect();
      }}
    >
      <Facts facts={[[words.server, preview.server]]} framed />
      {!preview.alreadyHere && (
        <TextField
          label={words.name}
          help={words.nameHelp}
          value={name}
          onValue={setName}
          maxLength={80}
          problem={missing ? words.nameNeeded : null}
        />
      )}
      <Note>{preview.alreadyHere ? words.already : words.confirmWhy}</Note>
    </StepForm>
  );
};

interface ArrivingProps {
  readonly arrival: PairArrival;
  readonly onAgain: () => void;
  readonly onLeave: () => void;
  readonly onDone: () => void;
}

const Arriving = ({ arrival, onAgain, onLeave, onDone }: ArrivingProps) => {
  const { step } = arrival;
  useEffect(() => {
    if (step === "done") onDone();
    // Once, when it is done.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [step]);

  if (arrival.step === "ended")
    return (
      <StepForm
        title={words.endedTitle}
        problem={arrival.reason}
        back={joinWords.notNow}
        onBack={onLeave}
        verb={words.again}
        onNext={onAgain}
      />
    );
  if (arrival.step === "compare") return <Number arrival={arrival} onLeave={onLeave} />;
  return (
    <div className="stack wide">
      <h1>{words.confirmTitle}</h1>
      <p role="status" className="quiet">
        {arrival.step === "connecting"
          ? words.connecting(arrival.server)
          : arrival.step === "reading"
            ? words.reading(arrival.workspace)
            : words.done(arrival.workspace)}
      </p>
      {arrival.step === "connecting" && (
        <div className="row">
          <Button onClick={onLeave}>{commonWords.cancel}</Button>
        </div>
      )}
    </div>
  );
};

const Number = ({
  arrival,
  onLeave,
}: {
  readonly arrival: Extract<PairArrival, { step: "compare" }>;
  readonly onLeave: () => void;
}) => (
  <div className="stack wide">
    <h1>{words.compareTitle}</h1>
    <p className="pair-number" role="status" aria-label={`${words.number}: ${readable(arrival.number)}`}>
      {readable(arrival.number)}
    </p>
    <p>{words.compareWhy}</p>
    <Facts
      framed
      facts={[
        [words.workspace, arrival.workspace],
        [words.person, arrival.person],
        [words.server, arrival.server],
      ]}
    />
    <div className="row">
      <Button onClick={onLeave}>{commonWords.cancel}</Button>
    </div>
  </div>
);
