/**
 * Changes of the policy: applied one after the other to what holds now, looked at before anybody signs, and published
 * as one command. What is refused here is refused in words before the shell is asked.
 */
import { why } from "#core/facts/why.ts";
import { nameProblem } from "#bridge/plain-text.ts";
import type { Rule, RuleEffect } from "#core/protocol/command.ts";
import { asQueueId, asServerId, LOG } from "#core/protocol/ids.ts";
import type { RoleId, ServerId } from "#core/protocol/ids.ts";
import { policyAt, policyPosition, queuesEver, roleNamed, roleOf } from "#core/rules/may.ts";
import type { ReadLog } from "#core/rules/read.ts";
import type { Policy } from "#core/rules/state.ts";
import type { PolicyChange, PolicyPreview } from "#bridge/policy.ts";
import { ruleFact } from "#core/rules/rule-fact.ts";
import { previewOf } from "../gate/preview.ts";
import type { Preview } from "../gate/preview.ts";
import { refusalOf, refused } from "#bridge/refused.ts";
import { told } from "#bridge/told.ts";
import type { Told } from "#bridge/told.ts";
import { random22 } from "#node/crypto.ts";
import { rejected } from "../seams.ts";
import { withEffects } from "./effects.ts";
import type { Live } from "#client/live.ts";
import { removable } from "./queue-removal.ts";
import { judged, overruling } from "./rule-judge.ts";
import type { Schemas } from "./rule-judge.ts";
import { needsRoom } from "./size.ts";

/** Most rules of a workspace. */
const RULES_MAX = 500;

/** Throws where somebody changed the policy since `base` was read: their change would be lost. */
export const stillThe = ({ log }: Live, base: number): void => {
  if (base !== policyPosition(log)) throw rejected("stale");
};

/** Signs and sends the policy whole. Answers the positions of the policy before it and of this one. */
export const setPolicy = async (live: Live, next: Policy): Promise<{ before: number; after: number }> => {
  const before = policyPosition(live.log);
  if (next.rules.length > RULES_MAX) throw refused("too-many-rules", RULES_MAX, next.rules.length);
  const body = { base: before, unnamed: next.unnamed, rules: [...next.rules], queues: [...next.queues] };
  needsRoom(live, "policy.set", body, (size, most) =>
    told("policy-too-large", null, body.rules.length, body.queues.length, size, most),
  );
  await live.outbox.now("policy.set", LOG, body);
  return { before, after: live.log.policy.find(([position]) => position > before)?.[0] ?? policyPosition(live.log) };
};

type ChangeKind = PolicyChange["kind"];
type Changes = { readonly [K in ChangeKind]: Extract<PolicyChange, { kind: K }> };
const steps: {
  readonly [K in ChangeKind]: (live: Live, policy: Policy, change: Changes[K], schemas: Schemas) => Policy;
} = {
  rule: ({ log }, policy, { rule }, schemas) => {
    if (rule.id !== null) known(policy, rule.id);
    const found = judged(log, policy, rule, schemas);
    if (found.refused !== null) throw refused("bad-rule", found.refused);
    const made: Rule = {
      id: rule.id ?? random22(),
      server: rule.server as ServerId | null,
      tools: rule.tools,
      except: rule.except,
      args: rule.args,
      roles: rule.roles as RoleId[],
      effect: rule.effect as RuleEffect,
    };
    return {
      ...policy,
      rules:
        rule.id === null ? [...policy.rules, made] : policy.rules.map((each) => (each.id === made.id ? made : each)),
    };
  },
  "remove-rule": (_live, policy, { rule }) => {
    known(policy, rule);
    return { ...policy, rules: policy.rules.filter(({ id }) => id !== rule) };
  },
  effects: ({ log }, policy, { server, effects }) => {
    const id = asServerId(server);
    if (id === undefined || !log.servers.has(id)) throw refused("server-gone");
    return Object.keys(effects).length === 0 ? policy : { ...policy, rules: withEffects(policy.rules, id, effects) };
  },
  queue: ({ log }, policy, { queue }) => {
    const wrong = nameProblem(queue.name);
    if (wrong !== null) throw refusalOf(wrong);
    if (asQueueId(queue.id) === undefined) throw refused("queue-id");
    const before = policy.queues.find(({ id }) => id === queue.id);
    const replaces = before !== undefined;
    const { phone, grants } = before ?? { phone: "reject", grants: "none" };
    const given = { ...queue, phone, grants } as unknown as Policy["queues"][number];
    // The document of a queue is named by its id: its new approvers would read what was asked in the removed one.
    if (!replaces && queuesEver(log).some(({ id }) => id === given.id)) throw refused("queue-id-used");
    return {
      ...policy,
      queues: replaces ? policy.queues.map((item) => (item.id === given.id ? given : item)) : [...policy.queues, given],
    };
  },
  "remove-queue": (live, policy, { queue }) => {
    const { can, others } = removable(live, policy, queue);
    if (!can.allowed) throw refusalOf(can.why);
    return { ...policy, queues: others };
  },
  unnamed: (_live, policy, { unnamed }) => ({ ...policy, unnamed }),
};

