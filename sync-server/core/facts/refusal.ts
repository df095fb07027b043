/** A refusal as a value: a stable code, and the words for a person. */
export interface Code {
  /** Stable, for tests and for choosing what to offer next. */
  readonly code: string;
  /** What happened, what is safe, what to do. */
  readonly message: string;
}

/** A refusal with words for a person. Thrown outside the core; crosses to a window as `{ code, message }`. */
export class Refusal extends Error {
  readonly code: string;
  /** `cause` is an error that nobody expected: it is logged where the refusal is answered. */
  constructor(code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.name = "Refusal";
    this.code = code;
  }
  get view(): Code {
    return { code: this.code, message: this.message };
  }
}
