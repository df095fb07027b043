import type { Told } from "#bridge/told.ts";
import { factWords } from "#text/facts.ts";

/** Inside an expectation: a fact that a person reads as this sentence, whether its code or the sentence crossed. */
export const worded = (sentence: string | RegExp): Told =>
  ({
    asymmetricMatch: (told: unknown): boolean => {
      const read = typeof told === "object" && told !== null && "code" in told ? factWords(told as Told) : null;
      return read !== null && (typeof sentence === "string" ? read === sentence : sentence.test(read));
    },
    toString: () => `worded(${String(sentence)})`,
  }) as unknown as Told;
