/**
 * Facts are codes with arguments: which rule decided, why something was refused, what an act did. No sentence is made
 * where the fact is. Words are made at the edge, in the language of whoever reads (`renderer/text/facts.ts`).
 *
 * Arity and meaning of a code never change; what has to change gets a new code. Where a code names somebody or something,
 * its argument holds the id and the name as it stood at that place of the log, so that a later change of the name changes
 * no fact. An empty name is one that was not known there.
 */
import type { Capability } from "../protocol/capabilities.ts";
import type { Condition, RuleEffect, Unnamed } from "../protocol/command.ts";
import type { DeviceId, DocName, MemberId, QueueId, RoleId, ServerId } from "../protocol/ids.ts";
import type { ClientArgs } from "./client-args.ts";
import type { RejectCode } from "./reject.ts";

export type Person = readonly [id: MemberId, name: string];
export type RoleName = readonly [id: RoleId, name: string];
export type QueueName = readonly [id: QueueId, name: string];
export type ServerName = readonly [id: ServerId, name: string];

/** What a rule, or the lack of one, does with a call. */
export type Does = readonly [kind: Exclude<RuleEffect["kind"], "ask">] | readonly [kind: "ask", queue: QueueName];

/** A rule of the policy, with the names that it had where it was asked. */
export interface RuleFact {
  /** Of the one call that it is told of, or null where the rule is told by itself. */
  readonly tool: string | null;
  /** Of one call no other tool than its own; empty where the rule speaks about every tool. */
  readonly tools: readonly string[];
  readonly except: boolean;
  /** null: every server. */
  readonly server: ServerName | null;
  readonly args: readonly Condition[];
  readonly roles: readonly RoleName[];
  readonly does: Does;
  /** A link under a folder may lead out of it, and on that server's computer it cannot be seen from here. */
  readonly linksUnseen: boolean;
}

export interface CallFact {
  readonly practice: boolean;
  readonly tool: string;
  /** Name of the server, as the request says it. */
  readonly server: string;
}
/** Whose request of which call an act is about. */
export type Asked = readonly [requester: Person, call: CallFact];

/** Why somebody may or may not do something. */
interface RightArgs {
  "not-active": readonly [];
  "role-may": readonly [role: RoleName, capability: Capability];
  "role-may-not": readonly [role: RoleName, capability: Capability];
  "role-covers": readonly [mine: RoleName, wanted: RoleName];
  "role-lacks": readonly [mine: RoleName, wanted: RoleName];
  "role-covers-rights": readonly [mine: RoleName];
  "role-lacks-rights": readonly [mine: RoleName];
  "may-leave": readonly [];
  "closes-own-devices": readonly [];
  "queue-names": readonly [queue: QueueName, role: RoleName];
  "queue-names-later": readonly [queue: QueueName];
  "queue-names-not": readonly [queue: QueueName];
  "stands-in-for": readonly [person: Person];
  "opens-asked": readonly [];
  "opens-voted": readonly [];
  "reads-log": readonly [];
  "no-such-document": readonly [];
  "reads-own-requests": readonly [];
  "lane-of-another": readonly [];
  "queue-removed": readonly [];
  "checkpoint.owner": readonly [];
  "checkpoint.verifying": readonly [];
}

/** What decided over a call. */
interface RuleArgs {
  rule: readonly [rule: RuleFact];
  "no-rule": readonly [does: Does];
  /** The tool says of itself what nobody accepted. */
  "tool-changed": readonly [does: Does];
  /** A rule of which no more is known now. */
  "rule-asks": readonly [queue: QueueName];
  "bad-args": readonly [];
  "practice-asks": readonly [];
  "rule-not-in-force": readonly [queue: QueueName];
}

/** What let an act happen, where it is not a right. */
interface AuthorityArgs {
  "leaves-and-closes": readonly [];
  "owner-signed": readonly [role: RoleName];
  "owner-raised": readonly [role: RoleName];
  "names-itself": readonly [];
  "invite-good": readonly [];
  "own-affair": readonly [];
}

