/** The documents of a workspace that this person's app reads and writes now, each queue and lane in the epochs that count. */
import { ADMIN, docBase, laneDoc, LOG, queueDoc } from "#core/protocol/ids.ts";
import type { DocName, Hash, MemberId } from "#core/protocol/ids.ts";
import { mayRead, policyAt, policyPosition, queuesEver } from "#core/rules/may.ts";
import type { ReadApprovalDoc, ReadLog, ReadRequest } from "#core/rules/read.ts";
import type { FoldStore } from "../ports/store.ts";
import { createEpochs } from "./epochs.ts";

export interface DocumentsDeps {
  readonly me: MemberId;
  readonly log: ReadLog;
  readonly rows: FoldStore;
  readonly approvals: (doc: DocName) => ReadApprovalDoc;
  readonly serverNow: () => number;
}
export interface Documents {
  /** What may be read now. */
  readable(): DocName[];
  /** Over whose socket a command for `doc` goes. */
  wayFor(doc: DocName): DocName;
  /** Folds of the own lane, newest epoch first, as far as something may still happen in them. */
  lanes(): ReadApprovalDoc[];
  /** The same of the queues that this person may read now. */
  queues(): ReadApprovalDoc[];
  /** A request of this person in which something may still happen. */
  asked(request: string): ReadRequest | undefined;
  /** The newest epoch of the queue or lane that `doc` belongs to. */
  newest(doc: DocName): DocName;
  /** The server showed this length of a document. It holds until the connection is lost: more may be appended meanwhile. */
  shown(doc: DocName, length: number): void;
  lost(doc: DocName): void;
  /** Gives up epochs in which nothing can happen any more. */
  settle(): void;
}

/** A queue without its epochs; `gone` where the policy has it no more. */
interface Base {
  readonly doc: DocName;
  readonly gone: boolean;
}

export const createDocuments = ({ me, log, rows, approvals, serverNow }: DocumentsDeps): Documents => {
  const lane = laneDoc(me);
  const epochs = createEpochs({ wid: log.wid, log, rows, approvals });
  const lengths = new Map<DocName, number>();
  let bases: { readonly position: number; readonly queues: readonly Base[] } | null = null;
  /** Every queue there ever was, those of the policy first. */
  const queueBases = (): readonly Base[] => {
    if (bases?.position === policyPosition(log)) return bases.queues;
    const now = new Set(policyAt(log).queues.map(({ id }) => id));
    const queues = queuesEver(log).map(({ id }) => ({ doc: queueDoc(id), gone: !now.has(id) }));
    bases = { position: policyPosition(log), queues: queues.toSorted((a, b) => Number(a.gone) - Number(b.gone)) };
    return bases.queues;
  };
  const newest = (doc: DocName): DocName => epochs.newest(docBase(doc));
  // A delegation ends by time, without an entry.
  const may = (doc: DocName): boolean => mayRead(log, me, doc, log.seq, serverNow()).allowed;
  const readable = (): DocName[] => [
    LOG,
    ...[...epochs.followed(lane), ADMIN, ...queueBases().flatMap(({ doc, gone }) => epochs.followed(doc, gone))].filter(
      may,
    ),
  ];
  return {
    readable,
    wayFor: (doc) => (doc === LOG || doc === ADMIN ? doc : newest(lane)),
    lanes: () => epochs.followed(lane).map(approvals),
    queues: () =>
      readable()
        .filter((doc) => doc.startsWith("queue:"))
        .map(approvals),
    asked: (request) => {
      for (const doc of epochs.followed(lane)) {
        const found = approvals(doc).requests.get(request as Hash);
        if (found !== undefined) return found;
      }
      return undefined;
    },
    newest,
    shown: (doc, length) => void lengths.set(doc, length),
    lost: (doc) => void lengths.delete(doc),
    settle: () => {
      const whole = (doc: DocName): boolean => lengths.get(doc) === approvals(doc).seq;
      for (const { doc, gone } of [{ doc: lane, gone: false }, ...queueBases()])
        epochs.settle(doc, serverNow(), whole, gone);
    },
  };
};
