/**
 * Which epochs of a queue or a lane this app follows: the two newest, and older ones while something may still happen in
 * them. The others are not opened and not folded until somebody asks for them, so that a start and the memory depend on
 * what is open, not on how long the workspace lives.
 */
import { epochDoc } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import { epochAt } from "#core/rules/may.ts";
import { DAY } from "#core/protocol/command.ts";
import type { ReadApprovalDoc, ReadLog, ReadRequest } from "#core/rules/read.ts";
import type { FoldStore } from "../ports/store.ts";

/** The newest takes requests; the one before shows what was decided lately. */
const KEPT_OPEN = 2;
/** A command that waits in an outbox lives for seven days, and may report how a call ended. */
const SETTLED_AFTER_MS = 8 * DAY;

export interface EpochsDeps {
  readonly wid: string;
  readonly log: ReadLog;
  readonly rows: Pick<FoldStore, "closedEpochs" | "closeEpoch">;
  readonly approvals: (doc: DocName) => ReadApprovalDoc;
}
export interface Epochs {
  newest(base: DocName): DocName;
  /** Newest first. A queue that was removed (`gone`) has no epoch that takes requests. */
  followed(base: DocName, gone?: boolean): DocName[];
  /** Gives up epochs of `base` in which nothing can happen any more. `whole` says whether all of a document is here. */
  settle(base: DocName, now: number, whole: (doc: DocName) => boolean, gone?: boolean): void;
}

export const createEpochs = ({ wid, log, rows, approvals }: EpochsDeps): Epochs => {
  const settled = new Set(rows.closedEpochs(wid));
  const newest = (base: DocName): DocName => epochDoc(base, epochAt(log, base));
  const known = new Map<DocName, readonly DocName[]>();
  /** Newest first. Asked for every card. */
  const all = (base: DocName): readonly DocName[] => {
    const count = epochAt(log, base);
    const before = known.get(base);
    if (before?.length === count) return before;
    const made = Array.from({ length: count }, (_, index) => epochDoc(base, count - index));
    known.set(base, made);
    return made;
  };
  const keptOpen = (gone = false): number => (gone ? 0 : KEPT_OPEN);
  const followed = (base: DocName, gone?: boolean): DocName[] =>
    all(base).filter((doc, index) => index < keptOpen(gone) || !settled.has(doc));
  return {
    newest,
    followed,
    settle: (base, now, whole, gone) => {
      for (const doc of followed(base, gone).slice(keptOpen(gone))) {
        if (
          !whole(doc) ||
          [...approvals(doc).requests.values()].some((request) => now < endOf(request) + SETTLED_AFTER_MS)
        )
          continue;
        rows.closeEpoch(wid, doc);
        settled.add(doc);
      }
    },
  };
};

/** Until when something can happen to it. */
const endOf = (request: ReadRequest): number =>
  request.state === "pending"
    ? request.decideBy
    : request.state === "approved" && request.decidedAt !== null
      ? request.decidedAt + request.policy.useMs
      : (request.decidedAt ?? request.at);
