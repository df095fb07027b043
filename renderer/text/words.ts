/**
 * The one way to a text. Every text that this folder gives out passes `words`, which answers with that of the language
 * in which this process or window speaks; it is chosen once, before the first text is read, so that no screen has to
 * ask again. A second language is a file more: a value of `Texts` that has its place in `SPOKEN`.
 */
import { ENGLISH } from "./language.ts";
import type { Language, Texts } from "./language.ts";
import { PSEUDO } from "./pseudo.ts";

/** The first is spoken where nobody's language is there. */
const SPOKEN: readonly [Texts, ...Texts[]] = [{ language: ENGLISH, of: (_, english) => english }, PSEUDO];

/** The texts for the first of these tags that is spoken: "de-AT" is content with "de". */
export const textsFor = (tags: readonly string[]): Texts => {
  const named = (tag: string) => SPOKEN.find(({ language }) => language.tag === tag);
  const found = tags.map((tag) => named(tag) ?? named(tag.split("-", 1)[0] ?? ""));
  return found.find((texts) => texts !== undefined) ?? SPOKEN[0];
};

/** What this file may ask wherever it runs: a window has a page, which says what its shell speaks; the others an environment. */
interface Around {
  readonly document?: { readonly documentElement?: { readonly lang?: string } };
  readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> };
}

/** Names the language for a shell; what the shell starts is told by it. */
export const LANGUAGE_VARIABLE = "BULKHEAD_LANGUAGE";

const asked = (): readonly string[] => {
  const { document, process } = globalThis as Around;
  const page = document?.documentElement?.lang;
  if (page !== undefined) return [page];
  const named = process?.env?.[LANGUAGE_VARIABLE];
  return [...(named === undefined ? [] : [named]), Intl.DateTimeFormat().resolvedOptions().locale];
};

const CHOSEN = textsFor(asked());

/** How the chosen language counts, lists and dates. */
export const LANGUAGE: Language = CHOSEN.language;

/** Set while a model is told something. */
let forModel = false;

/** `name` is the place of the text, "file.export": by it another language finds its own. */
export const words = <T>(name: string, english: T): T => {
  const chosen = CHOSEN.of(name, english);
  return chosen === english ? english : (orEnglish(chosen, english) as T);
};

/**
 * What `work` words in the English that models are told, in whatever language this process speaks: prompts are tried in
 * one language. A text that is no sentence and no table is read once, as this file's own user begins, and stays as it is.
 */
export const inEnglish = (work: (language: Language) => string): string => {
  const before = forModel;
  forModel = true;
  try {
    return work(ENGLISH);
  } finally {
    forModel = before;
  }
};

type Sentence = (...args: readonly unknown[]) => unknown;
const orEnglish = (chosen: unknown, english: unknown): unknown => {
  if (typeof chosen === "function" && typeof english === "function")
    return (...args: readonly unknown[]): unknown => ((forModel ? english : chosen) as Sentence)(...args);
  if (typeof chosen !== "object" || chosen === null || typeof english !== "object" || english === null) return chosen;
  if (Array.isArray(chosen)) return chosen;
  const both: object = {};
  for (const [key, value] of Object.entries(chosen)) {
    const plain: unknown = Reflect.get(english, key);
    const of = orEnglish(value, plain);
    Object.defineProperty(both, key, {
      enumerable: true,
      get: () => (forModel && typeof of !== "function" ? plain : of),
    });
  }
  return both;
};
