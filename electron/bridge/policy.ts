/** Rules and queues: what they say, changes as windows ask for them, and what the host says of a change before it is signed. */
import { z } from "zod";
import type { DeepReadonly } from "#core/rules/read.ts";
import { Verdict } from "./answer.ts";
import { wid, id } from "./fields.ts";
import { ARGS_MAX } from "./limits.ts";
import { method, topic } from "./method.ts";
import { Told } from "./told.ts";

export const Effect = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("allow") }),
  /** The person who runs it confirms it on their own screen. */
  z.strictObject({ kind: z.literal("confirm") }),
  z.strictObject({ kind: z.literal("ask"), queue: z.string() }),
  z.strictObject({ kind: z.literal("deny") }),
]);
export type Effect = DeepReadonly<z.infer<typeof Effect>>;

export const Threshold = z.strictObject({
  n: z.number().int().min(1).max(50),
  roles: z.array(z.string()).max(32),
  members: z.array(z.string()).max(50),
});

export const QueueView = z.strictObject({
  id: z.string(),
  name: z.string(),
  all: z.array(Threshold).min(1).max(8),
  deny: z.number().int().min(1).max(50),
  /** Milliseconds to decide, and to use an approval once given. */
  decideMs: z.number(),
  useMs: z.number(),
  /** Rungs of escalation: these thresholds replace the ones before, so long after the request. */
  steps: z.array(z.strictObject({ afterMs: z.number().int(), all: z.array(Threshold).min(1).max(8) })).max(8),
  practice: z.boolean(),
  /** Whether one person's click counts for each of those in whose place they stand too. */
  oneForTwo: z.boolean(),
  /** Whether votes of people whom the requester brought in lately do not count. */
  independent: z.boolean(),
});
export type QueueView = DeepReadonly<z.infer<typeof QueueView>>;

export const Condition = z.strictObject({
  path: z.string().min(1).max(200),
  op: z.enum(["equals", "under", "host-in", "at-most", "matches"]),
  value: z.string().max(1_000),
});
export type Condition = DeepReadonly<z.infer<typeof Condition>>;

/** A rule as it is written; a new one has no id yet. */
export const RuleText = z.strictObject({
  id: z.string().min(1).max(32).nullable(),
  /** Null for every server. */
  server: z.string().nullable(),
  /** These tools, or with `except` all but these. */
  tools: z.array(z.string().min(1).max(200)).max(256),
  except: z.boolean(),
  /** All must hold. */
  args: z.array(Condition).max(8),
  /** Of whoever asks; empty for everybody. */
  roles: z.array(z.string()).max(32),
  effect: Effect,
});
export type RuleText = DeepReadonly<z.infer<typeof RuleText>>;

export const RuleView = z.strictObject({
  ...RuleText.shape,
  id: z.string(),
  told: Told,
  /** Why no call can fit it, as far as its tools are known on this computer. */
  problem: Told.nullable(),
});
export type RuleView = DeepReadonly<z.infer<typeof RuleView>>;

export const PolicyView = z.strictObject({
  wid: z.string(),
  /** Names this state of the policy: a change of another one is refused as `stale`. */
  base: z.number(),
  mayEdit: Verdict,
  /** What a call gets that no rule names. */
  unnamed: z.enum(["ask", "confirm", "deny"]),
  /** Names of the people other than me who may decide what I ask. */
  others: z.array(z.string()),
  rules: z.array(RuleView),
  queues: z.array(QueueView),
  /** Queues that were taken out of the policy: the audit still names them. */
  removedQueues: z.array(z.strictObject({ id: z.string(), name: z.string() })),
  /** By the signed log, whether or not they run on this computer. */
  servers: z.array(z.strictObject({ id: z.string(), name: z.string(), tools: z.array(z.string()) })),
});
export type PolicyView = DeepReadonly<z.infer<typeof PolicyView>>;

/** What removing a queue would mean now. */
export const QueueRemoval = z.strictObject({
  base: z.number(),
  can: Verdict,
  /** Rules that ask it. */
  rules: z.array(Told),
  /** Requests that wait in it, as far as this person sees them. */
  waiting: z.number(),
  /** Where it is the queue that is asked when no rule names a call: who is asked then. */
  instead: z.string().nullable(),
});
export type QueueRemoval = DeepReadonly<z.infer<typeof QueueRemoval>>;

