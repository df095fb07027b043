/** Why something that should work did not: what kind of error, and in which step. Its place is in the log alone. */
import { told } from "#bridge/told.ts";
import type { Told } from "#bridge/told.ts";
import { faultOf } from "#core/facts/fault.ts";

/** `step` is one of ours, e.g. `server.start`. */
export const causeOf = (error: unknown, step: string): Told => {
  const { name, code } = faultOf(error);
  return told("shell-broke", name, code ?? null, step);
};
