/**
 * One call that its person confirms, as a state machine: pure, over the facts of the moment.
 *
 *   confirming -> approved | rejected | canceled | expired | refused
 *   approved -> canceled | expired
 */
import { told, type Told } from "#bridge/told.ts";
import { confirmText } from "#core/protocol/confirm-text.ts";
import { hashOf } from "#core/protocol/crypto.ts";
import type { DeviceId } from "#core/protocol/ids.ts";
import type { ReadLog } from "#core/rules/read.ts";
import { HOUR } from "#core/rules/state.ts";
import type { Judgement, ProposedCall, Standing } from "../seams.ts";
import type { Confirm } from "../store/confirms.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { namesOf } from "#client/keys/identity.ts";

/** How long a call waits for its person, and how long their yes waits for its tool. */
export const ANSWER_WITHIN_MS = 8 * HOUR;
export const RUN_WITHIN_MS = HOUR;

/** How a tool is started, and what it says of itself. */
export interface ToolFacts {
  readonly launch: string;
  readonly schema: string;
}
/** The call as it would be executed now, and what the rules say of it. */
export interface CallNow {
  readonly call: ProposedCall;
  readonly judged: Judgement;
}

/** SHA-256 of everything that a yes binds. */
const confirmHash = (
  { id, wid, thread, server, tool, args }: ProposedCall,
  member: string,
  { launch, schema }: ToolFacts,
): string =>
  hashOf(
    nodeCrypto,
    JSON.stringify({
      v: 1,
      confirm: id,
      workspace: wid,
      member,
      thread,
      server: { id: server, launch },
      tool,
      schema,
      args,
    }),
  );

/** What a call is told that may not run, by where it stands. */
export const overFact = ({ state, reason }: Confirm): Told => {
  switch (state) {
    case "confirming":
      return NOT_CONFIRMED;
    case "approved":
      return told("answered-before");
    case "rejected":
      return told("rejected-here", reason);
    case "canceled":
      return told("canceled-here");
    case "expired":
      return told("call-expired", reason);
    case "refused":
      return told("refused", reason);
  }
};
const NOT_CONFIRMED = told("call-not-confirmed");
export const OTHER_BYTES = told("confirmed-other-call");
export const TOOL_CHANGED = told("confirmed-tool-changed");
const stricter = (rule: Told): Told => told("rule-stricter", rule);

/** What is asked of `member`: exactly this call, with its tool as it is now. */
export const newConfirm = (
  call: ProposedCall,
  {
    member,
    at,
    rule,
    now,
  }: { readonly member: string; readonly at: ToolFacts; readonly rule: Told; readonly now: number },
): Confirm => ({
  call: call.id,
  wid: call.wid,
  hash: confirmHash(call, member, at),
  launch: at.launch,
  schema: at.schema,
  rule,
  askedAt: now,
  until: now + ANSWER_WITHIN_MS,
  state: "confirming",
  device: null,
  signature: null,
  reason: null,
});

export const canEnd = ({ state }: Confirm): boolean => state === "confirming" || state === "approved";

/** What ends a call that waits: its time, a call that is gone, and rules that want something else by now. */
const endOf = (
  confirm: Confirm,
  now: number,
  current: () => CallNow | null,
): Pick<Confirm, "state" | "reason"> | null => {
  if (now > confirm.until)
    return { state: "expired", reason: told(confirm.state === "approved" ? "confirmed-unused" : "not-answered") };
  if (confirm.state === "approved") return null;
  const found = current();
  if (found === null) return { state: "canceled", reason: null };
  const { judged } = found;
  if (judged.kind === "ask") return { state: "refused", reason: stricter(judged.rule) };
  return judged.kind === "deny" && judged.passes !== true ? { state: "refused", reason: judged.rule } : null;
};
/** As it stands now: the same value where nothing ended it. `current` is asked only of what waits for its person. */
export const standsAt = (confirm: Confirm, now: number, current: () => CallNow | null): Confirm => {
  const end = canEnd(confirm) ? endOf(confirm, now, current) : null;
  return end === null ? confirm : { ...confirm, ...end };
};

/** Why a yes would be worth nothing now, or null. `tool`: as it is now, null where it is away. */
export const problemOf = (
  confirm: Confirm,
  {
    member,
    current,
    tool,
  }: { readonly member: string; readonly current: CallNow | null; readonly tool: ToolFacts | null },
): Told | null => {
  if (current === null) return OTHER_BYTES;
  const { call, judged } = current;
  if (judged.kind === "ask") return stricter(judged.rule);
  if (judged.kind === "deny") return denied(judged);
  if (tool !== null && isOtherTool(confirm, tool)) return TOOL_CHANGED;
  return confirmHash(call, member, confirm) === confirm.hash ? null : OTHER_BYTES;
};
const isOtherTool = (confirm: Confirm, { launch, schema }: ToolFacts): boolean =>
  launch !== confirm.launch || schema !== confirm.schema;

export const approvedBy = (confirm: Confirm, device: DeviceId, signature: string, now: number): Confirm => ({
  ...confirm,
  state: "approved",
  until: now + RUN_WITHIN_MS,
  device,
  signature,
});

/** Signed by this computer, perhaps under a key that was replaced since. */
const isSigned = (log: ReadLog, own: DeviceId, { wid, hash, device, signature }: Confirm): boolean => {
  const x = namesOf(log, own).includes(device as DeviceId) ? log.devices.get(device as DeviceId)?.x : undefined;
  return (
    x !== undefined &&
    device !== null &&
    signature !== null &&
    nodeCrypto.verify(x, confirmText(wid, device, hash), signature)
  );
};

/** Why the call may not run as confirmed, or null where it may. `confirm`: as it stands now, null where nobody was asked. */
export const refusalOfConfirm = (
  confirm: Confirm | null,
  { call, judged }: CallNow,
  at: ToolFacts,
  who: { readonly log: ReadLog; readonly me: string; readonly device: DeviceId },
): Told | null => {
  if (confirm === null) return judged.kind === "allow" ? null : NOT_CONFIRMED;
  if (judged.kind === "ask") return stricter(judged.rule);
  if (confirm.state !== "approved") return overFact(confirm);
  if (isOtherTool(confirm, at)) return TOOL_CHANGED;
  if (confirmHash(call, who.me, at) !== confirm.hash) return OTHER_BYTES;
  return isSigned(who.log, who.device, confirm) ? null : NOT_CONFIRMED;
};

/** Why a call that is denied does not run. What passes by itself keeps its own code. */
export const denied = ({ rule, passes }: Extract<Judgement, { kind: "deny" }>): Told =>
  passes === true ? rule : told("call-denied", rule);

export const standingOfConfirm = ({ state, hash, until, reason }: Confirm): Standing => ({
  state,
  request: hash,
  votes: 0,
  needed: 0,
  expiresAt: state === "confirming" ? until : null,
  decidedBy: null,
  reason,
  enclosed: null,
});
