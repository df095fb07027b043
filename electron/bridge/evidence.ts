/** What a person can hold against the server of a workspace: words to compare with a teammate, and what it was found to do. */
import { z } from "zod";
import type { DeepReadonly } from "#core/rules/read.ts";
import { done, wid } from "./fields.ts";
import { method } from "./method.ts";
import { Told } from "./told.ts";

export const FingerprintView = z.strictObject({ at: z.number(), newest: z.number(), words: z.array(z.string()) });
export type FingerprintView = DeepReadonly<z.infer<typeof FingerprintView>>;

export const EvidenceView = z.strictObject({
  pieces: z.array(
    z.strictObject({
      at: z.number(),
      code: z.string(),
      /** Which list it is about, and how much of it was verified. */
      list: Told,
      position: z.number(),
    }),
  ),
});
export type EvidenceView = DeepReadonly<z.infer<typeof EvidenceView>>;

export const evidenceMethods = {
  /** The history at a position (the newest for null) as words that two people compare aloud. */
  "workspace.fingerprint": method({
    params: z.strictObject({ wid, at: z.number().int().min(1).nullable() }),
    result: FingerprintView,
    windows: ["main"],
    needs: { none: "reads" },
  }),
  /** What came of comparing. Where the words differ, approvals stop here. */
  "workspace.compared": method({
    params: z.strictObject({ wid, at: z.number().int().min(1), same: z.boolean() }),
    result: done,
    windows: ["main"],
    needs: { none: "here" },
  }),
  /** What the server was found to do, newest first. */
  "workspace.evidence": method({
    params: z.strictObject({ wid }),
    result: EvidenceView,
    windows: ["main"],
    needs: { none: "reads" },
  }),
  /** The same with both sides of each piece, exactly, for whoever runs the server. */
  "workspace.evidenceFile": method({
    params: z.strictObject({ wid }),
    result: z.strictObject({ name: z.string(), text: z.string() }),
    windows: ["main"],
    needs: { none: "reads" },
  }),
};
