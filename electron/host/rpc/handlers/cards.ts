import { Refusal } from "../../seams.ts";
import type { Handlers } from "../../seams.ts";
import type { Cards } from "../../sync/cards.ts";
import type { Lives } from "../../sync/lives.ts";

/** The methods `card.*`. */
export const createCardHandlers = ({ lives, cards }: { readonly lives: Lives; readonly cards: Cards }): Pick<Handlers, "card.get" | "card.decide" | "card.show"> => ({
  "card.get": ({ wid, request }) => cards.get(lives.get(wid), request),
  "card.decide": async ({ wid, request, vote, note }, from) => {
    // The shell records a confirmation only for its own popup, so this would fail there too; here it says what to do.
    if (from.window !== "popup") throw new Refusal("popup-only", "Decide in the approval window: open the card there.");
    await cards.decide(lives.get(wid), request, vote, note);
    return {};
  },
  "card.show": async ({ wid, request }) => {
    await cards.show(lives.get(wid), request);
    return {};
  },
});
