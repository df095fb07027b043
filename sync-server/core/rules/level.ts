/** The level of a workspace: what may stand in its log, and how it is raised. */
import { asCapability } from "../protocol/capabilities.ts";
import { COMMAND_LIFE_MAX } from "../protocol/command.ts";
import { json } from "../protocol/parse.ts";
import {
  DEVICE_SINCE,
  EFFECT_SINCE,
  QUEUE_GRANTS_SINCE,
  QUEUE_PHONE_SINCE,
  UNNAMED_SINCE,
} from "../protocol/levels.ts";
import type { Build, Field, KindRow, Since } from "../protocol/levels.ts";
import type { Handler } from "./context.ts";
import { roleOf } from "./may.ts";
import type { RejectCode } from "../facts/reject.ts";
import { OWNER, rolesAt } from "./roles.ts";
import { at } from "./state.ts";
import type { ReadDevice, ReadLog } from "./read.ts";

export const levelAt = (log: ReadLog, position = log.seq): number => at(log.levels, position)?.to ?? 1;

/** Devices in force that do not know that level: what they meet after a raise makes them say "update the app". */
export const behind = (log: ReadLog, to: number): ReadDevice[] =>
  [...log.devices.values()].filter((device) => device.to === null && (device.knows?.knows ?? 0) < to);

/** What `workspace.level` would be signed with now, where this build knows a higher level; otherwise null. */
export const nextLevel = (log: ReadLog, build: Build): { readonly from: number; readonly to: number } | null => {
  const from = levelAt(log);
  return from < build.knows ? { from, to: from + 1 } : null;
};

export const onLevel: Handler<"workspace.level"> = (log, body, context) => {
  if (roleOf(log, context.member, context.position) !== OWNER) return "owner-signs";
  if (body.from !== levelAt(log)) return "stale";
  if (body.to !== body.from + 1) return "malformed";
  if (body.to > context.build.knows) return "newer";
  log.levels.push([context.seq, { to: body.to, by: context.member, at: context.time }]);
  for (const role of rolesAt(body.to, context.build.capabilities)) log.roles.get(role.id)?.push([context.seq, role]);
  return undefined;
};

export const onKnows: Handler<"device.knows"> = (log, body, context) => {
  const device = log.devices.get(context.device);
  if (device === undefined) return "no-such-device";
  if (device.knows?.version === body.version && device.knows.knows === body.knows) return "already-exists";
  device.knows = { version: body.version, knows: body.knows };
  return undefined;
};

// ---- what a command may hold at a level -----------------------------------------------------------

interface Asked {
  readonly kind: string;
  readonly body: unknown;
  /** Where it is judged, and what its author had seen. */
  readonly position: number;
  readonly seen: number;
  /** Time of the workspace, ms. */
  readonly time: number;
}

/**
 * The body as the rules at that position read it, with what an older shape did not have, or why there is none. A command
 * has the shape of the level that its author had seen (LV1).
 */
export const bodyAt = (
  log: ReadLog,
  build: Build,
  { kind, body, position, seen, time }: Asked,
): { body: unknown } | RejectCode => {
  const row = build.kinds[kind];
  const [level, shape] = [levelAt(log, position), levelAt(log, seen)];
  if (row === undefined || row.since > level) return "above-level";
  const beyond = beyondLevel(build, level, body);
  if (beyond !== undefined) return beyond;
  const later = laterThan(row, shape);
  if (later.length === 0) return { body };
  const copy = json(JSON.stringify(body));
  for (const { path, since, least } of later)
    if (!fill(copy, path.split("."), least)) return since > level ? "above-level" : "malformed";
  // So long whoever was away may still deliver what they signed before; afterwards an old position is only a pretext.
  const first = Math.min(...later.map(({ since }) => since));
  const raised = log.levels.find(([from, { to }]) => from <= position && to === first);
  return raised !== undefined && time > raised[1].at + COMMAND_LIFE_MAX ? "below-level" : { body: copy };
};

interface Later {
  readonly path: string;
  readonly since: number;
  readonly least: unknown;
}
const laterThan = ({ fields }: KindRow, level: number): Later[] =>
  Object.entries<Field>(fields).flatMap(([path, field]) =>
    typeof field === "number" || field.since <= level ? [] : [{ path, since: field.since, least: field.least }],
  );

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Puts `least` wherever the path leads to; false where there is something already. Lists are gone through. */
const fill = (value: unknown, [key, ...rest]: readonly string[], least: unknown): boolean => {
  if (Array.isArray(value)) return value.every((item) => fill(item, [key ?? "", ...rest], least));
  if (!isRecord(value) || key === undefined) return true;
  if (rest.length > 0) return fill(value[key], rest, least);
  if (Object.hasOwn(value, key)) return false;
  value[key] = least;
  return true;
};

/** Words with a level of their own: rights, operators, effects and the like. What no table has is left to the parser, but rights: their list is open. */
const beyondLevel = (build: Build, level: number, body: unknown): RejectCode | undefined => {
  if (!isRecord(body)) return undefined;
  const { caps, kind, policy } = body;
  for (const cap of Array.isArray(caps) ? (caps as unknown[]) : []) {
    if (typeof cap !== "string") continue;
    if (!Object.hasOwn(build.capabilities, cap)) return asCapability(cap) === undefined ? undefined : "newer";
    if ((build.capabilities[cap] ?? 0) > level) return "above-level";
  }
  const above = [
    ...("pop" in body ? [word(DEVICE_SINCE, kind, level)] : []),
    ...inPolicy(build, level, body),
    ...(isRecord(policy) ? inPolicy(build, level, policy) : []),
  ];
  return above.find((code) => code !== undefined);
};
const word = (table: Readonly<Record<string, Since>>, value: unknown, level: number): RejectCode | undefined => {
  if (typeof value !== "string" || !Object.hasOwn(table, value)) return undefined;
  const since = table[value] ?? null;
  return since === null ? "not-served" : since > level ? "above-level" : undefined;
};
const items = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isRecord) : []);
const inPolicy = (build: Build, level: number, policy: Record<string, unknown>): (RejectCode | undefined)[] => [
  word(UNNAMED_SINCE, policy["unnamed"], level),
  ...items(policy["queues"]).flatMap(({ phone, grants }) => [
    word(QUEUE_PHONE_SINCE, phone, level),
    word(QUEUE_GRANTS_SINCE, grants, level),
  ]),
  ...items(policy["rules"]).flatMap(({ args, effect }) => [
    ...items(args).map(({ op }) => word(build.operators, op, level)),
    ...(isRecord(effect) ? [word(EFFECT_SINCE, effect["kind"], level)] : []),
  ]),
];
