/** What the shell draws of cards and of news. */
import { drop } from "#core/facts/drop.ts";

/** Where it cannot be drawn, the card is still in the list and the news on the Team page. */
export const courtesy = (drawn: Promise<unknown>): void => drop(drawn, "a window says it too");
