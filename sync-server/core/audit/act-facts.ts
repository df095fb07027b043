/** What an act did, what let it happen, and what came of it: as codes with arguments. Nothing that is sealed is among them. */
import { bodies } from "../protocol/command.ts";
import type { Body, Kind } from "../protocol/command.ts";
import type { Capability } from "../protocol/capabilities.ts";
import { docArgument, docBase } from "../protocol/ids.ts";
import type { DeviceId, DocName, MemberId, QueueId, RoleId, ServerId } from "../protocol/ids.ts";
import { why } from "../facts/why.ts";
import type { ActCode, Asked, CallFact, Person, QueueName, ResultCode, ServerName, Why } from "../facts/why.ts";
import { may, personNamed, policyAt, queuesEver, roleOf } from "../rules/may.ts";
import type { ReadLog, ReadRequest } from "../rules/read.ts";
import { roleTold, ruleFact } from "../rules/rule-fact.ts";
import { rejections, tally, thresholdsAt } from "../rules/votes.ts";
import type { Act } from "./acts.ts";

const NOBODY = "" as MemberId;

const callFact = ({ request }: Act): CallFact => ({
  practice: request?.practice ?? false,
  tool: request?.tool ?? "",
  server: request?.server ?? "",
});
const asked = (act: Act): Asked => [personNamed(act.log, act.request?.requester ?? NOBODY), callFact(act)];
const serverTold = ({ servers }: Act, id: ServerId): ServerName => [id, servers.get(id) ?? ""];

const joined = ({ log, device, member }: Act): Why<ActCode> => {
  const recovered = log.devices.get(device)?.recovered ?? null;
  if (recovered !== null) return why("act.came-back", personNamed(log, recovered.by));
  const promised = log.members.get(member)?.promised ?? null;
  return promised === null ? why("act.joined") : why("act.joined.promised", roleTold(log, promised));
};

const voted = (act: Act, { v }: Body<"approval.vote">): Why<ActCode> => {
  const others = (act.request?.votes ?? [])
    .filter((vote) => vote.by === act.member && vote.member !== act.member)
    .map((vote) => personNamed(act.log, vote.member));
  return why(v === "approve" ? "act.approved" : "act.rejected", asked(act), others);
};

const epochOpened = ({ log }: Act, { doc, n }: Body<"epoch.open">): Why<ActCode> => {
  const argument = docArgument(docBase(doc as DocName)) ?? "";
  return doc.startsWith("lane:")
    ? why("act.epoch", doc, n, personNamed(log, argument as MemberId), null)
    : why("act.epoch", doc, n, null, queueTold(log, argument as QueueId));
};
const queueTold = (log: ReadLog, id: QueueId): QueueName => [
  id,
  queuesEver(log).find((queue) => queue.id === id)?.name ?? "",
];

const deviceOwner = (log: ReadLog, device: DeviceId): Person =>
  personNamed(log, log.devices.get(device)?.member ?? NOBODY);

type Facts = { readonly [K in Kind]: (act: Act, body: Body<K>) => Why<ActCode> };
const facts: Facts = {
  genesis: ({ log }) => why("act.founded", log.name),
  "member.join": joined,
  "workspace.level": (_act, { from, to }) => why("act.level", from, to),
  "member.role": ({ log }, { member, from, to }) =>
    why("act.role", personNamed(log, member), roleTold(log, to), roleTold(log, from)),
  "member.refuse": ({ log }, { member }) => why("act.role.refused", personNamed(log, member)),
  "member.rename": (_act, { name }) => why("act.renamed", name),
  "member.remove": ({ log, member: by }, { member }) =>
    member === by ? why("act.left") : why("act.removed", personNamed(log, member)),
  "device.add": () => why("act.device.added"),
  "device.knows": (_act, { version, knows }) => why("act.device.knows", version, knows),
  "device.revoke": ({ log }, { device }) => why("act.device.revoked", deviceOwner(log, device), device),
  "device.rotate": () => why("act.device.rotated"),
  "role.define": (_act, { id, name, caps }) => why("act.role.defined", [id, name], caps as Capability[]),
  "invite.create": () => why("act.invite.made"),
  "invite.revoke": () => why("act.invite.revoked"),
  "tool.define": (_act, { id, name, policy }) =>
    why("act.server.defined", [id, name], policy === null ? null : policy.rules.length),
  "tool.remove": (act, { id }) => why("act.server.removed", serverTold(act, id)),
  "tool.accept": (act, { server, tool }) => why("act.tool.accepted", serverTold(act, server), tool),
  "tool.withdraw": (act, { server, tool }) => why("act.tool.withdrawn", serverTold(act, server), tool),
  "policy.set": (_act, { unnamed, rules, queues }) =>
    why(
      "act.policy",
      rules.length,
      unnamed,
      queues.map(({ id, name }): QueueName => [id, name]),
    ),
  "server.key": () => why("act.server-key"),
  checkpoint: (_act, { at }) => why("act.checkpoint", at[0]),
  "epoch.open": epochOpened,
  "approval.delegate": ({ log }, { to, until }) => why("act.delegated", personNamed(log, to), until),
  "approval.undelegate": () => why("act.undelegated"),
  "approval.request": (act, { replaces }) => why("act.asked", callFact(act), replaces !== null),
  "approval.vote": voted,
  "approval.cancel": (act) => why("act.canceled", asked(act)),
  "approval.rewrap": (act) => why("act.rewrapped", callFact(act)),
  "approval.used": (act) => why("act.ran", callFact(act)),
};

