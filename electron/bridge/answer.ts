/** What every answer of the host is made of. */
import { z } from "zod";
import type { DeepReadonly } from "#core/rules/read.ts";
import { Told } from "./told.ts";

/** What went wrong: a fact, or (the old form, which goes as the rooms move) a code and a sentence. */
const Spoken = z.strictObject({
  /** Stable, for tests and for choosing what to offer next. */
  code: z.string().max(64),
  /** One or two sentences a person can act on: what happened, what is safe, what to do. */
  message: z.string().max(2_000),
});
export const Code = z.union([Spoken, Told]);
export type Code = DeepReadonly<z.infer<typeof Spoken>> | Told;

/** An answer to "may I?": the verdict and the rule that decided. */
export const Verdict = z.strictObject({ allowed: z.boolean(), why: Told });
export type Verdict = DeepReadonly<z.infer<typeof Verdict>>;
