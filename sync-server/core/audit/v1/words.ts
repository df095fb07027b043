/**
 * An act in words, and the rule that let it happen, as audits of format 1 write them. Frozen: an export of that format
 * verifies only while every letter here stays as it was. Nothing but the verifier of such exports may import it.
 */
import { bodies } from "../../protocol/command.ts";
import type { Body, Kind } from "../../protocol/command.ts";
import { docArgument } from "../../protocol/ids.ts";
import type { DeviceId, DocName, MemberId, RoleId, ServerId } from "../../protocol/ids.ts";
import { may, policyAt, roleNamed, roleOf } from "../../rules/may.ts";
import type { Capability } from "../../protocol/capabilities.ts";
import { isoTime } from "../iso-time.ts";
import { CAPABILITY_WORDS, whyWords } from "./why-words.ts";
import { ruleWords } from "./rule-words.ts";
import type { ReadLog, ReadRequest } from "../../rules/read.ts";
import type { Act } from "../acts.ts";
import { rejections, tally, thresholdsAt } from "../../rules/votes.ts";

const nameOf = (log: ReadLog, member: MemberId): string => log.members.get(member)?.name ?? "somebody unknown";
const roleName = (log: ReadLog, role: RoleId): string => roleNamed(log, role)?.name ?? role;
const docName = (log: ReadLog, doc: DocName): string =>
  doc.startsWith("lane:")
    ? `the lane of ${nameOf(log, docArgument(doc) as MemberId)}`
    : `the queue ${docArgument(doc) ?? doc}`;

/** The kinds of that time, and no other: what came later stands in no export of this format. */
type FirstKind =
  | "genesis"
  | "member.join"
  | "member.role"
  | "member.refuse"
  | "member.rename"
  | "member.remove"
  | "device.add"
  | "device.revoke"
  | "device.rotate"
  | "role.define"
  | "invite.create"
  | "invite.revoke"
  | "tool.define"
  | "tool.remove"
  | "tool.accept"
  | "tool.withdraw"
  | "policy.set"
  | "server.key"
  | "checkpoint"
  | "epoch.open"
  | "approval.delegate"
  | "approval.undelegate"
  | "approval.request"
  | "approval.vote"
  | "approval.cancel"
  | "approval.rewrap"
  | "approval.used";
type Words = { readonly [K in FirstKind]: (act: Act, body: Body<K>) => string };
const call = ({ request }: Act): string =>
  request === undefined ? "a call" : `${request.practice ? "practice: " : ""}${request.tool} on ${request.server}`;
const asked = (act: Act): string =>
  act.request === undefined ? "a request" : `what ${nameOf(act.log, act.request.requester)} asked (${call(act)})`;

const joined = ({ log, device, member }: Act): string => {
  const { recovered } = log.devices.get(device) ?? { recovered: null };
  if (recovered !== null)
    return `came back with a new device, let in by ${nameOf(log, recovered.by)}; older devices were closed`;
  const promised = log.members.get(member)?.promised ?? null;
  return promised === null
    ? "joined with an invite"
    : `joined as Guest with an invite; the role ${roleName(log, promised)} waits for an Admin`;
};

const voted = (act: Act, body: Body<"approval.vote">): string => {
  const others = (act.request?.votes ?? [])
    .filter((vote) => vote.by === act.member && vote.member !== act.member)
    .map((vote) => nameOf(act.log, vote.member));
  return `${body.v === "approve" ? "approved" : "rejected"} ${asked(act)}${others.length === 0 ? "" : `, in the place of ${others.join(" and ")}`}`;
};

const serverName = (log: ReadLog, server: ServerId): string => log.servers.get(server)?.name ?? "a removed server";
const UNNAMED = {
  ask: "what no rule names asks",
  confirm: "what no rule names is confirmed by whoever runs it",
  deny: "what no rule names is never run",
} as const;

