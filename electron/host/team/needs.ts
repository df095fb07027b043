import type { Verdict } from "#bridge/answer.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { factWords } from "#text/facts.ts";

/** Refuses in the words of the rule, before anything is signed. The server judges again, at its own position. */
export const needs = (verdict: Verdict): void => {
  if (!verdict.allowed) throw new Refusal("not-allowed", factWords(verdict.why));
};
