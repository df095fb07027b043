/** What something says as it travels: a stable code, and what its sentence needs. Typed where it is made: `why`, `told`. */
export interface Fact {
  readonly code: string;
  readonly args: readonly unknown[];
}

/** An expected no. Thrown outside the core; crosses to a window as its fact, which words it. */
export class Refusal extends Error {
  readonly code: string;
  /** What crosses. */
  readonly view: Fact;
  /** `cause` is an error that nobody expected: it is logged where the refusal is answered. */
  constructor(view: Fact, cause?: unknown) {
    // What a stack prints is the code: arguments can be names.
    super(view.code, cause === undefined ? {} : { cause });
    this.name = "Refusal";
    this.code = view.code;
    this.view = view;
  }
}
