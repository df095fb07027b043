/** Rules of what a workspace configures: tool servers, approval policy, the server's key. */
import { COMMAND_MAX, TOOLS_MAX } from "../protocol/command.ts";
import type { Body, QueuePolicy, Rule } from "../protocol/command.ts";
import { refusedTo } from "./context.ts";
import type { Handler } from "./context.ts";
import type { CryptoDep } from "../protocol/crypto.ts";
import type { ServerId } from "../protocol/ids.ts";
import { policyAt, policyPosition } from "./may.ts";
import type { RejectCode } from "../facts/reject.ts";
import type { ReadLog } from "./read.ts";
import type { Log, Policy, ToolServer } from "./state.ts";

/** Definitions of one tool that may be accepted side by side: people run releases of different days (TD2). */
export const DEFINITIONS_MAX = 8;

export const onToolDefine: Handler<"tool.define"> = (log, body, context) => {
  const refused =
    refusedTo(log, context, "tools.configure") ??
    (body.policy === null ? undefined : refusedTo(log, context, "policy.edit"));
  if (refused !== undefined) return refused;
  if (new Set(body.tools.map((tool) => tool.name)).size !== body.tools.length) return "malformed";
  const policy = body.policy === null ? undefined : withRules(log, context.crypto, body.id, body.policy);
  if (typeof policy === "string") return policy;
  const { id, name, launch } = body;
  // What was accepted of a server belongs to the way it was started then: a new one is accepted anew, tool by tool (TD5).
  const isNew = !log.servers.has(id);
  const tools = body.tools.map(({ name: tool, ...seen }) => ({
    name: tool,
    accepted: isNew ? [{ ...seen, by: context.member, at: context.time }] : [],
  }));
  log.servers.set(id, { id, name, launch, tools, by: context.member, position: context.seq });
  if (policy !== undefined) log.policy.push([context.seq, policy]);
  return undefined;
};

/** The policy with these rules of one server beside the others. */
const withRules = (
  log: ReadLog,
  crypto: CryptoDep,
  server: ServerId,
  { base, rules }: NonNullable<Body<"tool.define">["policy"]>,
): Policy | RejectCode => {
  const now = policyAt(log);
  if (base !== policyPosition(log)) return "stale";
  if (rules.some((rule) => rule.server !== server)) return "no-such-server";
  const next: Policy = { ...now, rules: [...now.rules, ...rules] };
  if (next.rules.length > RULES_MAX) return "malformed";
  return fitsOneCommand(crypto, next) ? (unknownName(log, next, server) ?? next) : "too-large";
};
const RULES_MAX = 500;
/** Of a command, for everything in it but the policy. */
const AROUND_MAX = 1_024;
/** A policy is replaced whole, by one command: one that grew beyond that could never be changed again, nor made stricter. */
export const fitsOneCommand = (crypto: CryptoDep, { unnamed, rules, queues }: Policy): boolean =>
  crypto.encode(JSON.stringify({ base: Number.MAX_SAFE_INTEGER, unnamed, rules, queues })).length <=
  COMMAND_MAX - AROUND_MAX;

/** Its rules go with it: a policy that names a server that is gone could never be changed again. */
export const onToolRemove: Handler<"tool.remove"> = (log, body, context) => {
  const refused = refusedTo(log, context, "tools.configure");
  if (refused !== undefined) return refused;
  if (!log.servers.delete(body.id)) return "no-such-server";
  const policy = policyAt(log);
  const rules = policy.rules.filter((rule) => rule.server !== body.id);
  if (rules.length !== policy.rules.length) log.policy.push([context.seq, { ...policy, rules }]);
  return undefined;
};

/** The server that the command means; `stale` where it was defined anew, and so may be started in another way, since. */
const serverAt = (log: Log, body: { readonly server: ServerId; readonly base: number }): ToolServer | RejectCode => {
  const server = log.servers.get(body.server);
  return server === undefined ? "no-such-server" : server.position === body.base ? server : "stale";
};

