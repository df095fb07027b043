import type { Fact } from "#core/facts/refusal.ts";
import { told, type Told } from "#bridge/told.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { factWords } from "#text/facts.ts";

/** What a person reads of it; undefined of nothing. */
export const wordsOf = (told: Told | Fact | Refusal | null | undefined): string | undefined =>
  told === null || told === undefined ? undefined : factWords((told instanceof Refusal ? told.view : told) as Told);

/** A fact whose sentence is these words. */
export const noted = (words: string): Told => told("note", words);

/** Inside an expectation: a fact, or a refusal that tells one, that a person reads as this sentence. */
export const worded = (sentence: string | RegExp): never =>
  ({
    asymmetricMatch: (told: unknown): boolean => {
      const read = typeof told === "object" && told !== null && "code" in told ? wordsOf(told as Told) : undefined;
      return read !== undefined && (typeof sentence === "string" ? read === sentence : sentence.test(read));
    },
    toString: () => `worded(${String(sentence)})`,
  }) as never;

const isFact = (value: unknown): value is Fact => typeof value === "object" && value !== null && "code" in value;
/** Its code, and those of the facts inside it, the outermost first. */
export const codesIn = (told: unknown): string[] => {
  const fact = told instanceof Refusal ? told.view : told;
  if (!isFact(fact)) return [];
  return [fact.code, ...("args" in fact ? fact.args.flat().flatMap(codesIn) : [])];
};
/** Inside an expectation: a fact with this code, its own or that of a fact inside it, in whose sentence this stands. */
export const tells = (code: string, part = ""): never =>
  ({
    asymmetricMatch: (told: unknown): boolean =>
      codesIn(told).includes(code) && wordsOf(told as Told)?.includes(part) === true,
    toString: () => `tells(${code}, ${part})`,
  }) as never;
