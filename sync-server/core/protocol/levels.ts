/**
 * How the signed protocol grows. A workspace has a level, a number in its log that an Owner raises and nobody lowers; an
 * app or server knows the levels up to `KNOWS`. Everything that a log can hold stands in this table with the level that
 * brought it. What is missing here does not compile, and what stands here of level 1 is pinned (test/pins/level-1.test.ts).
 *
 * What lies above the level that somebody knows is `newer` for them, decided on the envelope; what lies above the level of
 * the log is refused by everybody who knows it (`above-level`). WHY.md, 29 to 34.
 */
import type { Capability } from "./capabilities.ts";
import { bodies } from "./command.ts";
import type { Body, Condition, DeviceKind, Kind, QueuePolicy, RuleEffect, Unnamed } from "./command.ts";
import type { DocClass } from "./ids.ts";
import type { Parser } from "./parse.ts";

/** The newest level that this build knows. */
export const KNOWS = 1;
/** A level, or null for what has a name and is served by nothing yet: refused at every level (`not-served`). */
export type Since = number | null;

/** Every place where a value may stand in `T`; lists have none of their own. */
export type Path<T> = T extends string | number | boolean | null
  ? never
  : T extends readonly (infer Item)[]
    ? Path<Item>
    : { [K in keyof T & string]: K | `${K}.${Path<T[K]>}` }[keyof T & string];

/** A field that came with its kind; or later, with the value of who did not know it yet, which is the one that gives least. */
export type Field = number | { readonly since: number; readonly least: string | number | boolean | null };

export interface KindRow<Fields extends string = string> {
  readonly since: number;
  /** Who does not know the kind stops there. Only what changes no answer, no decision and no reader may be passed over. */
  readonly critical: boolean;
  /** Whether a phone may sign it (PH16). */
  readonly phone: boolean;
  /** Whether the shell asks its person for a click before it signs (SG1). */
  readonly click: boolean;
  readonly fields: Readonly<Record<Fields, Field>>;
}

const since = <const P extends string>(level: number, ...paths: readonly P[]): Readonly<Record<P, number>> =>
  Object.fromEntries(paths.map((path) => [path, level])) as Record<P, number>;
const row = <const F extends Readonly<Record<string, Field>>>(
  level: number,
  fields: F,
  marks: Partial<Pick<KindRow, "critical" | "phone" | "click">> = {},
) => ({ since: level, critical: true, phone: false, click: false, ...marks, fields });
const click = { click: true };
const none = {} as const;

const RULE = [
  "rules",
  "rules.id",
  "rules.server",
  "rules.tools",
  "rules.except",
  "rules.args",
  "rules.args.path",
  "rules.args.op",
  "rules.args.value",
  "rules.roles",
  "rules.effect",
  "rules.effect.kind",
  "rules.effect.queue",
] as const;
const inPolicy = RULE.map((path) => `policy.${path}` as const);
const DEVICE = ["device", "device.name", "device.version", "device.knows"] as const;

