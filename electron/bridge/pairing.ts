/** What a window sees of a second device that comes, on either computer. */
import { z } from "zod";
import type { DeepReadonly } from "#core/rules/read.ts";
import { Told } from "./told.ts";
import { wid, name, none, done } from "./fields.ts";
import { method, topic } from "./method.ts";

/** What a code says before anything happens. */
export const PairPreview = z.strictObject({
  server: z.string(),
  wid: z.string(),
  name: z.string().nullable(),
  /** This computer has the workspace already. */ alreadyHere: z.boolean(),
});
export type PairPreview = DeepReadonly<z.infer<typeof PairPreview>>;

const Ended = z.strictObject({ step: z.literal("ended"), reason: Told });
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
export type PairOffer = DeepReadonly<z.infer<typeof PairOffer>>;
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
export type PairArrival = DeepReadonly<z.infer<typeof PairArrival>>;
export const PairingView = z.strictObject({ offer: PairOffer.nullable(), arrival: PairArrival.nullable() });
export type PairingView = DeepReadonly<z.infer<typeof PairingView>>;

export const pairingMethods = {
  /** Makes a code with which another computer of this person becomes a device of theirs. An older code ends. */
  "pair.offer": method({ params: z.strictObject({ wid }), result: done, windows: ["main"], needs: { none: "self" } }),
  /** Looks at a code without asking anybody; `name` is what this computer would call itself; null where the system has no name that can be shown. */
  "pair.inspect": method({
    params: z.strictObject({ code: z.string() }),
    result: PairPreview,
    windows: ["main"],
    needs: { none: "reads" },
  }),
  /** Goes to the pairing with this code, as the new device. */
  "pair.arrive": method({
    params: z.strictObject({ code: z.string(), name }),
    result: done,
    windows: ["main"],
    needs: { none: "self" },
  }),
  /** Asks the shell to draw the number in the popup window. */
  "pair.show": method({ params: none, result: done, windows: ["main"], needs: { none: "here" } }),
  /** Only the popup window: the device is signed after a confirmation that the shell itself draws. */
  "pair.answer": method({
    params: z.strictObject({ wid, pairing: z.string().length(22), same: z.boolean() }),
    result: done,
    windows: ["popup"],
    needs: { none: "self" },
  }),
  /** Ends what is under way, or takes its last word from the screen. */
  "pair.stop": method({ params: none, result: done, windows: ["main"], needs: { none: "here" } }),
};

export const pairingTopics = {
  pairing: topic({ of: "app", value: PairingView, windows: ["main"], needs: { none: "reads" } }),
};