/** What the policy says about arguments that somebody tries out: the rule that decides, and every rule that fits. */
export const RuleFinding = z.strictObject({
  effect: Effect,
  /** What decides. */
  why: Told,
  rule: z.string().nullable(),
  fitting: z.array(Told),
});
export type RuleFinding = DeepReadonly<z.infer<typeof RuleFinding>>;

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
export type PolicyChange = DeepReadonly<z.infer<typeof PolicyChange>>;

/** The same other effect for the same people, of one or more tools. Names of tools are those of the signed log. */
export const EffectChange = z.strictObject({
  from: Effect,
  to: Effect,
  tools: z.array(z.strictObject({ server: z.string(), tool: z.string() })),
  roles: z.array(z.string()),
  /** Names of active members with these roles. */
  people: z.array(z.string()),
});
export type EffectChange = DeepReadonly<z.infer<typeof EffectChange>>;

export const PolicyPreview = z.strictObject({
  /** Names the policy that it was compared with. */
  base: z.number(),
  changes: z.array(EffectChange),
  /** How many different tools, and which people, any of these changes is about. */
  tools: z.number(),
  people: z.array(z.string()),
  /** Rules that depend on arguments. */
  conditional: z.array(z.strictObject({ how: z.enum(["new", "changed", "removed"]), rule: Told })),
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
  /** Rules of this change that a stricter one keeps from deciding now. */
  overruledBy: z.array(Told),
  /** What may not be meant so. Nothing is refused for it. */
  warnings: z.array(Told),
});
export type PolicyPreview = DeepReadonly<z.infer<typeof PolicyPreview>>;

/** What somebody did to the policy since it was read. */
export const PolicySince = z.strictObject({
  by: z.array(z.string()),
  preview: PolicyPreview,
});
export type PolicySince = DeepReadonly<z.infer<typeof PolicySince>>;

/** The arguments that the tools of a rule take, as far as their schemas are known on this computer. */
export const RuleArguments = z.strictObject({
  args: z.array(
    z.strictObject({ path: z.string(), types: z.array(z.string()), /** Of so many of the tools. */ tools: z.number() }),
  ),
  known: z.number(),
  /** Tools whose schemas are not known here. */
  unknown: z.array(z.string()),
});
export type RuleArguments = DeepReadonly<z.infer<typeof RuleArguments>>;

export const policyMethods = {
  /** What these changes would do for everybody. Nothing is signed. */
  "policy.preview": method({
    params: z.strictObject({ wid, changes: z.array(PolicyChange).max(64) }),
    result: PolicyPreview,
    windows: ["main"],
    needs: { none: "reads" },
  }),
  /** All of them as one act. `base` names the policy that was on the screen. Answers what `policy.undo` takes. */
  "policy.change": method({
    params: z.strictObject({ wid, changes: z.array(PolicyChange).min(1).max(64), base: z.number().int() }),
    result: z.strictObject({ before: z.number(), after: z.number() }),
    windows: ["main"],
    needs: "policy.edit",
  }),
  /** Puts the policy of `before` in force again, while `after` is the newest. Answers as `policy.change`. */
  "policy.undo": method({
    params: z.strictObject({ wid, before: z.number().int(), after: z.number().int() }),
    result: z.strictObject({ before: z.number(), after: z.number() }),
    windows: ["main"],
    needs: "policy.edit",
  }),
  /** Who changed the policy after `base`, and what came of it. */
  "policy.since": method({
    params: z.strictObject({ wid, base: z.number().int() }),
    result: PolicySince,
    windows: ["main"],
    needs: { none: "reads" },
  }),
  /** The arguments of the tools that a rule names, as far as they are known on this computer. */
  "policy.arguments": method({
    params: z.strictObject({
      wid,
      server: z.string().max(64).nullable(),
      tools: z.array(z.string().max(200)).max(256),
      except: z.boolean(),
    }),
    result: RuleArguments,
    windows: ["main"],
    needs: { none: "reads" },
  }),
  "policy.queueRemoval": method({
    params: z.strictObject({ wid, queue: id }),
    result: QueueRemoval,
    windows: ["main"],
    needs: { none: "reads" },
  }),
  /** Which rule would decide? Asks the same function as the gate; nothing is called. */
  "policy.try": method({
    params: z.strictObject({
      wid,
      server: id,
      tool: z.string().min(1).max(200),
      role: id,
      args: z.string().max(ARGS_MAX),
    }),
    result: RuleFinding,
    windows: ["main"],
    needs: { none: "reads" },
  }),
};

export const policyTopics = {
  policy: topic({ of: "workspace", value: PolicyView, windows: ["main"], needs: { none: "reads" } }),
};
