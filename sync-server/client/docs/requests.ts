/** Approval requests over all documents that this person reads. */
import type { DocName, Hash } from "#core/protocol/ids.ts";
import type { ReadApprovalDoc, ReadRequest } from "#core/rules/read.ts";
import type { Documents } from "./documents.ts";

interface Where {
  readonly docs: Pick<Documents, "queues" | "lanes">;
}

/** Own requests from the lane, everybody's from the queues that may be read; each once. */
export const requestsOf = ({ docs }: Where): ReadRequest[] => {
  const all = new Map<string, ReadRequest>();
  for (const doc of [...docs.queues(), ...docs.lanes()])
    for (const request of doc.requests.values()) all.set(request.id, request);
  return [...all.values()];
};
export const requestNamed = ({ docs }: Where, id: string): ReadRequest | undefined =>
  inOf(docs.lanes(), id) ?? inOf(docs.queues(), id);
/** Those of one document, each as `requestNamed` finds it. */
export const requestsIn = ({ docs }: Where, name: DocName): ReadRequest[] => {
  const lanes = docs.lanes();
  const doc = [...lanes, ...docs.queues()].find((each) => each.doc === name);
  return [...(doc?.requests.values() ?? [])].map((request) => inOf(lanes, request.id) ?? request);
};
const inOf = (docs: readonly ReadApprovalDoc[], id: string): ReadRequest | undefined => {
  for (const { requests } of docs) {
    const found = requests.get(id as Hash);
    if (found !== undefined) return found;
  }
  return undefined;
};
