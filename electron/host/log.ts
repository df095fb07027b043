/**
 * The host's log: one JSON line an event on standard error, with fields from a closed list. There is no field for
 * free text, so no message, argument, title, key or path can get in.
 */
import { faultOf } from "#core/facts/fault.ts";
import type { TellDropped } from "#core/facts/drop.ts";
import { Refusal } from "#core/facts/refusal.ts";

export interface LogFields {
  /** Name of a method, topic kind, action or step of our own. */
  readonly what?: string;
  readonly code?: string;
  readonly count?: number;
  readonly ms?: number;
  /** Where in our code, without the error's message. */
  readonly frames?: readonly string[];
}
export interface Log {
  note(event: string, fields?: LogFields): void;
  /** An error that nobody expected: its kind and place, never its message, which can quote content. */
  fault(event: string, error: unknown, fields?: LogFields): void;
}

const plain = /^[\w.:/-]{1,80}$/;

export const createLog = (write: (line: string) => void, now: () => number): Log => {
  const note = (event: string, fields: LogFields = {}): void => {
    const { what, code, ...rest } = fields;
    write(`${JSON.stringify({ at: now(), event, ...word("what", what), ...word("code", code), ...rest })}\n`);
  };
  return {
    note,
    fault: (event, error, fields = {}) =>
      note(event, { ...fields, code: faultOf(error).name, frames: faultOf(error).stack }),
  };
};

/** For work that nobody waits for and of which whoever reads the log may want to know. */
export const tellDropped =
  (log: Log): TellDropped =>
  (what, code) =>
    log.note("dropped", { what, code });

/** What is to be logged of an error that is answered with words: all of it, or the cause of a refusal that has one. */
export const unexpectedIn = (error: unknown): unknown =>
  error instanceof Refusal ? error.cause : (error ?? new Error());

const word = (name: string, value: string | undefined): Record<string, string> =>
  value === undefined ? {} : { [name]: plain.test(value) ? value : "(withheld)" };
