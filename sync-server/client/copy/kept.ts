/**
 * What this computer keeps of one workspace, folded. A start reads the state that was saved last and folds only what was
 * kept after it, so it does not grow with the log; the two lists that do grow are looked up where the entries lie.
 *
 * A saved state is a shortcut and never a source of truth: it must be whole, of this version's format, and its head must
 * be the hash of the kept entry at its position. Anything else is thrown away and everything kept is folded again.
 */
import type { Write } from "#core/protocol/at-once.ts";
import type { CryptoDep } from "#core/protocol/crypto.ts";
import { ingestAdmin, ingestApproval, ingestLog } from "#core/rules/fold.ts";
import type { Ingested, Taken } from "#core/rules/fold.ts";
import type { IngestOptions } from "#core/rules/opened.ts";
import { ADMIN, LOG } from "#core/protocol/ids.ts";
import type { DocName, Hash, WorkspaceId } from "#core/protocol/ids.ts";
import type { Build } from "#core/protocol/levels.ts";
import type { ReadAdminDoc, ReadApprovalDoc, ReadLog } from "#core/rules/read.ts";
import { levelAt } from "#core/rules/level.ts";
import { newAdminDoc, newApprovalDoc, newLog } from "#core/rules/state.ts";
import type { AdminDoc, ApprovalDoc, Log } from "#core/rules/state.ts";
import { readAdmin, readFold, readState, writeAdminFold, writeFold } from "#core/rules/state-text.ts";
import { Refusal } from "#core/facts/refusal.ts";
import type { FoldRow, Position } from "../ports/store.ts";
import type { WorkspaceStore } from "../ports/store.ts";
import { createLists } from "./lists.ts";
import type { Lists } from "./lists.ts";

/** Entries after which the state is saved again: so many are folded at most at a start, in about 20 ms. */
const SAVE_EVERY = 500;
/** Part of the sum of each saved state. Raise it when the rules fold old entries to something else. */
const FOLD_VERSION = 8;
const PAGE = 1_000;

/** An entry that was verified once and does not fold now: the file was changed, or the rules were. */
export interface Misfit {
  readonly doc: DocName;
  readonly code: string;
  readonly entry: string;
}

export interface Kept {
  readonly log: ReadLog;
  readonly admin: ReadAdminDoc;
  /** Of a queue or a lane; folded from what is kept when somebody asks first. */
  approvals(doc: DocName): ReadApprovalDoc;
  chain(doc: DocName): ReadLog | ReadAdminDoc | ReadApprovalDoc;
  ingest(doc: DocName, entry: string, options?: IngestOptions): Ingested;
  /** Writes entries that were ingested. Call in a transaction; throws `Refusal`. */
  keep(doc: DocName, from: number, entries: readonly string[], taken: readonly Taken[]): void;
  /** The transaction is committed. */
  done(doc: DocName): void;
  /** Saves states that are far behind; all of them at a close. */
  save(closing?: boolean): void;
}

export interface KeptDeps {
  readonly wid: WorkspaceId;
  readonly rows: WorkspaceStore;
  readonly write: Write;
  readonly crypto: CryptoDep;
  /** What is known of the protocol; this build, but for tests. */
  readonly build?: Build | undefined;
  readonly misfit: (what: Misfit) => void;
}

/** The log or `admin`: what grows for as long as the workspace lives. */
interface Shelf {
  readonly doc: DocName;
  readonly lists: Lists;
  /** Position of the saved state, 0 for none. */
  saved: number;
}

