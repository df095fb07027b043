/** The computer that is in the workspace: a code for another one, then the number, then done. */
import { toDataURL } from "qrcode";
import { useEffect, useState } from "react";
import type { PairOffer } from "#bridge/pairing.ts";
import { Button, Field, Note, Problem } from "../../parts/basic.tsx";
import { Boundary } from "../../parts/boundary.tsx";
import { CopyButton } from "../../parts/copy-button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Countdown } from "../../parts/time.tsx";
import { attempt, useAction } from "../../state/action.ts";
import { request, useTopic } from "../../state/host.ts";
import { addingDevice } from "../../state/panels.ts";
import { showNumber } from "../../state/shell.ts";
import { useStore } from "../../state/store.ts";
import { commonWords } from "../../text/common.ts";
import { offerWords as words } from "../../text/pair.ts";

export const AddDevice = ({ wid }: { readonly wid: string }) => {
  const open = useStore(addingDevice);
  return open ? <OfferDialog wid={wid} /> : null;
};

const titles: Partial<Record<PairOffer["step"], string>> = {
  compare: words.compareTitle,
  done: words.doneTitle,
  ended: words.endedTitle,
};

const OfferDialog = ({ wid }: { readonly wid: string }) => {
  const action = useAction("inline");
  const told = useTopic("pairing")?.offer;
  const offer = told !== undefined && told !== null && told.wid === wid ? told : null;
  const start = () => void action.run(() => request("pair.offer", { wid }));
  const close = () => {
    addingDevice.set(false);
    attempt(() => request("pair.stop", {}));
  };
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- one code for each opening of the dialog
  useEffect(start, [wid]);
  const step = offer?.step ?? "opening";
  return (
    <Dialog
      open
      wide={step === "waiting"}
      onClose={close}
      title={titles[step] ?? words.title}
      {...(step === "waiting" ? { description: words.why } : {})}
    >
      {offer === null ? (
        <Opening problem={action.problem} onAgain={start} />
      ) : (
        <Step offer={offer} onAgain={start} onClose={close} />
      )}
    </Dialog>
  );
};

const Opening = ({
  problem,
  onAgain,
}: {
  readonly problem: Parameters<typeof Problem>[0]["error"];
  readonly onAgain: () => void;
}) =>
  problem === null ? (
    <p role="status" className="quiet late">
      {words.opening}
    </p>
  ) : (
    <>
      <Problem error={problem} />
      <div className="dialog-foot">
        <Button onClick={onAgain}>{words.again}</Button>
      </div>
    </>
  );

interface StepProps {
  readonly offer: PairOffer;
  readonly onAgain: () => void;
  readonly onClose: () => void;
}

const Step = ({ offer, onAgain, onClose }: StepProps) => {
  switch (offer.step) {
    case "opening":
      return <Opening problem={null} onAgain={onAgain} />;
    case "waiting":
      return <Waiting offer={offer} onClose={onClose} />;
    case "here":
      return <Status text={words.here} onClose={onClose} />;
    case "compare":
      return <Compare name={offer.name} onClose={onClose} />;
    case "adding":
      return <Status text={words.adding(offer.name)} onClose={onClose} />;
    case "done":
      return (
        <>
          <p role="status">{words.done(offer.name)}</p>
          <div className="dialog-foot">
            <Button look="primary" onClick={onClose}>
              {words.close}
            </Button>
          </div>
        </>
      );
    case "ended":
      return (
        <>
          <Problem error={offer.reason} />
          <div className="dialog-foot">
            <Button onClick={onClose}>{commonWords.close}</Button>
            <Button look="primary" onClick={onAgain}>
              {words.again}
            </Button>
          </div>
        </>
      );
  }
};

const Status = ({ text, onClose }: { readonly text: string; readonly onClose: () => void }) => (
  <>
    <p role="status" className="quiet">
      {text}
    </p>
    <div className="dialog-foot">
      <Button onClick={onClose}>{words.stop}</Button>
    </div>
  </>
);

const Waiting = ({
  offer,
  onClose,
}: {
  readonly offer: Extract<PairOffer, { step: "waiting" }>;
  readonly onClose: () => void;
}) => {
  const [qr, setQr] = useState<string | null>(null);
  const { link } = offer;
  useEffect(() => {
    // A long address of the server can be more than a QR code holds; the code itself remains.
    toDataURL(link, { margin: 2, width: 352, errorCorrectionLevel: "L" }).then(setQr, () => setQr(null));
  }, [link]);
  return (
    <>
      <Boundary side="leaves" text={words.leaves} />
      <div className="invite-link">
        <div className="stack grow">
          <p>{words.how(commonWords.product)}</p>
          <Field label={words.code}>
            {(wiring) => (
              <span className="row">
                <input
                  className="input mono grow"
                  readOnly
                  value={link}
                  onFocus={(event) => event.target.select()}
                  {...wiring}
                />
                <CopyButton text={() => link} name={words.copy} withWord />
              </span>
            )}
          </Field>
          <p className="faint" role="status">
            <Countdown until={offer.expiresAt} here /> {words.left}
          </p>
        </div>
        {qr !== null && <img className="qr" src={qr} alt={words.qr} width={176} height={176} />}
      </div>
      {offer.nearby && <Note>{words.nearby}</Note>}
      <div className="dialog-foot">
        <Button onClick={onClose}>{words.stop}</Button>
      </div>
    </>
  );
};

const Compare = ({ name, onClose }: { readonly name: string; readonly onClose: () => void }) => (
  <>
    <p role="status">{words.compareWhy(name)}</p>
    <div className="dialog-foot">
      <Button onClick={onClose}>{words.stop}</Button>
      <Button look="primary" onClick={showNumber}>
        {words.compare}
      </Button>
    </div>
  </>
);
