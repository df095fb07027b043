/** Fields that many methods have. Times are milliseconds since the epoch; ids are opaque and never shown where a name exists. */
import { z } from "zod";
import { nameProblem } from "./plain-text.ts";

export const wid = z.string().length(22);
export const id = z.string().min(1).max(64);
/** What people give a name to is named in a way that can be read: the problem is a fact for them. */
export const name = z
  .string()
  .trim()
  .superRefine((text, context) => {
    const problem = nameProblem(text);
    if (problem !== null) context.addIssue({ code: "custom", message: problem.code, params: { problem } });
  });
export const none = z.strictObject({});
export const done = z.strictObject({});
