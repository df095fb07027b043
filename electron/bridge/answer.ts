/** What every answer of the host is made of. */
import { z } from "zod";
import type { DeepReadonly } from "#core/rules/read.ts";
import { Told } from "./told.ts";

/** An answer to "may I?": the verdict and the rule that decided. */
export const Verdict = z.strictObject({ allowed: z.boolean(), why: Told });
export type Verdict = DeepReadonly<z.infer<typeof Verdict>>;
