/** The team's tool catalogue: what the log says, and the commands that change it. */
import { why } from "#core/facts/why.ts";
import { TOOLS_MAX } from "#core/protocol/command.ts";
import type { Body, Rule } from "#core/protocol/command.ts";
import { asServerId, LOG } from "#core/protocol/ids.ts";
import type { Hash, ServerId } from "#core/protocol/ids.ts";
import { may, policyAt, policyPosition, roleOf } from "#core/rules/may.ts";
import type { ReadLog, ReadToolServer } from "#core/rules/read.ts";
import type { Effect, QueueView } from "#bridge/policy.ts";
import type { Launch } from "#bridge/tool.ts";
import type { Verdict } from "#bridge/answer.ts";
import { evaluate, findingFact } from "../gate/match.ts";
import { acceptedOf, toolStanding } from "../gate/definitions.ts";
import { refused } from "#bridge/refused.ts";
import { told } from "#bridge/told.ts";
import { rejected } from "../seams.ts";
import type { CatalogueEntry, ToolDef, Workspaces } from "../seams.ts";
import { secretPlaces, stopSecrets } from "../tools/secret-stop.ts";
import { effectKey, isPlain, rulesFor } from "./effects.ts";
import type { Live } from "#client/live.ts";
import { nameOf } from "../people/names.ts";
import { needs } from "../team/needs.ts";
import { needsRoom } from "./size.ts";

export const catalogueOf = (log: ReadLog): CatalogueEntry[] =>
  [...log.servers.values()].map(({ id, name, launch, by }) => ({ id, name, launch, addedBy: nameOf(log, by) }));

/**
 * What a call of the tool gets from this person, and the rule that says so; the setting of the tool itself, or null where
 * it has none; and the rule that overrules that setting, in words.
 */
export const effectOf = (
  { log, me }: Live,
  server: string,
  tool: Pick<ToolDef, "name" | "schema">,
  unsteady: boolean,
): ReturnType<Workspaces["effectOf"]> => {
  const policy = policyAt(log);
  const role = roleOf(log, me);
  const standing = toolStanding(log, server, tool, unsteady);
  const accepted = acceptedOf(log, server, tool.name).map(({ schema, by, at }) => ({
    schema,
    by: nameOf(log, by),
    at,
  }));
  if (role === null)
    return {
      effect: { kind: "deny" },
      rule: why("not-active"),
      own: null,
      overruledBy: null,
      standing,
      accepted,
    };
  const asked = { server, tool: tool.name, role, args: null, changed: standing !== "accepted" };
  const found = evaluate(policy, asked);
  const set = evaluate(
    { ...policy, rules: policy.rules.filter((rule) => isPlain(rule, server as ServerId)) },
    { ...asked, changed: false },
  );
  const own = set.rule === null ? null : set.effect;
  const rule = findingFact(log, policy, found, tool.name);
  return {
    effect: found.effect,
    rule,
    own,
    overruledBy: own !== null && effectKey(own) !== effectKey(found.effect) ? rule : null,
    standing,
    accepted,
  };
};

export const mayEdit = ({ log, me }: Live): Verdict => {
  const tools = may(log, me, "tools.configure");
  return tools.allowed ? may(log, me, "policy.edit") : tools;
};

export const queueViews = ({ log }: Live): QueueView[] =>
  policyAt(log).queues.map(({ phone: _phone, grants: _grants, ...queue }) => ({
    ...queue,
    all: queue.all.map((item) => ({ ...item })),
  }));

const serverId = (id: string): ServerId => {
  const known = asServerId(id);
  if (known === undefined) throw rejected("no-such-server");
  return known;
};

/** Server, tools and rules in one act: all of it is there, or none. */
export const defineServer = async (
  live: Live,
  entry: { id: string; name: string; launch: Launch },
  tools: readonly ToolDef[],
  effects: Record<string, Effect>,
  shares = false,
): Promise<void> => {
  // Its tools were listed meanwhile, and the rights may have changed.
  needs(may(live.log, live.me, "tools.configure"));
  const ruled = Object.keys(effects).length > 0;
  if (ruled) needs(may(live.log, live.me, "policy.edit"));
  if (!shares) stopSecrets(secretPlaces(entry.name, entry.launch));
  const id = serverId(entry.id);
  if (tools.length > TOOLS_MAX) throw refused("too-many-listed", tools.length, TOOLS_MAX);
  const listed = tools.map(({ name, schema, readOnly, destructive }) => ({
    name,
    schema: schema as Hash,
    readOnly,
    destructive,
  }));
  const policy = ruled ? { base: policyPosition(live.log), rules: rulesFor(id, effects) } : null;
  const body: Body<"tool.define"> = {
    id,
    name: entry.name,
    launch: entry.launch,
    tools: listed,
    policy,
  };
  needsRoom(live, "tool.define", body, (size, most) =>
    told("server-too-large", entry.name, tools.length, policy !== null, size, most),
  );
  if (policy !== null) roomLater(live, entry.name, policy.rules);
  await live.outbox.now("tool.define", LOG, body);
};

/** The rules of all servers are changed by one command later: they must still fit into it. */
const roomLater = (live: Live, name: string, added: readonly Rule[]): void => {
  const { unnamed, rules, queues } = policyAt(live.log);
  const whole = { base: policyPosition(live.log), unnamed, rules: [...rules, ...added], queues: [...queues] };
  needsRoom(live, "policy.set", whole, (size, most) =>
    told("policy-too-large", name, whole.rules.length, whole.queues.length, size, most),
  );
};

export const removeServer = async (live: Live, server: string): Promise<void> => {
  await live.outbox.now("tool.remove", LOG, { id: serverId(server) });
};

const serverNow = (live: Live, id: string): ReadToolServer => {
  const server = live.log.servers.get(serverId(id));
  if (server === undefined) throw refused("server-gone");
  return server;
};

/** One signed act for each, since each is a thing that somebody looked at. What is accepted already is left out. */
export const acceptTools = async (live: Live, id: string, tools: readonly ToolDef[]): Promise<void> => {
  for (const { name, schema, readOnly, destructive } of tools) {
    const server = serverNow(live, id);
    if (acceptedOf(live.log, id, name).some((seen) => seen.schema === schema)) continue;
    await live.outbox.now("tool.accept", LOG, {
      server: server.id,
      base: server.position,
      tool: name,
      schema: schema as Hash,
      readOnly,
      destructive,
    });
  }
};

export const withdrawTool = async (live: Live, id: string, tool: string, schema: string): Promise<void> => {
  const server = serverNow(live, id);
  await live.outbox.now("tool.withdraw", LOG, {
    server: server.id,
    base: server.position,
    tool,
    schema: schema as Hash,
  });
};
