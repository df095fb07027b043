/** One card, whole. */
import { useEffect, useState } from "react";
import type { CardSummary, CardView } from "#bridge/card.ts";
import type { Told } from "#bridge/told.ts";
import { codeOf } from "../failure.ts";
import { request } from "./host.ts";

/** The whole card, asked for again whenever its summary changes. */
export const useCard = (
  wid: string,
  requestId: string,
  summary: CardSummary | undefined,
): { readonly card: CardView | null; readonly error: Told | null } => {
  const [loaded, setLoaded] = useState<{
    readonly of: string;
    readonly card: CardView | null;
    readonly error: Told | null;
  }>({ of: requestId, card: null, error: null });
  // Whatever of it changed: a role beside a name is read too.
  const version = JSON.stringify(summary) ?? "";
  useEffect(() => {
    let stale = false;
    request("card.get", { wid, request: requestId }).then(
      (card) => !stale && setLoaded({ of: requestId, card, error: null }),
      (error: unknown) => !stale && setLoaded({ of: requestId, card: null, error: codeOf(error) }),
    );
    return () => {
      stale = true;
    };
  }, [wid, requestId, version]);
  return loaded.of === requestId ? loaded : { card: null, error: null };
};
