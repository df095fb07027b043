/**
 * A queue or a lane that grew long is continued under a new name (`queue:x@2`). The closed epoch takes no new requests;
 * what is open there stays decidable there, and may be edited there, until it is resolved.
 */
import { refusedTo } from "./context.ts";
import type { Handler } from "./context.ts";
import { docArgument, docBase, docEpoch } from "../protocol/ids.ts";
import type { DocName, MemberId } from "../protocol/ids.ts";
import { epochAt, policyAt } from "./may.ts";
import type { RejectCode } from "../facts/reject.ts";
import type { ReadLog } from "./read.ts";

export const onEpochOpen: Handler<"epoch.open"> = (log, body, context) => {
  const refused = refusedTo(log, context, "workspace.configure");
  if (refused !== undefined) return refused;
  const argument = docArgument(body.doc);
  const isQueue = body.doc.startsWith("queue:");
  if (isQueue && !policyAt(log).queues.some((queue) => queue.id === argument)) return "no-such-queue";
  if (!isQueue && !log.members.has(argument as MemberId)) return "no-such-member";
  if (body.n !== epochAt(log, body.doc) + 1) return "stale";
  const history = log.epochs.get(body.doc) ?? [];
  history.push([context.seq, body.n]);
  log.epochs.set(body.doc, history);
  return undefined;
};

/** Whether `doc` takes this command at `position`. `opens` is true for a new request that edits no earlier one. */
export const refusedByEpoch = (
  log: ReadLog,
  doc: DocName,
  opens: boolean,
  position: number,
): RejectCode | undefined => {
  const newest = epochAt(log, docBase(doc), position);
  if (docEpoch(doc) > newest) return "no-such-queue";
  return opens && docEpoch(doc) < newest ? "epoch-closed" : undefined;
};
