/** What is said of a state: what it is, and sentences that stand after it. */
import type { Fact } from "#core/facts/refusal.ts";

export type Says = readonly [what: Fact, ...also: readonly Fact[]];