export const openKept = ({ wid, rows, write, crypto, build, misfit }: KeptDeps): Kept => {
  const deps = { crypto, build };
  const others = new Map<DocName, ApprovalDoc>();
  const shelves = [LOG, ADMIN].map((doc): Shelf => ({ doc, lists: createLists(rows, wid, doc), saved: 0 }));
  const [ofLog, ofAdmin] = shelves as [Shelf, Shelf];
  const shelfOf = (doc: DocName): Shelf | undefined => shelves.find((shelf) => shelf.doc === doc);

  let log = loaded(ofLog, (row, { hashes, commands }) => readFold(row.state, hashes, commands)) ?? logFromStart();
  // Before anybody is accused, what an older version of the rules saved is folded again.
  if (foldOn(log) !== undefined && ofLog.saved > 0) log = logFromStart();
  told(foldOn(log));
  // A checkpoint that this copy began with may be above the first level.
  sayLevel();
  let admin = loaded(ofAdmin, (row, { commands }) => readAdmin(row.state, commands)) ?? adminFromStart();
  if (foldOn(admin) !== undefined && ofAdmin.saved > 0) admin = adminFromStart();
  told(foldOn(admin));
  save();

  function loaded<T extends Log | AdminDoc>(
    shelf: Shelf,
    read: (row: FoldRow, over: Lists) => T | undefined,
  ): T | undefined {
    const { doc, lists } = shelf;
    const row = rows.fold(wid, doc);
    if (row === undefined) return undefined;
    const [entry] = rows.entries(wid, doc, row.seq, 1);
    const fits =
      entry !== undefined &&
      crypto.sha256(entry) === row.head &&
      rows.hashAt(wid, doc, row.seq) === row.head &&
      sumOf(row.state) === row.sum;
    if (!fits) return undefined;
    lists.startAt(row.seq);
    const chain = read(row, lists);
    if (chain === undefined || chain.seq !== row.seq || chain.head !== row.head) return undefined;
    shelf.saved = row.seq;
    return chain;
  }
  /** Before any saved state: from the checkpoint that this copy began with, or from nothing. */
  function logFromStart(): Log {
    const { hashes } = ofLog.lists;
    const begun = rows.begun(wid);
    const state = begun === undefined ? undefined : readState(begun.state);
    if (state === undefined) return fromNothing(ofLog, newLog(wid, hashes, ofLog.lists.commands));
    write(() => {
      rows.dropPositions(wid, LOG);
      const commands = new Map([...state.commands].map(([command, seq]) => [seq, command]));
      rows.addPositions(
        wid,
        LOG,
        [...state.hashes]
          .slice(1)
          .map((hash, index) => ({ seq: index + 1, hash: hash as Hash, command: commands.get(index + 1) as Hash })),
      );
    });
    ofLog.lists.startAt(state.seq);
    ofLog.saved = 0;
    return readFold(writeFold(state), hashes, ofLog.lists.commands) as Log;
  }
  function adminFromStart(): AdminDoc {
    return fromNothing(ofAdmin, newAdminDoc(ADMIN, ofAdmin.lists.commands));
  }
  function fromNothing<T extends Log | AdminDoc>(shelf: Shelf, chain: T): T {
    const { doc } = shelf;
    shelf.lists.startAt(0);
    shelf.saved = 0;
    write(() => {
      rows.dropFold(wid, doc);
      rows.dropPositions(wid, doc);
    });
    return chain;
  }
  /** Folds what was kept after the state at hand; answers what does not fit. */
  function foldOn(chain: ReadLog | ReadAdminDoc | ReadApprovalDoc): Misfit | undefined {
    for (;;) {
      const from = chain.seq + 1;
      const page = rows.entries(wid, chain.doc, from, PAGE);
      const taken: Taken[] = [];
      for (const entry of page) {
        const verdict = ingest(chain.doc, entry, { trusted: true });
        if (!verdict.ok) return { doc: chain.doc, code: verdict.code, entry };
        taken.push(verdict);
      }
      const shelf = shelfOf(chain.doc);
      if (shelf !== undefined) position(shelf, taken);
      if (page.length < PAGE) return undefined;
    }
  }
  /** In the transaction that keeps the raise, so that no build that does not know it reads on. */
  function sayLevel(): void {
    const level = levelAt(log);
    if (level !== rows.level(wid)) rows.setLevel(wid, level);
  }
  function told(what: Misfit | undefined): void {
    if (what !== undefined) misfit(what);
  }
  /** Adds positions that are not known yet: a store of an earlier version has none. */
  function position({ doc, lists }: Shelf, taken: readonly Taken[]): void {
    const last = taken.at(-1);
    if (last !== undefined && rows.hashAt(wid, doc, last.seq) !== last.head)
      write(() => rows.addPositions(wid, doc, taken.map(positionOf)));
    lists.settle();
  }

  function approvals(doc: DocName): ApprovalDoc {
    const known = others.get(doc);
    if (known !== undefined) return known;
    const made = newApprovalDoc(doc);
    others.set(doc, made);
    told(foldOn(made));
    return made;
  }
  function chain(doc: DocName): ReadLog | ReadAdminDoc | ReadApprovalDoc {
    return doc === LOG ? log : doc === ADMIN ? admin : approvals(doc);
  }
  function ingest(doc: DocName, entry: string, options?: IngestOptions): Ingested {
    return doc === LOG
      ? ingestLog(deps, log, entry, options)
      : doc === ADMIN
        ? ingestAdmin(deps, log, admin, entry, options)
        : ingestApproval(deps, log, approvals(doc), entry, options);
  }

  function saveOne(shelf: Shelf, of: ReadLog | ReadAdminDoc, text: () => string, after: number): void {
    if (of.seq - shelf.saved < after) return;
    const state = text();
    rows.saveFold(wid, shelf.doc, { seq: of.seq, head: of.head, state, sum: sumOf(state) });
    shelf.saved = of.seq;
  }
  function save(closing = false): void {
    const after = closing ? 1 : SAVE_EVERY;
    try {
      saveOne(ofLog, log, () => writeFold(log), after);
      saveOne(ofAdmin, admin, () => writeAdminFold(admin), after);
    } catch (error) {
      // A state that is not saved costs the next start some time and nothing else.
      if (!(error instanceof Refusal)) throw error;
    }
  }
  function sumOf(state: string): string {
    return crypto.sha256(`${FOLD_VERSION}\n${state}`);
  }

  return {
    log,
    admin,
    approvals,
    chain,
    ingest,
    keep: (doc, from, entries, taken) => {
      rows.append(wid, doc, from, entries);
      if (doc === LOG) sayLevel();
      if (shelfOf(doc) !== undefined) rows.addPositions(wid, doc, taken.map(positionOf));
    },
    done: (doc) => shelfOf(doc)?.lists.settle(),
    save,
  };
};

const positionOf = ({ seq, head, command }: Taken): Position => ({ seq, hash: head, command });
