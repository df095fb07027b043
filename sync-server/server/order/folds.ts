/**
 * The folds of one workspace: the log, and the other documents that somebody needed. An entry of those may name a position of
 * the log that another node stored after the log was read here: then the log is read on first.
 */
import type { CryptoDep } from "#core/protocol/crypto.ts";
import { ADMIN, LOG } from "#core/protocol/ids.ts";
import type { DocName, WorkspaceId } from "#core/protocol/ids.ts";
import type { Build } from "#core/protocol/levels.ts";
import { ingestAdmin, ingestApproval, ingestLog } from "#core/rules/fold.ts";
import type { Ingested, Taken } from "#core/rules/fold.ts";
import type { IngestOptions } from "#core/rules/opened.ts";
import { newAdminDoc, newApprovalDoc } from "#core/rules/state.ts";
import type { AdminDoc, ApprovalDoc, Deps, Log } from "#core/rules/state.ts";
import { StoreProblem } from "../store/store.ts";
import type { ReadEntries } from "../store/store.ts";
import type { Tips } from "./tips.ts";
import { unfolded } from "./unfolded.ts";

/** What is folded here. Nobody outside this folder sees it as something to write to. */
export type Chain = Log | AdminDoc | ApprovalDoc;

export interface FoldsDeps {
  readonly crypto: CryptoDep;
  readonly build: Build | undefined;
  readonly store: Pick<ReadEntries, "read">;
  readonly wid: WorkspaceId;
  /** Empty; filled by `readOn`. */
  readonly log: Log;
  readonly tips: Pick<Tips, "get" | "drop">;
  /** Told of each entry that was folded. */
  readonly took: (chain: Chain, entry: Taken) => void;
  /** More was read than whoever reads it was shown. */
  readonly owe: () => void;
}
export interface Folds {
  admin(): Promise<AdminDoc>;
  approvalDoc(doc: DocName): Promise<ApprovalDoc>;
  /** The fold of any document, read whole before anybody sees it; empty of one that has no entry. */
  chain(doc: DocName): Promise<Chain>;
  /** What there is of it without reading. */
  foldOf(doc: DocName): Chain | undefined;
  /** All that is there: the log first, as entries of the others name positions in it. */
  all(): Chain[];
  /** Folds an entry that is not stored, or not yet. */
  ingest(chain: Chain, entry: string, options: IngestOptions): Ingested;
  /** Folds what is stored behind it. Rejects with `StoreProblem`. */
  readOn(chain: Chain): Promise<void>;
  /** Entries that are not stored yet may be folded meanwhile, so the log is not read on: what needs that rejects. */
  judging<T>(work: () => Promise<T>): Promise<T>;
}

const PAGE = { entries: 1_000, characters: 4_000_000 };

const ingestInto = (deps: Deps, log: Log, chain: Chain, entry: string, options: IngestOptions): Ingested => {
  if (!("kind" in chain)) return ingestLog(deps, chain, entry, options);
  return chain.kind === "admin"
    ? ingestAdmin(deps, log, chain, entry, options)
    : ingestApproval(deps, log, chain, entry, options);
};

export const createFolds = ({ crypto, build, store, wid, log, tips, took, owe }: FoldsDeps): Folds => {
  const deps = { crypto, build };
  const approvals = new Map<DocName, ApprovalDoc>();
  let admin: AdminDoc | undefined;
  let isJudging = false;

  const ingest = (chain: Chain, entry: string, options: IngestOptions): Ingested => {
    const taken = ingestInto(deps, log, chain, entry, options);
    if (taken.ok) took(chain, taken);
    return taken;
  };

  const ingestStored = async (chain: Chain, row: string): Promise<Ingested> => {
    const taken = ingest(chain, row, { trusted: true });
    if (taken.ok || taken.code !== "log-behind") return taken;
    if (isJudging) throw new StoreProblem("behind", "Another node appended meanwhile.");
    const before = log.seq;
    await readOn(log);
    if (log.seq > before) owe();
    return ingest(chain, row, { trusted: true });
  };

  const readOn = async (chain: Chain): Promise<void> => {
    for (;;) {
      const rows = await store.read(wid, chain.doc, chain.seq + 1, PAGE);
      for (const row of rows) {
        const taken = await ingestStored(chain, row);
        if (!taken.ok) throw unfolded(taken.code);
      }
      if (rows.length === 0) return;
    }
  };

  /** Read whole before anybody sees it. Who reads it already may have been shown less. */
  const folded = async <T extends AdminDoc | ApprovalDoc>(made: T): Promise<T> => {
    await readOn(made);
    const shown = tips.get(made.doc);
    if (shown !== undefined && shown.seq < made.seq) owe();
    tips.drop(made.doc);
    return made;
  };
  const theAdmin = async (): Promise<AdminDoc> => (admin ??= await folded(newAdminDoc(ADMIN)));
  const approvalDoc = async (doc: DocName): Promise<ApprovalDoc> => {
    const known = approvals.get(doc);
    if (known !== undefined) return known;
    const made = await folded(newApprovalDoc(doc));
    approvals.set(doc, made);
    return made;
  };

  return {
    admin: theAdmin,
    approvalDoc,
    chain: (doc) => (doc === LOG ? Promise.resolve(log) : doc === ADMIN ? theAdmin() : approvalDoc(doc)),
    foldOf: (doc) => (doc === LOG ? log : doc === ADMIN ? admin : approvals.get(doc)),
    all: () => [log, ...(admin === undefined ? [] : [admin]), ...approvals.values()],
    ingest,
    readOn,
    judging: async (work) => {
      isJudging = true;
      try {
        return await work();
      } finally {
        isJudging = false;
      }
    },
  };
};