const words: Words = {
  genesis: ({ log }) => `founded the workspace ${log.name}`,
  "member.join": (act) => joined(act),
  "member.role": ({ log }, { member, from, to }) =>
    `gave ${nameOf(log, member)} the role ${roleName(log, to)} instead of ${roleName(log, from)}`,
  "member.refuse": ({ log }, { member }) => `refused ${nameOf(log, member)} the role that the invite promised`,
  "member.rename": (_act, { name }) => `changed the own name to ${name}`,
  "member.remove": ({ log, member: by }, { member }) => (member === by ? "left" : `removed ${nameOf(log, member)}`),
  "device.add": () => "added a device",
  "device.revoke": ({ log }, { device }) =>
    `revoked a device of ${nameOf(log, log.devices.get(device)?.member ?? ("" as MemberId))}`,
  "device.rotate": () => "replaced the key of the device",
  "role.define": (_act, { name, caps }) =>
    `defined the role ${name}: ${caps.length === 0 ? "may do nothing" : `may ${caps.map((cap) => CAPABILITY_WORDS[cap as Capability] ?? cap).join(", ")}`}`,
  "invite.create": () => "made an invite",
  "invite.revoke": () => "revoked an invite",
  "tool.define": (_act, { name, policy }) =>
    `defined the tool server ${name}${policy === null ? "" : `, with ${policy.rules.length === 1 ? "1 rule" : `${policy.rules.length} rules`} for it`}`,
  "tool.remove": () => "removed a tool server",
  "tool.accept": ({ log }, { server, tool }) =>
    `accepted what the tool ${tool} of ${serverName(log, server)} says of itself now`,
  "tool.withdraw": ({ log }, { server, tool }) =>
    `took back an accepted definition of the tool ${tool} of ${serverName(log, server)}`,
  "policy.set": (_act, { unnamed, rules, queues }) =>
    `changed the approval policy: ${rules.length} rules, ${UNNAMED[unnamed]}, queues ${queues.map((queue) => queue.name).join(", ")}`,
  "server.key": () => "named the key with which the server signs",
  checkpoint: (_act, { at }) => `signed a checkpoint of entry ${at[0]}`,
  "epoch.open": ({ log }, { doc, n }) => `opened epoch ${n} of ${docName(log, doc)}`,
  "approval.delegate": ({ log }, { to, until }) =>
    `named ${nameOf(log, to)} to decide in their place until ${isoTime(until)}`,
  "approval.undelegate": () => "took back the delegation",
  "approval.request": (act, { replaces }) =>
    `asked to run ${call(act)}${replaces === null ? "" : ", in place of an earlier request"}`,
  "approval.vote": voted,
  "approval.cancel": (act) => `canceled ${asked(act)}`,
  "approval.rewrap": (act) => `sealed the arguments again for approvers who came later: ${call(act)}`,
  "approval.used": (act) => `ran ${call(act)}`,
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

const isFirst = (kind: Act["kind"]): kind is FirstKind => Object.hasOwn(words, kind);
export const actWords = (act: Act): string => {
  const { kind } = act;
  if (!isFirst(kind)) return "";
  const body = (bodies[kind] as (value: unknown) => unknown)(act.body);
  return body === undefined ? "" : (words[kind] as (act: Act, body: unknown) => string)(act, body);
};

export const authorityWords = (act: Act): string => {
  const { log, kind, member, position, time, request } = act;
  const capability = isFirst(kind) ? needs[kind] : undefined;
  const right = capability === undefined ? undefined : whyWords(may(log, member, capability, null, position).why);
  if (kind === "approval.request" && request !== undefined) return `${right ?? ""} ${askedBy(log, request, position)}`;
  if (kind === "approval.vote" && request !== undefined)
    return whyWords(may(log, member, "approvals.decide", { request, time }, position).why);
  if (right !== undefined) return right;
  if (kind === "member.remove" || kind === "device.revoke")
    return isOwn(act)
      ? "Everybody leaves and closes their own devices as they like."
      : whyWords(may(log, member, "members.remove", null, position).why);
  if (kind === "checkpoint")
    return `Only an Owner signs checkpoints, and the role was ${roleName(log, roleOf(log, member, position) ?? ("" as RoleId))}.`;
  if (kind === "genesis") return "The workspace is named after what its founder signed.";
  if (kind === "member.join") return "The invite and its maker's right were good at this place of the log.";
  return "It concerns what is one's own.";
};

/** The rule that asked, as it stood at the request. */
const askedBy = (log: ReadLog, request: ReadRequest, position: number): string => {
  const policy = policyAt(log, position);
  const rule = policy.rules.find(({ id }) => id === request.rule);
  if (rule !== undefined) return ruleWords(log, policy, rule, request.tool);
  return request.rule === "default"
    ? `No rule names this call, so it asks ${request.policy.name}.`
    : `It names a rule that was not in force, and asks ${request.policy.name}.`;
};

const isOwn = ({ log, kind, body, member }: Act): boolean => {
  const { member: of, device } = body as { readonly member?: MemberId; readonly device?: DeviceId };
  return kind === "member.remove" ? of === member : device !== undefined && log.devices.get(device)?.member === member;
};

/** Votes that count after the act, against what is needed. */
export const votesWords = ({ log, request, position, time }: Act): string => {
  if (request === undefined) return "";
  const against = rejections(log, request, position, time);
  const approvals = tally(log, request, position, time).map(({ have, need }) => `${have} of ${need}`);
  const rung =
    request.policy.steps.findIndex((step) => step.all === thresholdsAt(request, request.decidedAt ?? time)) + 1;
  return `approvals ${approvals.join(" and ")}, rejections ${against} of ${request.policy.deny}${rung === 0 ? "" : `, step ${rung + 1}`}`;
};

const LENGTHS = [
  [86_400_000, "day"],
  [3_600_000, "hour"],
  [60_000, "minute"],
  [1_000, "second"],
  [1, "millisecond"],
] as const;

/** After the act of the first entry of a document that has the right date again, for whoever reads the dates before it. */
export const setBackWords = (ms: number): string => {
  const [size, unit] = LENGTHS.find(([each]) => ms >= each) ?? [1, "millisecond"];
  const count = Math.floor(ms / size);
  return ms === 0 ? "" : ` (the server's clock had been ${count} ${unit}${count === 1 ? "" : "s"} ahead until here)`;
};
