/** What went wrong with a request, and what may be shown of anything that was thrown. */
import { told, type Told } from "#bridge/told.ts";

/** `code` for the program; whoever shows it words the fact. */
export class Failure extends Error {
  readonly code: string;
  readonly fact: Told;
  constructor(fact: Told) {
    super(fact.code);
    this.name = "Failure";
    this.code = fact.code;
    this.fact = fact;
  }
}

/** Not a failure: the person themself did not go on. Said, and nothing shouts. */
export class TakenBack extends Failure {}

export const codeOf = (error: unknown): Told => (error instanceof Failure ? error.fact : told("unexpected"));
