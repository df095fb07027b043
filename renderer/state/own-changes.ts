/**
 * What this window published itself is no news to it. An editor that opened while the answer was under way stands on the
 * policy before; it goes on from the one after, instead of asking the person to read their own change.
 */
import { createStore, useStore } from "./store.ts";

/** By workspace, the position before an own change to the position after it. */
type Steps = Readonly<Record<string, ReadonlyMap<number, number>>>;
const steps = createStore<Steps>({});
/** A form stays open over a few own changes at most. */
const KEPT = 32;

export const changedHere = (
  wid: string,
  { before, after }: { readonly before: number; readonly after: number },
): void =>
  steps.update((all) => ({ ...all, [wid]: new Map([...(all[wid] ?? []), [before, after] as const].slice(-KEPT)) }));

const follow = (own: ReadonlyMap<number, number> | undefined, base: number): number => {
  const next = own?.get(base);
  // Positions only grow: what does not is no step forwards, and would go round for ever.
  return next === undefined || next <= base ? base : follow(own, next);
};

/** The position that this base stands for: itself, or behind the own changes that came right after it. */
export const pastOwn = (wid: string, base: number): number => follow(steps.get()[wid], base);

export const usePastOwn = (wid: string): ((base: number) => number) => {
  const own = useStore(steps)[wid];
  return (base) => follow(own, base);
};
