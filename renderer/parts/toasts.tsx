/** The region where notices appear; screen readers hear them as they come. */
import { CircleCheck, Hand, Info, TriangleAlert, X } from "lucide-react";
import { useEffect } from "react";
import { offeredCard, useCardOffer } from "../state/card-offer.ts";
import { modKey } from "../state/keys.ts";
import { othersForMe } from "../state/card-groups.ts";
import { useRow, useTopic } from "../state/host.ts";
import { offerWordsOf, type CardOffer } from "../state/offer.ts";
import { useRoute } from "../state/route.ts";
import { useSeenFor } from "../state/seen.ts";
import { confirmWaits, openOfferedCard, showConfirm } from "../state/shell.ts";
import { useStore } from "../state/store.ts";
import { dismiss, toasts, undo } from "../state/toasts.ts";
import type { Toast } from "../state/toasts.ts";
import { cardWords } from "../text/calls.ts";
import { commonWords } from "../text/common.ts";
import { confirmActWords } from "../text/confirm-act.ts";
import { Button, IconButton, Key } from "./basic.tsx";

/** Long enough to be noticed. The count beside "Waiting" stays, so nothing is lost when the offer goes. */
const OFFER_MS = 30_000;

export const Toasts = ({ wid }: { readonly wid: string | undefined }) => {
  const all = useStore(toasts);
  return (
    <div className="toasts" role="region" aria-label={commonWords.notices} aria-live="polite">
      {wid !== undefined && <Offered wid={wid} />}
      <ConfirmWaits />
      {all.map((toast) => (
        <div key={toast.id} className={`toast ${toast.tone}`} role={toast.tone === "failed" ? "alert" : undefined}>
          <ToneIcon tone={toast.tone} />
          <p>{toast.text}</p>
          {toast.undo !== undefined && (
            <Button size="small" onClick={() => undo(toast)}>
              {commonWords.undo}
              <Key>{`${modKey} Z`}</Key>
            </Button>
          )}
          <Dismiss onClick={() => dismiss(toast.id)} />
        </div>
      ))}
    </div>
  );
};

const ConfirmWaits = () =>
  useStore(confirmWaits) && (
    <div className="toast waiting">
      <Hand className="icon small" aria-hidden />
      <p>{confirmActWords.waits}</p>
      {showConfirm !== null && (
        <Button size="small" onClick={showConfirm}>
          {confirmActWords.show}
        </Button>
      )}
    </div>
  );

const icons = { failed: TriangleAlert, done: CircleCheck, told: Info };
const ToneIcon = ({ tone }: { readonly tone: Toast["tone"] }) => {
  const Icon = icons[tone];
  return <Icon className="icon small" aria-hidden />;
};

const Offered = ({ wid }: { readonly wid: string }) => {
  const offer = useCardOffer(wid);
  const { page } = useRoute();
  // The page of waiting cards shows the card itself, with the same button.
  if (offer === null || (page === "waiting" && !offer.blocked)) return null;
  return <Offer key={offer.card.request} offer={offer} />;
};

const Offer = ({ offer }: { readonly offer: CardOffer }) => {
  const seen = useSeenFor(OFFER_MS);
  const cards = useTopic("cards", offer.card.wid);
  const card = useRow("cards", offer.card.wid, offer.card.request);
  const arrivals = useTopic("arrivals", offer.card.wid) ?? [];
  useEffect(() => {
    if (seen) offeredCard.set(null);
  }, [seen]);
  return (
    <div className="toast waiting">
      <Hand className="icon small" aria-hidden />
      <p>{offerWordsOf(offer, card, cards === undefined ? 0 : othersForMe(cards, card), arrivals)}</p>
      <Button look="primary" size="small" onClick={openOfferedCard}>
        {cardWords.open}
      </Button>
      <Dismiss onClick={() => offeredCard.set(null)} />
    </div>
  );
};

const Dismiss = ({ onClick }: { readonly onClick: () => void }) => (
  <IconButton name={commonWords.close} size="small" onClick={onClick}>
    <X className="icon small" aria-hidden />
  </IconButton>
);
