/** A language that also words the facts inside a fact. */
import type { Fact } from "#core/facts/refusal.ts";
import type { Language } from "./language.ts";

export interface Speaker extends Language {
  say(told: Fact): string;
}
/** A sentence for each code of a registry: one that is missing does not compile. */
export type SentencesOf<A> = {
  readonly [C in keyof A]: A[C] extends readonly unknown[] ? (language: Speaker, ...args: A[C]) => string : never;
};
