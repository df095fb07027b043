/** Rules of what a workspace configures: tool servers, approval policy, the server's key. */
import type { Body, QueuePolicy } from "./command.ts";
import { refusedTo } from "./context.ts";
import type { Handler } from "./context.ts";
import { policyPosition } from "./may.ts";
import type { RejectCode } from "./reject.ts";
import type { Log } from "./state.ts";

export const onToolDefine: Handler<"tool.define"> = (log, body, context) => {
  const refused = refusedTo(log, context, "tools.configure");
  if (refused !== undefined) return refused;
  log.servers.set(body.id, { ...body, by: context.member, position: context.seq });
  return undefined;
};

export const onToolRemove: Handler<"tool.remove"> = (log, body, context) => {
  const refused = refusedTo(log, context, "tools.configure");
  if (refused !== undefined) return refused;
  return log.servers.delete(body.id) ? undefined : "no-such-server";
};

const wrongQueue = (log: Log, { all, steps, decideMs }: QueuePolicy): RejectCode | undefined => {
  // A rung that never comes, or comes before the one above it, would not be what its author reads.
  if (steps.some(({ afterMs }, i) => afterMs >= decideMs || afterMs <= (steps[i - 1]?.afterMs ?? 0))) return "malformed";
  for (const { roles, members } of [all, ...steps.map((step) => step.all)].flat()) {
    if (roles.length + members.length === 0) return "malformed";
    if (roles.some((role) => !log.roles.has(role))) return "no-such-role";
    if (members.some((member) => !log.members.has(member))) return "no-such-member";
  }
  return undefined;
};

/** A rule that names something unknown would silently never match, so it is refused. */
const unknownName = (log: Log, body: Body<"policy.set">): RejectCode | undefined => {
  const queues = new Set(body.queues.map((queue) => queue.id));
  const rules = new Set(body.rules.map((rule) => rule.id));
  if (queues.size !== body.queues.length || rules.size !== body.rules.length) return "already-exists";
  for (const queue of body.queues) {
    const wrong = wrongQueue(log, queue);
    if (wrong !== undefined) return wrong;
  }
  for (const { server, effect, roles } of body.rules) {
    if (server !== null && !log.servers.has(server)) return "no-such-server";
    if (effect.kind === "ask" && !queues.has(effect.queue)) return "no-such-queue";
    if (roles.some((role) => !log.roles.has(role))) return "no-such-role";
  }
  return undefined;
};

export const onPolicySet: Handler<"policy.set"> = (log, body, context) => {
  const refused = refusedTo(log, context, "policy.edit");
  if (refused !== undefined) return refused;
  if (body.base !== policyPosition(log)) return "stale";
  const unknown = unknownName(log, body);
  if (unknown !== undefined) return unknown;
  log.policy.push([context.seq, { rules: body.rules, queues: body.queues }]);
  return undefined;
};

export const onServerKey: Handler<"server.key"> = (log, body, context) => {
  const refused = refusedTo(log, context, "workspace.configure");
  if (refused !== undefined) return refused;
  log.serverKey = body.x;
  return undefined;
};