const known = (policy: Policy, id: string): void => {
  if (!policy.rules.some((rule) => rule.id === id)) throw refused("no-such-rule");
};

/** The policy that holds now with these changes. Throws `Refusal` where one of them cannot be. */
const changed = (live: Live, changes: readonly PolicyChange[], schemas: Schemas): Policy =>
  changes.reduce((policy, change) => applied(live, policy, change.kind, change, schemas), policyAt(live.log));
const applied = <K extends ChangeKind>(
  live: Live,
  policy: Policy,
  kind: K,
  change: Changes[K],
  schemas: Schemas,
): Policy => steps[kind](live, policy, change, schemas);

/** All of them in one command, or none. */
export const publish = async (
  live: Live,
  changes: readonly PolicyChange[],
  base: number,
  schemas: Schemas,
): Promise<{ before: number; after: number }> => {
  stillThe(live, base);
  return setPolicy(live, changed(live, changes, schemas));
};

/** What these changes would do to what holds now. Nothing is signed. */
export const previewChanges = (live: Live, changes: readonly PolicyChange[], schemas: Schemas): PolicyPreview => {
  const { log } = live;
  const after = changed(live, changes, schemas);
  const rules = changes.flatMap((change) => (change.kind === "rule" ? [change.rule] : []));
  return {
    ...previewWords(log, policyAt(log), after),
    everything: rules.some(
      (rule) =>
        rule.server === null &&
        rule.except &&
        rule.tools.length === 0 &&
        rule.args.length === 0 &&
        rule.roles.length === 0,
    ),
    overruledBy: [...new Set(rules.flatMap((rule) => overruling(after, rule)))].map((each) =>
      why("rule", ruleFact(log, after, each)),
    ),
    warnings: distinct(rules.flatMap((rule) => judged(log, policyAt(log), rule, schemas).warned)),
  };
};

/** The difference of two policies over the tools and people that are here now. */
export const previewWords = (log: ReadLog, before: Policy, after: Policy): PolicyPreview => {
  const tools = [...log.servers.values()].flatMap(({ id, tools: own }) =>
    own.map(({ name }) => ({ server: id as string, tool: name })),
  );
  const found = previewOf(before, after, tools, [...log.roles.keys()]);
  const named = found.changes.map(({ tools: of, roles, ...effects }) => ({
    ...effects,
    tools: of.map(({ server, tool }) => ({ server: log.servers.get(server as ServerId)?.name ?? "", tool })),
    roles: roles.map((role) => roleNamed(log, role)?.name ?? role),
    people: peopleWith(log, roles),
  }));
  const { conditional, queues, unnamed, loosens, tightens, same } = found;
  return {
    base: policyPosition(log),
    changes: named,
    tools: distinctTools(found),
    people: peopleWith(
      log,
      found.changes.flatMap(({ roles }) => roles),
    ),
    conditional: conditional.map(({ how, rule }) => ({
      how,
      rule: why("rule", ruleFact(log, how === "removed" ? before : after, rule)),
    })),
    queues: queues.map(({ how, queue, eases, tools: asked }) => ({
      how,
      name: queue.name,
      eases: [...eases],
      tools: asked,
    })),
    unnamed,
    loosens,
    tightens,
    same,
    everything: false,
    overruledBy: [],
    warnings: [],
  };
};

const distinct = (facts: readonly Told[]): Told[] => [
  ...new Map(facts.map((fact) => [JSON.stringify(fact), fact])).values(),
];
const distinctTools = ({ changes }: Preview): number =>
  new Set(changes.flatMap(({ tools }) => tools.map(({ server, tool }) => `${server} ${tool}`))).size;
const peopleWith = (log: ReadLog, roles: readonly RoleId[]): string[] =>
  [...log.members.values()].flatMap(({ id, name }) => {
    const role = roleOf(log, id);
    return role !== null && roles.includes(role) ? [name] : [];
  });
