/** What a server did that it should not, and what follows from it. */
import { why } from "#core/facts/why.ts";
import type { Why } from "#core/facts/why.ts";
import type { DoubtCode } from "./witness.ts";

/** Kept beside the evidence: the copy was whole again. */
export const WENT_ON = "went-on";

export const isLie = (code: string): boolean => code !== "newer";

/** What no copy of the server's can answer: somebody has to look, and to connect again. */
const FOR_A_PERSON: ReadonlySet<string> = new Set(["heads-differ", "names-differ"]);
/** Whether it is over when the server shows again all that was verified here. */
export const healsByItself = (code: string): boolean => isLie(code) && !FOR_A_PERSON.has(code);

/** A stop: `tampered` or `update-app`. */
export const haltFact = (code: string): Why =>
  isLie(code) ? why("tampered", code, healsByItself(code)) : why("update-app");

const DOUBTS: Readonly<Record<DoubtCode, true>> = {
  withheld: true,
  denied: true,
  frozen: true,
  "head-old": true,
  "head-signature": true,
};
/** Not a proof of anything: it is over as soon as the server does what it said. */
export const isDoubt = (code: string): boolean => Object.hasOwn(DOUBTS, code);
