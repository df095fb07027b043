/** The new computer: a code is looked at first, and only a click connects. Then the number, and the workspace. */
import { useEffect, useState } from "react";
import type { PairArrival, PairPreview } from "#bridge/pair-views.ts";
import { Button, Field, Note, Problem, TextField } from "../../parts/basic.tsx";
import { attempt, useAction } from "../../state/action.ts";
import { request, useTopic } from "../../state/host.ts";
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
  const [code, setCode] = useState(pendingLink ?? "");
  const [preview, setPreview] = useState<PairPreview | null>(null);
  const arrival = useTopic("pairing")?.arrival ?? null;
  const action = useAction("inline");

  const look = (text: string) => void action.run(async () => setPreview(await request("pair.inspect", { code: text.trim() })));
  const leave = () => {
    if (pendingLink !== null) attempt(() => request("link.take", {}));
    if (arrival !== null) attempt(() => request("pair.stop", {}));
    onBack();
  };
  const again = () => {
    if (pendingLink !== null) attempt(() => request("link.take", {}));
    attempt(() => request("pair.stop", {}));
    setPreview(null);
    setCode("");
  };

  useEffect(() => {
    if (pendingLink === null) return;
    setCode(pendingLink);
    setPreview(null);
    look(pendingLink);
    // Looks once for each code that arrives.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [pendingLink]);

  if (arrival !== null) return <Arriving arrival={arrival} onAgain={again} onLeave={leave} onDone={onBack} />;
  if (preview !== null) return <ConfirmArrival preview={preview} code={code.trim()} onBack={leave} />;
  return (
    <form
      className="stack wide"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        look(code);
      }}
    >
      {!inDialog && <h1>{words.title}</h1>}
      <Field label={words.code} help={words.codeHelp}>
        {(wiring) => <textarea className="input code" rows={4} value={code} onChange={(event) => setCode(event.target.value)} spellCheck={false} autoFocus {...wiring} />}
      </Field>
      <Problem error={action.problem} />
      <div className="row">
        <Button onClick={leave}>{inDialog || pendingLink !== null ? joinWords.notNow : commonWords.back}</Button>
        <span className="grow" />
        <Button type="submit" look="primary" busy={action.busy} disabled={code.trim() === ""}>
          {words.look}
        </Button>
      </div>
    </form>
  );
};

const ConfirmArrival = ({ preview, code, onBack }: { readonly preview: PairPreview; readonly code: string; readonly onBack: () => void }) => {
  const [name, setName] = useState(preview.name);
  const action = useAction("inline");
  const missing = name.trim() === "";
  const connect = () =>
    void action.run(async () => {
      if (!preview.alreadyHere) return request("pair.arrive", { code, name: name.trim() });
      chooseWorkspace(preview.wid);
      return onBack();
    });
  return (
    <form
      className="stack wide"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!missing || preview.alreadyHere) connect();
      }}
    >
      <h1>{words.confirmTitle}</h1>
      <dl className="facts framed">
        <div>
          <dt>{words.server}</dt>
          <dd className="mono">{preview.server}</dd>
        </div>
      </dl>
      {!preview.alreadyHere && <TextField label={words.name} help={words.nameHelp} value={name} onValue={setName} maxLength={80} problem={missing ? words.nameNeeded : null} />}
      <Note>{preview.alreadyHere ? words.already : words.confirmWhy}</Note>
      <Problem error={action.problem} />
      <div className="row">
        <Button onClick={onBack}>{joinWords.notNow}</Button>
        <span className="grow" />
        <Button type="submit" look="primary" busy={action.busy}>
          {preview.alreadyHere ? words.open : words.connect}
        </Button>
      </div>
    </form>
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

  if (arrival.step === "ended") {
    return (
      <div className="stack wide">
        <h1>{words.endedTitle}</h1>
        <Problem error={arrival.reason} />
        <div className="row">
          <Button onClick={onLeave}>{joinWords.notNow}</Button>
          <span className="grow" />
          <Button look="primary" onClick={onAgain}>
            {words.again}
          </Button>
        </div>
      </div>
    );
  }
  if (arrival.step === "compare") return <Number arrival={arrival} onLeave={onLeave} />;
  return (
    <div className="stack wide">
      <h1>{words.confirmTitle}</h1>
      <p role="status" className="quiet">
        {arrival.step === "connecting" ? words.connecting(arrival.server) : arrival.step === "reading" ? words.reading(arrival.workspace) : words.done(arrival.workspace)}
      </p>
      {arrival.step === "connecting" && (
        <div className="row">
          <Button onClick={onLeave}>{commonWords.cancel}</Button>
        </div>
      )}
    </div>
  );
};

const Number = ({ arrival, onLeave }: { readonly arrival: Extract<PairArrival, { step: "compare" }>; readonly onLeave: () => void }) => (
  <div className="stack wide">
    <h1>{words.compareTitle}</h1>
    <p className="pair-number" role="status" aria-label={`${words.number}: ${readable(arrival.number)}`}>
      {readable(arrival.number)}
    </p>
    <p>{words.compareWhy}</p>
    <dl className="facts framed">
      {[
        [words.workspace, arrival.workspace],
        [words.person, arrival.person],
        [words.server, arrival.server],
      ].map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
    <div className="row">
      <Button onClick={onLeave}>{commonWords.cancel}</Button>
    </div>
  </div>
);
