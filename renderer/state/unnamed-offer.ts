/** Whether the offer to ask others was put aside: kept on this computer, until somebody else comes who can approve. */
import { createStore, useStore } from "./store.ts";

const PLACE = "bulkhead-keeps-confirming";
const keyOf = (wid: string, others: readonly string[]): string => JSON.stringify([wid, others.toSorted()]);

const kept = createStore<readonly string[]>(JSON.parse(localStorage.getItem(PLACE) ?? "[]") as string[]);

export const useOfferDismissed = (wid: string, others: readonly string[]): boolean =>
  useStore(kept).includes(keyOf(wid, others));

export const dismissOffer = (wid: string, others: readonly string[]): void => {
  kept.update((all) => [...all.filter((key) => !key.startsWith(`["${wid}"`)), keyOf(wid, others)]);
  localStorage.setItem(PLACE, JSON.stringify(kept.get()));
};
