/** A rule of the policy as a fact: with the names that it has where it is told. */
import type { Rule, RuleEffect } from "../protocol/command.ts";
import type { RoleId, ServerId } from "../protocol/ids.ts";
import type { Does, QueueName, RoleName, RuleFact, ServerName } from "../facts/why.ts";
import { roleNamed } from "./may.ts";
import type { ReadLog } from "./read.ts";
import type { Policy } from "./state.ts";

/** `tool` where the rule is told of one call: nothing is then said of its other tools, whose names would go with each of them. */
export const ruleFact = (log: ReadLog, policy: Policy, rule: Rule, tool: string | null = null): RuleFact => ({
  tool,
  tools: tool === null || rule.tools.length === 0 ? rule.tools : [tool],
  except: tool === null && rule.except,
  server: rule.server === null ? null : serverNamed(log, rule.server),
  args: rule.args.map(({ path, op, value }) => ({ path, op, value })),
  roles: rule.roles.map((role) => roleTold(log, role)),
  does: doesOf(policy, rule.effect),
  linksUnseen: linksUnseen(log, rule),
});

export const doesOf = (policy: Policy, effect: RuleEffect): Does => {
  if (effect.kind !== "ask") return [effect.kind];
  const queue: QueueName = [effect.queue, policy.queues.find(({ id }) => id === effect.queue)?.name ?? ""];
  return ["ask", queue];
};

export const serverNamed = (log: ReadLog, id: ServerId): ServerName => [id, log.servers.get(id)?.name ?? ""];
export const roleTold = (log: ReadLog, id: RoleId, position = log.seq): RoleName => [
  id,
  roleNamed(log, id, position)?.name ?? "",
];

/** A link under a folder may lead out of it, and only on the server's own computer can that be seen. */
const linksUnseen = (log: ReadLog, { server, args }: Rule): boolean => {
  const elsewhere = server !== null && log.servers.get(server)?.launch.kind === "http";
  return elsewhere && args.some(({ op }) => op === "under");
};
