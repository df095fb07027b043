/**
 * Where a command goes: the log, the admin list, or a queue together with the lane of whoever asked, which holds the same.
 */
import type { CommandPayload, Signed } from "#core/protocol/command.ts";
import { ADMIN, asHash, docArgument, docBase, docEpoch, laneDoc, LOG } from "#core/protocol/ids.ts";
import type { DocName, MemberId, WorkspaceId } from "#core/protocol/ids.ts";
import { epochAt, policyAt } from "#core/rules/may.ts";
import type { RejectCode } from "#core/facts/reject.ts";
import type { ReadApprovalDoc, ReadLog } from "#core/rules/read.ts";
import { asksTooMuch, sealsTooMuch } from "#core/rules/waiting.ts";
import type { ReadEntries } from "../store/store.ts";

export type Target<Lane> =
  | { readonly doc: "log" | "admin"; readonly lane: null }
  | { readonly doc: "queue"; readonly lane: Lane };
export interface AddresseeDeps<Lane extends ReadApprovalDoc> {
  readonly log: ReadLog;
  readonly store: Pick<ReadEntries, "length">;
  readonly wid: WorkspaceId;
  /** The fold of a queue or lane; empty before its first entry. */
  readonly approvalDoc: (doc: DocName) => Promise<Lane>;
  readonly folded: (doc: DocName) => boolean;
}
export interface Addressee<Lane extends ReadApprovalDoc> {
  /** Where it goes, or why nowhere. */
  of(signed: Signed<CommandPayload>): Promise<Target<Lane> | RejectCode>;
  /** Why the lane has no room for it at `t`, ms. Queue and lane hold the same, so then it is not put into the queue either. */
  refusedByLane(lane: ReadApprovalDoc, signed: Signed<CommandPayload>, size: number, t: number): RejectCode | undefined;
}

export const createAddressee = <Lane extends ReadApprovalDoc>({
  log,
  store,
  wid,
  approvalDoc,
  folded,
}: AddresseeDeps<Lane>): Addressee<Lane> => {
  /** What was never opened is not read either: each name that is only claimed would stay in memory. */
  const queueExists = async (doc: DocName): Promise<boolean> =>
    docEpoch(doc) <= epochAt(log, docBase(doc)) &&
    (folded(doc) ||
      policyAt(log).queues.some((queue) => queue.id === docArgument(doc)) ||
      (await store.length(wid, doc)) > 0);

  /** Whose lane gets a copy of this command: the person who asked. */
  const requesterOf = (queue: ReadApprovalDoc, { kid, payload }: Signed<CommandPayload>): MemberId | undefined => {
    if (payload.k === "approval.request") return log.devices.get(kid)?.member;
    const id = asHash((payload.b as { request?: unknown }).request);
    return id === undefined ? undefined : queue.requests.get(id)?.requester;
  };
  /** A new request goes into the newest lane; what concerns an older one, to the lane that holds it. */
  const laneOf = async (member: MemberId, { payload }: Signed<CommandPayload>): Promise<Lane> => {
    const { request, replaces } = payload.b as { request?: unknown; replaces?: unknown };
    const about = asHash(payload.k === "approval.request" ? replaces : request);
    const newest = epochAt(log, laneDoc(member));
    for (let epoch = newest; about !== undefined && epoch > 1; epoch -= 1) {
      const lane = await approvalDoc(laneDoc(member, epoch));
      if (lane.requests.has(about)) return lane;
    }
    return approvalDoc(laneDoc(member, about === undefined ? newest : 1));
  };

  const targetOf = async (signed: Signed<CommandPayload>): Promise<Target<Lane> | RejectCode> => {
    const { d } = signed.payload;
    if (d === LOG) return { doc: "log", lane: null };
    if (log.seq === 0) return "not-a-member";
    if (d === ADMIN) return { doc: "admin", lane: null };
    if (!d.startsWith("queue:")) return "wrong-doc";
    if (!(await queueExists(d))) return "no-such-queue";
    const member = requesterOf(await approvalDoc(d), signed);
    return member === undefined ? "no-such-request" : { doc: "queue", lane: await laneOf(member, signed) };
  };

  const refusedByLane = (
    lane: ReadApprovalDoc,
    { kid, payload }: Signed<CommandPayload>,
    size: number,
    t: number,
  ): RejectCode | undefined => {
    const member = log.devices.get(kid)?.member;
    const about = asHash((payload.b as { request?: unknown }).request);
    if (about !== undefined && !lane.requests.has(about)) return "no-such-request";
    if (member === undefined) return undefined;
    if (payload.k === "approval.request")
      return asksTooMuch(lane, member, asHash((payload.b as { replaces?: unknown }).replaces) ?? null, size, t);
    return payload.k === "approval.rewrap" ? sealsTooMuch(lane, member, size, t) : undefined;
  };

  return { of: targetOf, refusedByLane };
};
