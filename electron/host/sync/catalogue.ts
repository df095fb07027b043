/** The team's tool catalogue and policy: what the log says, and the commands that change it. */
import type { Body } from "#core/command.ts";
import { asQueueId, asServerId, LOG } from "#core/ids.ts";
import type { Hash, ServerId } from "#core/ids.ts";
import { may, policyAt, policyPosition, queuesEver, roleOf } from "#core/may.ts";
import { REJECTS } from "#core/reject.ts";
import type { Log, Policy, ToolServer } from "#core/state.ts";
import type { Effect, Launch, QueueView, Verdict } from "#bridge/views.ts";
import { evaluate, findingWords } from "../gate/match.ts";
import { acceptedOf, toolStanding } from "../gate/definitions.ts";
import { Refusal } from "../seams.ts";
import type { CatalogueEntry, ToolDef, Workspaces } from "../seams.ts";
import { secretPlaces, stopSecrets } from "../tools/secret-stop.ts";
import { rulesFor, withEffects } from "./effects.ts";
import type { Live } from "./live.ts";
import { nameOf } from "./names.ts";
import { needs } from "./needs.ts";

export const catalogueOf = (log: Log): CatalogueEntry[] =>
  [...log.servers.values()].map(({ id, name, launch, by }) => ({ id, name, launch, addedBy: nameOf(log, by) }));

export const effectOf = ({ log, me }: Live, server: string, tool: Pick<ToolDef, "name" | "schema">, unsteady: boolean): ReturnType<Workspaces["effectOf"]> => {
  const policy = policyAt(log);
  const role = roleOf(log, me);
  const standing = toolStanding(log, server, tool, unsteady);
  const accepted = acceptedOf(log, server, tool.name).map(({ schema, by, at }) => ({ schema, by: nameOf(log, by), at }));
  if (role === null) return { effect: { kind: "deny" }, rule: "You are not an active member of this workspace.", standing, accepted };
  const found = evaluate(policy, { server, tool: tool.name, role, args: null, changed: standing !== "accepted" });
  return { effect: found.effect, rule: findingWords(log, policy, found, tool.name), standing, accepted };
};

export const mayEdit = ({ log, me }: Live): Verdict => {
  const tools = may(log, me, "tools.configure");
  return tools.allowed ? may(log, me, "policy.edit") : tools;
};

export const queueViews = ({ log }: Live): QueueView[] => policyAt(log).queues.map((queue) => ({ ...queue, all: queue.all.map((item) => ({ ...item })) }));

const serverId = (id: string): ServerId => {
  const known = asServerId(id);
  if (known === undefined) throw new Refusal("no-such-server", "There is no such tool server.");
  return known;
};

/** Throws where somebody changed the policy since `base` was read: their change would be lost. */
export const stillThe = ({ log }: Live, base: number): void => {
  if (base !== policyPosition(log)) throw new Refusal("stale", REJECTS.stale);
};

type Change = Partial<Pick<Policy, "unnamed" | "rules" | "queues">>;
export const setPolicy = (live: Live, change: Change): Promise<void> => {
  const { unnamed, rules, queues } = { ...policyAt(live.log), ...change };
  return live.outbox.now("policy.set", LOG, { base: policyPosition(live.log), unnamed, rules: [...rules], queues: [...queues] });
};

export const setEffects = async (live: Live, server: string, effects: Record<string, Effect>): Promise<void> => {
  needs(may(live.log, live.me, "policy.edit"));
  const id = serverId(server);
  const known = live.log.servers.get(id);
  if (known === undefined) throw new Refusal("no-such-server", "There is no such tool server. Somebody may have removed it.");
  if (Object.keys(effects).length === 0) return;
  await setPolicy(live, { rules: withEffects(policyAt(live.log).rules, id, effects) });
};

/** Server, tools and rules in one act: all of it is there, or none. */
export const defineServer = async (live: Live, entry: { id: string; name: string; launch: Launch }, tools: readonly ToolDef[], effects: Record<string, Effect>, shares = false): Promise<void> => {
  needs(may(live.log, live.me, "tools.configure"));
  const ruled = Object.keys(effects).length > 0;
  if (ruled) needs(may(live.log, live.me, "policy.edit"));
  if (!shares) stopSecrets(secretPlaces(entry.name, entry.launch));
  const id = serverId(entry.id);
  const listed = tools.map(({ name, schema, readOnly, destructive }) => ({ name, schema, readOnly, destructive }));
  const policy = ruled ? { base: policyPosition(live.log), rules: rulesFor(id, effects) } : null;
  await live.outbox.now("tool.define", LOG, { id, name: entry.name, launch: entry.launch, tools: listed as Body<"tool.define">["tools"], policy });
};

export const removeServer = async (live: Live, server: string): Promise<void> => {
  needs(mayEdit(live));
  await live.outbox.now("tool.remove", LOG, { id: serverId(server) });
};

const serverNow = (live: Live, id: string): ToolServer => {
  const server = live.log.servers.get(serverId(id));
  if (server === undefined) throw new Refusal("no-such-server", "There is no such tool server. Somebody may have removed it.");
  return server;
};

/** One signed act for each, since each is a thing that somebody looked at. What is accepted already is left out. */
export const acceptTools = async (live: Live, id: string, tools: readonly ToolDef[]): Promise<void> => {
  needs(may(live.log, live.me, "tools.configure"));
  for (const { name, schema, readOnly, destructive } of tools) {
    const server = serverNow(live, id);
    if (acceptedOf(live.log, id, name).some((seen) => seen.schema === schema)) continue;
    await live.outbox.now("tool.accept", LOG, { server: server.id, base: server.position, tool: name, schema: schema as Hash, readOnly, destructive });
  }
};

export const withdrawTool = async (live: Live, id: string, tool: string, schema: string): Promise<void> => {
  needs(may(live.log, live.me, "tools.configure"));
  const server = serverNow(live, id);
  await live.outbox.now("tool.withdraw", LOG, { server: server.id, base: server.position, tool, schema: schema as Hash });
};

/** Replaces the queue of that id, or adds it. */
export const setQueue = async (live: Live, queue: QueueView, base = policyPosition(live.log)): Promise<void> => {
  needs(may(live.log, live.me, "policy.edit"));
  stillThe(live, base);
  if (asQueueId(queue.id) === undefined) throw new Refusal("malformed", "The queue's id may hold small letters, digits and dashes only.");
  const given = queue as unknown as Policy["queues"][number];
  const before = policyAt(live.log).queues;
  // The document of a queue is named by its id: its new approvers would read what was asked in the removed one.
  if (!before.some(({ id }) => id === given.id) && queuesEver(live.log).some(({ id }) => id === given.id)) throw new Refusal("already-exists", "There was such a queue, and what was asked in it would be open to the new one. Use another id.");
  const after = before.some(({ id }) => id === given.id) ? before.map((item) => (item.id === given.id ? given : item)) : [...before, given];
  await setPolicy(live, { queues: after });
};