/** Body and kind of an act belong together; an entry was folded before, so the body is of its kind. */
export const actFact = (act: Act): Why<ActCode> => {
  if (act.kind === "later") return why("act.later");
  const body = (bodies[act.kind] as (value: unknown) => unknown)(act.body);
  return body === undefined
    ? why("act.later")
    : (facts[act.kind] as (act: Act, body: unknown) => Why<ActCode>)(act, body);
};

/** Capability behind each kind; the others are everybody's own affair or have a rule of their own. */
const needs: { readonly [K in Kind]?: Capability } = {
  "member.role": "members.assign",
  "member.refuse": "members.assign",
  "role.define": "members.assign",
  "invite.create": "members.invite",
  "invite.revoke": "members.invite",
  "tool.define": "tools.configure",
  "tool.remove": "tools.configure",
  "tool.accept": "tools.configure",
  "tool.withdraw": "tools.configure",
  "policy.set": "policy.edit",
  "server.key": "workspace.configure",
  "epoch.open": "workspace.configure",
  "approval.delegate": "approvals.decide",
  "approval.request": "tools.use",
};

export const authorityFacts = (act: Act): readonly Why[] => {
  const { log, kind, member, position, time, request } = act;
  if (kind === "later") return [why("own-affair")];
  const capability = needs[kind];
  const right = capability === undefined ? [] : [may(log, member, capability, null, position).why];
  if (kind === "approval.request" && request !== undefined) return [...right, askedBy(log, request, position)];
  if (kind === "approval.vote" && request !== undefined)
    return [may(log, member, "approvals.decide", { request, time }, position).why];
  if (right.length > 0) return right;
  if (kind === "member.remove" || kind === "device.revoke")
    return [isOwn(act) ? why("leaves-and-closes") : may(log, member, "members.remove", null, position).why];
  if (kind === "checkpoint" || kind === "workspace.level")
    return [
      why(
        kind === "checkpoint" ? "owner-signed" : "owner-raised",
        roleTold(log, roleOf(log, member, position) ?? ("" as RoleId), position),
      ),
    ];
  if (kind === "genesis") return [why("names-itself")];
  return [why(kind === "member.join" ? "invite-good" : "own-affair")];
};

/** The rule that asked, as it stood at the request. */
const askedBy = (log: ReadLog, request: ReadRequest, position: number): Why => {
  const policy = policyAt(log, position);
  const rule = policy.rules.find(({ id }) => id === request.rule);
  if (rule !== undefined) return why("rule", ruleFact(log, policy, rule, request.tool));
  const queue: QueueName = [request.queue, request.policy.name];
  return request.rule === "default" ? why("no-rule", ["ask", queue]) : why("rule-not-in-force", queue);
};

const isOwn = ({ log, kind, body, member }: Act): boolean => {
  const { member: of, device } = body as { readonly member?: MemberId; readonly device?: DeviceId };
  return kind === "member.remove" ? of === member : device !== undefined && log.devices.get(device)?.member === member;
};

export const votesFact = ({ log, request, position, time }: Act): Why<"votes"> | null => {
  if (request === undefined) return null;
  const approvals = tally(log, request, position, time).map(({ have, need }) => [have, need] as const);
  const rung = request.policy.steps.findIndex((step) => step.all === thresholdsAt(request, request.decidedAt ?? time));
  return why("votes", approvals, rejections(log, request, position, time), request.policy.deny, rung + 2);
};

export const resultOf = ({ kind, request }: Act): ResultCode =>
  kind === "approval.used" ? (request?.result ?? "unknown") : (request?.state ?? "done");
