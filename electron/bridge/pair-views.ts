/** What a window sees of a second device that comes, on either computer. Shapes and times as in `views.ts`. */
import { z } from "zod";
import { Code } from "./views.ts";

/** What a code says before anything happens. */
export const PairPreview = z.strictObject({
  server: z.string(),
  wid: z.string(),
  name: z.string(),
  /** This computer has the workspace already. */ alreadyHere: z.boolean(),
});
export type PairPreview = z.infer<typeof PairPreview>;

const Ended = z.strictObject({ step: z.literal("ended"), reason: Code });
/** The computer that is in the workspace already, and shows the code. */
export const PairOffer = z.discriminatedUnion("step", [
  z.strictObject({ step: z.literal("opening"), wid: z.string() }),
  z.strictObject({
    step: z.literal("waiting"),
    wid: z.string(),
    link: z.string(),
    expiresAt: z.number(),
    /** The server can be reached from this computer alone. */ nearby: z.boolean(),
  }),
  z.strictObject({ step: z.literal("here"), wid: z.string() }),
  z.strictObject({ step: z.literal("compare"), wid: z.string(), name: z.string(), number: z.string() }),
  z.strictObject({ step: z.literal("adding"), wid: z.string(), name: z.string() }),
  z.strictObject({ step: z.literal("done"), wid: z.string(), name: z.string() }),
  z.strictObject({ ...Ended.shape, wid: z.string() }),
]);
export type PairOffer = z.infer<typeof PairOffer>;
/** The new computer. Names are what the other one says, until the log was read. */
export const PairArrival = z.discriminatedUnion("step", [
  z.strictObject({ step: z.literal("connecting"), server: z.string() }),
  z.strictObject({
    step: z.literal("compare"),
    server: z.string(),
    workspace: z.string(),
    person: z.string(),
    number: z.string(),
  }),
  z.strictObject({ step: z.literal("reading"), workspace: z.string() }),
  z.strictObject({ step: z.literal("done"), wid: z.string(), workspace: z.string() }),
  Ended,
]);
export type PairArrival = z.infer<typeof PairArrival>;
export const PairingView = z.strictObject({ offer: PairOffer.nullable(), arrival: PairArrival.nullable() });
export type PairingView = z.infer<typeof PairingView>;
