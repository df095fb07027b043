/** What something says as it travels: a stable code, and what its sentence needs. Typed where it is made: `why`, `told`. */
export interface Fact {
  readonly code: string;
  readonly args: readonly unknown[];
}

/** The old form: a code, and a sentence that was composed where the fact is. It goes as the rooms move. */
export interface Code {
  /** Stable, for tests and for choosing what to offer next. */
  readonly code: string;
  /** What happened, what is safe, what to do. */
  readonly message: string;
}

/** An expected no. Thrown outside the core; crosses to a window as its fact, which words it. */
export class Refusal extends Error {
  readonly code: string;
  /** What crosses. */
  readonly view: Fact | Code;
  /** `cause` is an error that nobody expected: it is logged where the refusal is answered. */
  constructor(fact: Fact | Code, cause?: unknown);
  /** The old form. */
  constructor(code: string, message: string, cause?: unknown);
  constructor(what: string | Fact | Code, given?: unknown, third?: unknown) {
    const view = typeof what === "string" ? { code: what, message: String(given) } : what;
    const cause = typeof what === "string" ? third : given;
    // What a stack prints is the code: arguments can be names.
    super("message" in view ? view.message : view.code, cause === undefined ? {} : { cause });
    this.name = "Refusal";
    this.code = view.code;
    this.view = view;
  }
}
