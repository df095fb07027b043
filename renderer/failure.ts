/** What went wrong with a request, and what may be shown of anything that was thrown. */
import type { Code } from "#bridge/answer.ts";
import { bridgeWords } from "./text/errors.ts";

/** `code` for the program; whoever shows it words the fact. */
export class Failure extends Error {
  readonly code: string;
  readonly fact: Code;
  constructor(fact: Code) {
    super(fact.code);
    this.name = "Failure";
    this.code = fact.code;
    this.fact = fact;
  }
}

export const codeOf = (error: unknown): Code => (error instanceof Failure ? error.fact : bridgeWords.unexpected);
