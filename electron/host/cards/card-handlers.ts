import type { Handlers } from "../seams.ts";
import type { Cards } from "./cards.ts";
import type { Lives } from "../workspaces/lives.ts";

/** Reasons that are being written. They are texts of this person and stay in memory. */
const REASONS_MAX = 100;

/** The methods `card.*`. */
export const createCardHandlers = ({
  lives,
  cards,
}: {
  readonly lives: Lives;
  readonly cards: Cards;
}): Pick<Handlers, "card.get" | "card.decide" | "card.reason" | "card.show"> => {
  const reasons = new Map<string, string>();
  return {
    "card.get": ({ wid, request }) => cards.get(lives.get(wid), request),
    "card.decide": async ({ wid, request, vote, note }) => {
      await cards.decide(lives.get(wid), request, vote, note);
      reasons.delete(`${wid} ${request}`);
      return {};
    },
    "card.reason": ({ wid, request, reason }) => {
      const key = `${wid} ${request}`;
      if (reason === null) return { reason: reasons.get(key) ?? "" };
      reasons.delete(key);
      if (reason !== "") reasons.set(key, reason);
      for (const oldest of reasons.keys()) if (reasons.size > REASONS_MAX) reasons.delete(oldest);
      return { reason };
    },
    "card.show": async ({ wid, request }) => {
      await cards.show(lives.get(wid), request);
      return {};
    },
  };
};