/** Every kind of command. A kind, or a field of one, that has no row here is an error of types. */
export const KINDS: { readonly [K in Kind]: KindRow<Path<Body<K>>> } = {
  genesis: row(1, since(1, "text")),
  "workspace.level": row(1, since(1, "from", "to"), click),
  "member.join": row(1, since(1, "member", "name", "x", "enc", ...DEVICE, "invite", "proof")),
  "member.role": row(1, since(1, "member", "from", "to"), click),
  "member.refuse": row(1, since(1, "member")),
  "member.rename": row(1, since(1, "name")),
  "member.remove": row(1, since(1, "member")),
  "device.add": row(1, since(1, "x", "enc", "pop", "kind", "name"), click),
  "device.knows": row(1, since(1, "version", "knows"), { phone: true }),
  "device.revoke": row(1, since(1, "device")),
  "device.rotate": row(1, since(1, "x", "enc", "pop")),
  "role.define": row(1, since(1, "id", "name", "caps")),
  "invite.create": row(1, since(1, "invite", "label")),
  "invite.revoke": row(1, since(1, "id")),
  "tool.define": row(
    1,
    since(
      1,
      "id",
      "name",
      "launch",
      "launch.kind",
      "launch.command",
      "launch.args",
      "launch.env",
      "launch.env.name",
      "launch.env.secret",
      "launch.vars",
      "launch.vars.name",
      "launch.vars.secret",
      "launch.url",
      "launch.headers",
      "launch.headers.name",
      "launch.headers.value",
      "tools",
      "tools.name",
      "tools.schema",
      "tools.readOnly",
      "tools.destructive",
      "policy",
      "policy.base",
      ...inPolicy,
    ),
  ),
  "tool.remove": row(1, since(1, "id")),
  "tool.accept": row(1, since(1, "server", "base", "tool", "schema", "readOnly", "destructive"), click),
  "tool.withdraw": row(1, since(1, "server", "base", "tool", "schema")),
  "policy.set": row(
    1,
    since(
      1,
      "base",
      "unnamed",
      ...RULE,
      "queues",
      "queues.id",
      "queues.name",
      "queues.all",
      "queues.all.n",
      "queues.all.roles",
      "queues.all.members",
      "queues.deny",
      "queues.decideMs",
      "queues.useMs",
      "queues.steps",
      "queues.steps.afterMs",
      "queues.steps.all",
      "queues.steps.all.n",
      "queues.steps.all.roles",
      "queues.steps.all.members",
      "queues.practice",
      "queues.oneForTwo",
      "queues.independent",
      "queues.phone",
      "queues.grants",
    ),
    click,
  ),
  "server.key": row(1, since(1, "x")),
  checkpoint: row(1, since(1, "v", "at", "stateHash")),
  "epoch.open": row(1, since(1, "doc", "n")),
  "approval.delegate": row(1, since(1, "to", "until"), click),
  "approval.undelegate": row(1, none),
  "approval.request": row(1, since(1, "ttlMs", "server", "tool", "rule", "callHash", "jwe", "replaces", "practice")),
  "approval.vote": row(1, since(1, "request", "v", "note"), { phone: true, click: true }),
  "approval.cancel": row(1, since(1, "request")),
  "approval.rewrap": row(1, since(1, "request", "jwe")),
  "approval.used": row(1, since(1, "request", "result")),
};

export const CAPABILITY_SINCE: Readonly<Record<Capability, number>> = {
  "threads.create": 1,
  "tools.use": 1,
  "tools.configure": 1,
  "approvals.decide": 1,
  "policy.edit": 1,
  "members.invite": 1,
  "members.assign": 1,
  "members.remove": 1,
  "audit.read": 1,
  "audit.export": 1,
  "workspace.configure": 1,
};
export const OPERATOR_SINCE: Readonly<Record<Condition["op"], Since>> = {
  equals: 1,
  under: 1,
  "host-in": 1,
  "at-most": 1,
  matches: 1,
};
export const EFFECT_SINCE: Readonly<Record<RuleEffect["kind"], Since>> = { allow: 1, confirm: 1, deny: 1, ask: 1 };
export const UNNAMED_SINCE: Readonly<Record<Unnamed, Since>> = { ask: 1, confirm: 1, deny: 1 };
export const DEVICE_SINCE: Readonly<Record<DeviceKind, Since>> = { desktop: 1, phone: null, runner: null };
export const QUEUE_PHONE_SINCE: Readonly<Record<QueuePolicy["phone"], Since>> = {
  none: 1,
  reject: 1,
  one: null,
  full: null,
};
export const QUEUE_GRANTS_SINCE: Readonly<Record<QueuePolicy["grants"], Since>> = { none: 1, allow: null };
/** Documents that a command may name. A class without a level is `newer` on the envelope, for every app of this level. */
export const DOCUMENT_SINCE: Readonly<Record<DocClass, Since>> = {
  log: 1,
  admin: 1,
  queue: 1,
  lane: 1,
  shared: null,
  base: null,
};
/** Format of the text of a state, from a level on. One that a checkpoint may name is read for ever (LV14). */
export const STATE_FORMATS: readonly (readonly [level: number, v: number])[] = [[1, 2]];
export const stateFormat = (level: number): number => (STATE_FORMATS.findLast(([from]) => from <= level) ?? [1, 2])[1];

/** Characters of the body of a kind that is not critical, in every version (LV9). */
export const PASSED_OVER_MAX = 2_048;

/** What one build knows. The rules ask it, so that a test can fold one log as apps of several days do. */
export interface Build {
  readonly knows: number;
  readonly kinds: Readonly<Record<string, KindRow>>;
  readonly bodies: Readonly<Record<string, Parser<unknown>>>;
  readonly capabilities: Readonly<Record<string, number>>;
  readonly operators: Readonly<Record<string, Since>>;
}
export const BUILD: Build = {
  knows: KNOWS,
  kinds: KINDS,
  bodies,
  capabilities: CAPABILITY_SINCE,
  operators: OPERATOR_SINCE,
};

export const isCritical = (kind: Kind): boolean => KINDS[kind].critical;