/** What an entry did. */
interface ActArgs {
  "act.founded": readonly [workspace: string];
  "act.joined": readonly [];
  "act.joined.promised": readonly [role: RoleName];
  "act.came-back": readonly [by: Person];
  "act.role": readonly [member: Person, to: RoleName, from: RoleName];
  "act.role.refused": readonly [member: Person];
  "act.renamed": readonly [name: string];
  "act.left": readonly [];
  "act.removed": readonly [member: Person];
  "act.device.added": readonly [];
  "act.device.knows": readonly [version: string, level: number];
  "act.level": readonly [from: number, to: number];
  "act.device.revoked": readonly [owner: Person, device: DeviceId];
  "act.device.rotated": readonly [];
  "act.role.defined": readonly [role: RoleName, capabilities: readonly Capability[]];
  "act.invite.made": readonly [];
  "act.invite.revoked": readonly [];
  /** `rules` that came with it; null where the policy was not changed. */
  "act.server.defined": readonly [server: ServerName, rules: number | null];
  "act.server.removed": readonly [server: ServerName];
  "act.tool.accepted": readonly [server: ServerName, tool: string];
  "act.tool.withdrawn": readonly [server: ServerName, tool: string];
  "act.policy": readonly [rules: number, unnamed: Unnamed, queues: readonly QueueName[]];
  "act.server-key": readonly [];
  "act.checkpoint": readonly [position: number];
  /** `owner` of a lane, or `queue`: the other is null. */
  "act.epoch": readonly [doc: DocName, n: number, owner: Person | null, queue: QueueName | null];
  "act.delegated": readonly [to: Person, until: number];
  "act.undelegated": readonly [];
  "act.asked": readonly [call: CallFact, replaces: boolean];
  "act.approved": readonly [asked: Asked, inPlaceOf: readonly Person[]];
  "act.rejected": readonly [asked: Asked, inPlaceOf: readonly Person[]];
  "act.canceled": readonly [asked: Asked];
  "act.rewrapped": readonly [call: CallFact];
  "act.ran": readonly [call: CallFact];
  /** Of a kind that the writer of the row did not know, and that changes nothing that it knows. */
  "act.later": readonly [];
}

/** What stands beside an act of the audit. */
interface RowArgs {
  /** Approvals as `[have, need]` for each threshold; rejections and how many decide; the step of escalation, from 1. */
  votes: readonly [
    approvals: readonly (readonly [have: number, need: number])[],
    against: number,
    deny: number,
    step: number,
  ];
  /** The first entry of a document that has the right date again. */
  "clock-was-ahead": readonly [ms: number];
}
export type ResultCode =
  | "done"
  | "pending"
  | "approved"
  | "rejected"
  | "canceled"
  | "replaced"
  | "practiced"
  | "used"
  | "ok"
  | "error"
  | "unknown";

/** Why a saved audit is not what its entries say, or why this app cannot say. */
interface ExportArgs {
  "export.no-head": readonly [];
  "export.other-format": readonly [format: number];
  "export.needs-level": readonly [level: number];
  "export.columns": readonly [];
  "export.no-founding": readonly [];
  "export.unreadable": readonly [];
  "export.differs": readonly [];
  "export.count": readonly [];
}

type RejectArgs = { [C in RejectCode]: readonly [] };

/** Every code, and what it takes. A code without words does not compile in `renderer/text`. */
export interface WhyArgs
  extends RejectArgs, RightArgs, RuleArgs, AuthorityArgs, ActArgs, RowArgs, ExportArgs, ClientArgs {}
export type WhyCode = keyof WhyArgs;
export type ActCode = keyof ActArgs;
export type ExportCode = keyof ExportArgs;
export type Why<C extends WhyCode = WhyCode> = {
  [K in C]: { readonly code: K; readonly args: WhyArgs[K] };
}[C];

export const why = <C extends WhyCode>(code: C, ...args: WhyArgs[C]): Why<C> => ({ code, args }) as Why<C>;
