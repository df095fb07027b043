/** What every answer of the host is made of. */
import { z } from "zod";
import type { DeepReadonly } from "#core/rules/read.ts";
import { Told } from "./told.ts";

export const Code = z.strictObject({
  /** Stable, for tests and for choosing what to offer next. */
  code: z.string().max(64),
  /** One or two sentences a person can act on: what happened, what is safe, what to do. */
  message: z.string().max(2_000),
});
export type Code = DeepReadonly<z.infer<typeof Code>>;

/** An answer to "may I?": the verdict and the rule that decided. */
export const Verdict = z.strictObject({ allowed: z.boolean(), why: Told });
export type Verdict = DeepReadonly<z.infer<typeof Verdict>>;
