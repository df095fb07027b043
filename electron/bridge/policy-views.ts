/** Changes of the policy as windows ask for them, and what the host says of them before they are signed. */
import { z } from "zod";
import { Effect, QueueView, RuleText } from "./views.ts";

const id = z.string().min(1).max(64);
/** One thing that somebody wants otherwise. Several are one signed act. */
export const PolicyChange = z.discriminatedUnion("kind", [
  /** Replaces the rule of that id, or adds one. */
  z.strictObject({ kind: z.literal("rule"), rule: RuleText }),
  z.strictObject({ kind: z.literal("remove-rule"), rule: id }),
  /** What tools of a server get, whatever the arguments and whoever asks. */
  z.strictObject({ kind: z.literal("effects"), server: id, effects: z.record(z.string().max(200), Effect) }),
  z.strictObject({ kind: z.literal("queue"), queue: QueueView }),
  z.strictObject({ kind: z.literal("remove-queue"), queue: id }),
  /** What a call gets that no rule names. */
  z.strictObject({ kind: z.literal("unnamed"), unnamed: z.enum(["ask", "confirm", "deny"]) }),
]);
export type PolicyChange = z.infer<typeof PolicyChange>;

/** The same other effect for the same people, of one or more tools. Names of tools are those of the signed log. */
export const EffectChange = z.strictObject({
  from: Effect,
  to: Effect,
  tools: z.array(z.strictObject({ server: z.string(), tool: z.string() })),
  roles: z.array(z.string()),
  /** Names of active members with these roles. */
  people: z.array(z.string()),
});
export type EffectChange = z.infer<typeof EffectChange>;

export const PolicyPreview = z.strictObject({
  /** Names the policy that it was compared with. */
  base: z.number(),
  changes: z.array(EffectChange),
  /** How many different tools, and which people, any of these changes is about. */
  tools: z.number(),
  people: z.array(z.string()),
  /** Rules that depend on arguments, in words. */
  conditional: z.array(z.strictObject({ how: z.enum(["new", "changed", "removed"]), words: z.string() })),
  queues: z.array(
    z.strictObject({
      how: z.enum(["new", "changed", "removed"]),
      name: z.string(),
      eases: z.array(z.enum(["fewer", "others", "steps", "one-for-two", "independent", "rejections", "longer"])),
      tools: z.number(),
    }),
  ),
  unnamed: z.strictObject({ from: Effect, to: Effect }).nullable(),
  loosens: z.boolean(),
  tightens: z.boolean(),
  /** Nothing would stand in the policy that does not stand there now. */
  same: z.boolean(),
  /** It is about every tool of every server, for everybody and whatever the arguments. */
  everything: z.boolean(),
  /** Rules of this change that a stricter one keeps from deciding now, in words. */
  overruledBy: z.array(z.string()),
  /** What may not be meant so, in words. Nothing is refused for it. */
  warnings: z.array(z.string()),
});
export type PolicyPreview = z.infer<typeof PolicyPreview>;

/** What somebody did to the policy since it was read. */
export const PolicySince = z.strictObject({
  by: z.array(z.string()),
  preview: PolicyPreview,
});
export type PolicySince = z.infer<typeof PolicySince>;

/** The arguments that the tools of a rule take, as far as their schemas are known on this computer. */
export const RuleArguments = z.strictObject({
  args: z.array(
    z.strictObject({ path: z.string(), types: z.array(z.string()), /** Of so many of the tools. */ tools: z.number() }),
  ),
  known: z.number(),
  /** Tools whose schemas are not known here. */
  unknown: z.array(z.string()),
});
export type RuleArguments = z.infer<typeof RuleArguments>;
