/** What is said of a state: what it is, and sentences that stand after it. */
import type { Code, Fact } from "#core/facts/refusal.ts";

export type Says = readonly [what: Fact | Code, ...also: readonly Fact[]];
