/** Approval requests over all documents that this person reads. */
import type { Hash } from "#core/protocol/ids.ts";
import type { ReadRequest } from "#core/rules/read.ts";
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
export const requestNamed = ({ docs }: Where, id: string): ReadRequest | undefined => {
  for (const doc of [...docs.lanes(), ...docs.queues()]) {
    const found = doc.requests.get(id as Hash);
    if (found !== undefined) return found;
  }
  return undefined;
};
