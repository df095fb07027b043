/** Cards sorted into the groups in which people look for them. Pure. */
import type { CardSummary } from "#bridge/views.ts";
export interface CardGroups {
    readonly toDecide: readonly CardSummary[];
    readonly mine: readonly CardSummary[];
    readonly others: readonly CardSummary[];
    readonly decided: readonly CardSummary[];
}
export declare const grouped: (cards: readonly CardSummary[]) => CardGroups;
