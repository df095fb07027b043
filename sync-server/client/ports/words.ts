/** A fact in words, in the language of the person who sits here. */
import type { Why } from "#core/facts/why.ts";

export type Words = (fact: Why) => string;
