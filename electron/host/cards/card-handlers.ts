import type { cardMethods } from "#bridge/card.ts";
import { practise, withdrawPractice } from "../gate/practice.ts";
import type { HandlersOf } from "../seams.ts";
import type { Cards } from "./cards.ts";
import type { Live } from "#client/live.ts";

/** Reasons that are being written. They are texts of this person and stay in memory. */
const REASONS_MAX = 100;

/** The methods `card.*` and `practice.*`. */
export const createCardHandlers = ({
  workspace,
  cards,
}: {
  /** Throws `Refusal("no-such-workspace")`. */
  readonly workspace: (wid: string) => Live;
  readonly cards: Cards;
}): HandlersOf<typeof cardMethods> => {
  const reasons = new Map<string, string>();
  return {
    "card.get": ({ wid, request }) => cards.get(workspace(wid), request),
    "card.decide": async ({ wid, request, vote, note }) => {
      await cards.decide(workspace(wid), request, vote, note);
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
      await cards.show(workspace(wid), request);
      return {};
    },
    "practice.ask": async ({ wid, ...wish }) => ({ request: await practise(workspace(wid), wish) }),
    "practice.withdraw": async ({ wid, request }) => {
      await withdrawPractice(workspace(wid), request);
      return {};
    },
  };
};