export const onToolAccept: Handler<"tool.accept"> = (log, body, context) => {
  const refused = refusedTo(log, context, "tools.configure");
  if (refused !== undefined) return refused;
  const server = serverAt(log, body);
  if (typeof server === "string") return server;
  const known = server.tools.find((tool) => tool.name === body.tool);
  if (known?.accepted.some((seen) => seen.schema === body.schema) === true) return "already-exists";
  if (known === undefined ? server.tools.length >= TOOLS_MAX : known.accepted.length >= DEFINITIONS_MAX)
    return "too-many";
  const seen = {
    schema: body.schema,
    readOnly: body.readOnly,
    destructive: body.destructive,
    by: context.member,
    at: context.time,
  };
  if (known === undefined) server.tools.push({ name: body.tool, accepted: [seen] });
  else known.accepted.push(seen);
  return undefined;
};

export const onToolWithdraw: Handler<"tool.withdraw"> = (log, body, context) => {
  const refused = refusedTo(log, context, "tools.configure");
  if (refused !== undefined) return refused;
  const server = serverAt(log, body);
  if (typeof server === "string") return server;
  const known = server.tools.find((tool) => tool.name === body.tool);
  const index = known?.accepted.findIndex((seen) => seen.schema === body.schema) ?? -1;
  if (known === undefined || index < 0) return "no-such-definition";
  known.accepted.splice(index, 1);
  return undefined;
};

const wrongQueue = (log: ReadLog, { all, steps, decideMs }: QueuePolicy): RejectCode | undefined => {
  // A rung that never comes, or comes before the one above it, would not be what its author reads.
  if (steps.some(({ afterMs }, i) => afterMs >= decideMs || afterMs <= (steps[i - 1]?.afterMs ?? 0)))
    return "malformed";
  for (const { roles, members } of [all, ...steps.map((step) => step.all)].flat()) {
    if (roles.length + members.length === 0) return "malformed";
    if (roles.some((role) => !log.roles.has(role))) return "no-such-role";
    if (members.some((member) => !log.members.has(member))) return "no-such-member";
  }
  return undefined;
};

/** A rule that names something unknown would silently never match, so it is refused. `coming` is a server that is being defined. */
const unknownName = (log: ReadLog, policy: Policy, coming: ServerId | null = null): RejectCode | undefined => {
  const queues = new Set(policy.queues.map((queue) => queue.id));
  const rules = new Set(policy.rules.map((rule) => rule.id));
  if (queues.size !== policy.queues.length || rules.size !== policy.rules.length) return "already-exists";
  for (const queue of policy.queues) {
    const wrong = wrongQueue(log, queue);
    if (wrong !== undefined) return wrong;
  }
  for (const rule of policy.rules) {
    const { server, effect, roles } = rule;
    if (server !== null && server !== coming && !log.servers.has(server)) return "no-such-server";
    if (effect.kind === "ask" && !queues.has(effect.queue)) return "no-such-queue";
    if (roles.some((role) => !log.roles.has(role))) return "no-such-role";
    if (namesNothing(rule)) return "malformed";
  }
  return undefined;
};
/** Such a rule would stand in every list and never fit. */
const namesNothing = ({ tools, except }: Rule): boolean =>
  (tools.length === 0 && !except) || new Set(tools).size !== tools.length;

export const onPolicySet: Handler<"policy.set"> = (log, body, context) => {
  const refused = refusedTo(log, context, "policy.edit");
  if (refused !== undefined) return refused;
  if (body.base !== policyPosition(log)) return "stale";
  const { unnamed, rules, queues } = body;
  const unknown = unknownName(log, { unnamed, rules, queues });
  if (unknown !== undefined) return unknown;
  log.policy.push([context.seq, { unnamed, rules, queues }]);
  return undefined;
};

export const onServerKey: Handler<"server.key"> = (log, body, context) => {
  const refused = refusedTo(log, context, "workspace.configure");
  if (refused !== undefined) return refused;
  log.serverKey = body.x;
  return undefined;
};
