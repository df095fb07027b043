import type { Verdict } from "#bridge/answer.ts";
import { refused } from "#bridge/refused.ts";

/** Refuses by the rule, before anything is signed. The server judges again, at its own position. */
export const needs = (verdict: Verdict): void => {
  if (!verdict.allowed) throw refused("not-permitted", verdict.why, false);
};
