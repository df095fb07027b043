/** The region where notices appear; screen readers hear them as they come. */
import { CircleCheck, TriangleAlert, X } from "lucide-react";
import { openOfferedCard, offeredCard } from "../state/shell.ts";
import { useStore } from "../state/store.ts";
import { dismiss, toasts } from "../state/toasts.ts";
import { cardWords } from "../text/calls.ts";
import { commonWords } from "../text/common.ts";
import { Button, IconButton } from "./basic.tsx";

export const Toasts = () => {
  const all = useStore(toasts);
  const offer = useStore(offeredCard);
  return (
    <div className="toasts" role="region" aria-label="Notices" aria-live="polite">
      {offer !== null && (
        <div className="toast waiting">
          <p>{offer.text}</p>
          <Button look="primary" size="small" onClick={openOfferedCard}>
            {cardWords.open}
          </Button>
          <Dismiss onClick={() => offeredCard.set(null)} />
        </div>
      )}
      {all.map((toast) => (
        <div key={toast.id} className={`toast ${toast.tone}`} role={toast.tone === "failed" ? "alert" : undefined}>
          {toast.tone === "failed" ? <TriangleAlert className="icon small" aria-hidden /> : <CircleCheck className="icon small" aria-hidden />}
          <p>{toast.text}</p>
          <Dismiss onClick={() => dismiss(toast.id)} />
        </div>
      ))}
    </div>
  );
};

const Dismiss = ({ onClick }: { readonly onClick: () => void }) => (
  <IconButton name={commonWords.close} size="small" onClick={onClick}>
    <X className="icon small" aria-hidden />
  </IconButton>
);
