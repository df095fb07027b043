/** Which messages a request holds. The request itself and the list that its person reads ask the same function. */

/** What a message takes of the budget, in tokens. */
export interface Weight {
  readonly seq: number;
  readonly from: "person" | "agent";
  readonly whole: number;
  /** With its long results cut. */
  readonly cut: number;
}
export interface Fitted<W extends Weight> {
  /** Oldest first; `cut` where its long results are. */
  readonly kept: readonly { readonly of: W; readonly cut: boolean }[];
  /** Messages that are older than these. */
  readonly left: number;
  readonly tokens: number;
}

/** From the newest message back, until the budget is used. The newest message of the person always stays. */
export const fit = <W extends Weight>(newestFirst: Iterable<W>, budget: number): Fitted<W> => {
  const kept: { of: W; cut: boolean }[] = [];
  let tokens = 0;
  let personSeen = false;
  for (const of of newestFirst) {
    const fits = tokens + of.whole <= budget;
    if (personSeen && !fits) break;
    tokens += fits ? of.whole : of.cut;
    personSeen ||= of.from === "person";
    kept.push({ of, cut: !fits });
  }
  // Providers take a request only when the person speaks first.
  for (let oldest = kept.at(-1); oldest?.of.from === "agent"; oldest = kept.at(-1)) {
    tokens -= oldest.cut ? oldest.of.cut : oldest.of.whole;
    kept.pop();
  }
  return { left: (kept.at(-1)?.of.seq ?? 1) - 1, tokens, kept: kept.toReversed() };
};
