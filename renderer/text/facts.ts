/**
 * The one entry to the words of facts. Windows, notifications, files for people, and for now the host where it still
 * composes sentences, word a code and its arguments here; nobody else writes prose about them.
 *
 * A code without words does not compile. One that comes from a newer version is shown as it is.
 */
import type { Told } from "#bridge/told.ts";
import type { ResultCode } from "#core/facts/why.ts";
import { inFiles } from "./language.ts";
import type { Language } from "./language.ts";
import { OWN_SENTENCES, SENTENCES } from "./sentences.ts";
import type { Sentences } from "./sentences.ts";
import type { Speaker } from "./speaker.ts";
import { inEnglish, LANGUAGE, words } from "./words.ts";

/** `sentences` belong to the language; both together make a second one. */
export const factWords = (told: Told, language: Language = LANGUAGE, sentences: Sentences = SENTENCES): string => {
  if (!Object.hasOwn(sentences, told.code)) return told.code;
  const sentence = sentences[told.code as keyof Sentences] as (speaker: Speaker, ...args: readonly unknown[]) => string;
  try {
    const text: unknown = sentence(
      { ...language, say: (inner) => factWords(inner as Told, language, sentences) },
      ...told.args,
    );
    return typeof text === "string" ? text : told.code;
  } catch {
    // Arguments that the code does not take, of another version or of a damaged row: nobody who shows them may end of it.
    return told.code;
  }
};

/** Why this person themself may or may not: "you", where the same fact about another says "this person". */
const OWN: Sentences = { ...SENTENCES, ...OWN_SENTENCES };
export const ownWords = (told: Told, language: Language = LANGUAGE): string => factWords(told, language, OWN);

/** What a model is told: English, whatever this person reads. */
export const modelWords = (told: Told): string => inEnglish((language) => factWords(told, language));

/** What stands after one another. */
export const factsWords = (facts: readonly Told[]): string => facts.map((fact) => factWords(fact)).join(" ");

/** What of a row is told in words. */
interface RowFacts {
  readonly act: Told;
  readonly rule: readonly Told[];
  readonly votes: Told | null;
  readonly result: string;
  readonly setBack: number;
}

const RESULT_WORDS: Readonly<Record<ResultCode, string>> = words("facts.RESULT_WORDS", {
  done: "done",
  pending: "undecided",
  approved: "approved",
  rejected: "rejected",
  canceled: "canceled",
  replaced: "replaced",
  practiced: "practiced",
  used: "used",
  ok: "ran",
  error: "failed",
  unknown: "outcome unknown",
});

export const rowActWords = (
  { act, setBack }: Pick<RowFacts, "act" | "setBack">,
  language: Language = LANGUAGE,
): string => {
  const back = setBack === 0 ? "" : ` (${factWords({ code: "clock-was-ahead", args: [setBack] }, language)})`;
  return `${factWords(act, language)}${back}`;
};
export const rowRuleWords = ({ rule }: Pick<RowFacts, "rule">, language: Language = LANGUAGE): string =>
  rule.map((each) => factWords(each, language)).join(" ");
export const rowVotesWords = ({ votes }: Pick<RowFacts, "votes">, language: Language = LANGUAGE): string =>
  votes === null ? "" : factWords(votes, language);
export const resultWords = (result: string): string =>
  Object.hasOwn(RESULT_WORDS, result) ? RESULT_WORDS[result as ResultCode] : result;

const FILES = inFiles(LANGUAGE);
/** The words of a CSV: the same on every computer. */
export const rowWords = (row: RowFacts, language: Language = FILES) => ({
  act: rowActWords(row, language),
  rule: rowRuleWords(row, language),
  votes: rowVotesWords(row, language),
  result: resultWords(row.result),
});

/** All that a window shows of a row, as it shows it. */
export const rowSearchWords = (row: RowFacts): string =>
  [rowActWords(row), rowRuleWords(row), rowVotesWords(row), resultWords(row.result)].join("\n");
