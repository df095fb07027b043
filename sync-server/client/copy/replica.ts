/**
 * This computer's own copy of one workspace. Every entry that arrives is verified and folded with the same rules the
 * server has, then kept; a start goes on from what was kept (kept.ts). What cannot be true stops the copy at its last
 * verified head: nothing after it is believed, and both pieces are kept as evidence.
 */
import type { Write } from "#core/protocol/at-once.ts";
import { hashOf } from "#core/protocol/crypto.ts";
import { parseEntry } from "#core/protocol/entry.ts";
import type { Taken } from "#core/rules/fold.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { DocName, Hash } from "#core/protocol/ids.ts";
import type { Build } from "#core/protocol/levels.ts";
import type { ReadAdminDoc, ReadApprovalDoc, ReadLog } from "#core/rules/read.ts";
import type { Code, Fact } from "#core/facts/refusal.ts";
import { Refusal } from "#core/facts/refusal.ts";
import type { WorkspaceRow, WorkspaceStore } from "../ports/store.ts";
import { createAhead, newWaiting } from "./ahead.ts";
import { healsByItself } from "./lies.ts";
import type { Waiting } from "./ahead.ts";
import type { Platform } from "../ports/platform.ts";
import { openKept } from "./kept.ts";
import type { Misfit } from "./kept.ts";
import { createStand } from "./stand.ts";
import { createWitness } from "./witness.ts";
import type { Doubt, Head, Witness } from "./witness.ts";

/** Entries folded and flushed to the disk in one turn of the event loop: what was checked ahead together, about 15 ms. */
const SLICE = 400;

export interface ReplicaDeps {
  readonly platform: Pick<Platform, "crypto" | "timers">;
  /** What is known of the protocol; this build, but for tests. */
  readonly build?: Build | undefined;
  readonly row: WorkspaceRow;
  readonly rows: WorkspaceStore;
  readonly write: Write;
  readonly now: () => number;
  readonly monotonic: () => number;
  /** After entries were verified and kept. */
  readonly changed: (doc: DocName, taken: readonly Taken[]) => void;
  readonly halted: () => void;
  /** What else is in doubt. */
  readonly denied?: (() => Doubt | null) | undefined;
}
export interface Replica {
  readonly log: ReadLog;
  readonly admin: ReadAdminDoc;
  /** The fold of a queue or a lane; empty before its first entry. */
  approvals(doc: DocName): ReadApprovalDoc;
  /** What is verified of a document, as the start of a channel's copy: what comes after it comes anew. */
  follow(doc: DocName): { readonly length: number; readonly head: Hash | "" };
  /** How many entries of a document are verified. */
  length(doc: DocName): number;
  /** Server time of an entry of the log, ms; 0 where it is not kept. */
  timeOf(position: number): number;
  /** Hash of a verified entry. */
  hashAt(doc: DocName, seq: number): string | undefined;
  /** Whether a command is folded. */
  has(doc: DocName, command: Hash): boolean;
  /** Takes entries that arrived, in order, not yet verified. */
  take(doc: DocName, added: readonly string[]): void;
  /** Reads a HEAD frame; null where it does not show that the server is here now. Throws where it is none. */
  head(doc: DocName, jws: string): Head | null;
  /** What the server says that it has, other than by heads. */
  readonly claims: Pick<Witness, "welcomed" | "down" | "promised" | "owes" | "short" | "took">;
  /** Whether what the server shows may end the stop by itself; otherwise a person connects again. */
  mendable(): boolean;
  /** What the server shows now is looked at while the copy stands stopped, from the last verified head on. */
  lookAgain(): void;
  looksAgain(): boolean;
  /** Goes on where the server has shown all that is verified here, in each of these documents; answers whether it did. */
  mend(docs: readonly DocName[]): boolean;
  /** When it last did since this start, ms, or null. */
  wentOn(): number | null;
  suspect(doc: DocName, code: string, shown: string): void;
  halt(): Fact | Code | null;
  /** Looks whether the server kept its word in time. */
  look(): void;
  /** Why approved calls wait although nothing is proven. */
  doubt(): Fact | null;
  /** What exactly was found to be a lie or a doubt. */
  lie(): string | null;
  /** Tries again to keep what the disk refused, and goes on where it does. */
  retry(): void;
  /** Forgets what is not verified and tries again with what the server shows next. */
  resume(): void;
  /** Saves what makes the next start short. */
  close(): void;
}

export const createReplica = ({
  platform: { crypto, timers },
  build,
  row,
  rows,
  write,
  now,
  monotonic,
  changed,
  halted,
  denied = () => null,
}: ReplicaDeps): Replica => {
  const { wid } = row;
  const backlog = new Map<DocName, Waiting>();
  const ahead = createAhead(crypto, () => log);
  /** Verified, and refused by the disk: the state in memory is ahead of it by these. */
  let unkept: {
    readonly doc: DocName;
    readonly from: number;
    readonly entries: readonly string[];
    readonly taken: readonly Taken[];
  }[] = [];
  let stuck = false;
  /** Stopped, and looking whether the server shows everything again. */
  let again = false;
  /** What this computer itself has does not fit together: no server can mend that. */
  let ownFault = false;
  let newestHead = "";
  let wentOnAt: number | null = null;
  let slicing = false;
  let ready = false;
  let closed = false;

  const stand = createStand({ wid, rows, now, verified: (doc) => kept.chain(doc) });
  const { halt } = stand;
  const stop = (code: string, doc: DocName, shown: string): void => {
    if (again) stand.stillWrong(code, doc, shown);
    else if (!stand.stop(code, doc, shown)) return;
    again = false;
    dropBacklog();
    if (ready) halted();
  };
  /** Nothing more is believed of a copy that stands stopped, unless it looks whether all of it is shown again. */
  const listens = (): boolean => !stuck && (halt() === null || again);
  const mendable = (): boolean => {
    const lie = stand.lie();
    // A state that this copy began with and that the history behind it does not lead to stays wrong.
    return (
      halt()?.code === "tampered" &&
      lie !== null &&
      !ownFault &&
      healsByItself(lie) &&
      (lie !== "wrong-state" || rows.begun(wid) === undefined)
    );
  };
  const dropBacklog = (): void => {
    backlog.clear();
    ahead.forget();
  };
  let early: Misfit | null = null;
  const misfit = (what: Misfit): void => {
    ownFault = true;
    if (ready) stop(what.code, what.doc, what.entry);
    else early ??= what;
  };
  const kept = openKept({ wid, rows, write, crypto: ahead.crypto, build, misfit });
  const { log } = kept;
  const hashAt = (doc: DocName, seq: number): string | undefined => {
    if (seq === 0) return "";
    const chain = kept.chain(doc);
    if (seq === chain.seq) return chain.head;
    const entry = doc === LOG ? undefined : rows.entries(wid, doc, seq, 1)[0];
    return doc === LOG ? log.hashes.at(seq) : entry === undefined ? undefined : hashOf(crypto, entry);
  };
  const witness = createWitness({
    crypto,
    now,
    log,
    monotonic,
    length: (doc) => kept.chain(doc).seq,
    waiting: (doc) => backlog.get(doc)?.entries.length ?? 0,
    hashAt,
    seqOf: (doc, command) => kept.chain(doc).commands.get(command),
    lie: (code, doc, shown) => stop(code, doc, shown),
  });
  /** All of it or nothing; throws `Refusal`. */
  const keep = (): typeof unkept => {
    write(() => unkept.forEach((piece) => kept.keep(piece.doc, piece.from, piece.entries, piece.taken)));
    const done = unkept;
    unkept = [];
    for (const { doc } of done) kept.done(doc);
    kept.save();
    return done;
  };
  const pinHolds = (): boolean => log.seq < row.pin[0] || log.hashes.at(row.pin[0]) === row.pin[1];

  /** Verifies up to `SLICE` entries of a document; answers how many it took and whether more can be taken now. */
  const drain = (doc: DocName): { taken: Taken[]; more: boolean } => {
    const waiting = backlog.get(doc);
    if (waiting === undefined) return { taken: [], more: false };
    const from = kept.chain(doc).seq + 1;
    const offered = waiting.entries.slice(0, Math.min(SLICE, ahead.ready(doc, waiting, goOn)));
    const taken: Taken[] = [];
    let refusal: { code: string; shown: string } | null = null;
    for (const entry of offered) {
      const verdict = kept.ingest(doc, entry);
      if (verdict.ok) taken.push(verdict);
      else {
        // An approval that names a log position not yet here waits for the log; anything else cannot be true.
        const position = verdict.code === "log-behind" ? parseEntry(entry, false)?.m : undefined;
        if (position === undefined || position === null) refusal = { code: verdict.code, shown: entry };
        else witness.named(position[0], position[1], entry);
        break;
      }
    }
    const verified = waiting.entries.splice(0, taken.length);
    waiting.ready = Math.max(0, waiting.ready - taken.length);
    if (verified.length > 0) {
      unkept.push({ doc, from, entries: verified, taken });
      keep();
    }
    if (refusal !== null) stop(refusal.code, doc, refusal.shown);
    else if (doc === LOG && taken.length > 0 && !pinHolds()) stop("log-fork", LOG, verified.join("\n"));
    return { taken, more: taken.length > 0 && taken.length === offered.length && waiting.entries.length > 0 };
  };
  const logWaits = (): boolean => (backlog.get(LOG)?.entries.length ?? 0) > 0;

  const work = (): void => {
    slicing = false;
    if (closed) return;
    const order = [LOG, ...[...backlog.keys()].filter((doc) => doc !== LOG)];
    let more = false;
    for (const doc of order) {
      if (!listens()) return;
      // Approvals name log positions and are signed with keys that the log brings.
      if (doc !== LOG && logWaits()) continue;
      const step = keeping(() => drain(doc));
      if (step === null) return;
      more ||= step.more;
      if (step.taken.length > 0) {
        witness.grew(doc);
        changed(doc, step.taken);
      }
    }
    if (more && !slicing) {
      slicing = true;
      timers.soon(work);
    }
  };
  const goOn = (): void => {
    if (!slicing && !stuck) work();
  };
  /** Where the disk refuses, the copy stands still, so that memory and disk are never two histories. */
  const keeping = <T>(step: () => T): T | null => {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      stand.still(error.view);
      if (!stuck) halted();
      stuck = true;
      return null;
    }
  };

  const unpinned = (): void => {
    ownFault = true;
    stop("log-fork", LOG, "");
  };
  const openedWith = (misfitted: Misfit | null): void => {
    // What this computer verified no longer folds: its own file was changed, or the rules were.
    if (misfitted !== null) stop(misfitted.code, misfitted.doc, misfitted.entry);
    else if (!pinHolds()) unpinned();
    // This may be the version that knows the command; where it is not, the server's next frame stops the copy again.
    else if (row.halt === "newer") rows.setHalt(wid, null);
    else if (row.halt !== null) stand.stopped(row.halt);
    ready = true;
  };

  const retry = (): void => {
    stand.keep();
    const written = stuck ? keeping(keep) : null;
    if (written === null) return;
    stuck = false;
    stand.moving();
    if (!pinHolds()) return stop("log-fork", LOG, "");
    for (const { doc, taken } of written) {
      witness.grew(doc);
      changed(doc, taken);
    }
    work();
  };

  openedWith(early);

  return {
    log,
    admin: kept.admin,
    approvals: kept.approvals,
    follow: (doc) => {
      backlog.delete(doc);
      ahead.forget();
      const { seq, head } = kept.chain(doc);
      return { length: seq, head };
    },
    length: (doc) => kept.chain(doc).seq,
    timeOf: (position) => parseEntry(rows.entries(wid, LOG, position, 1)[0] ?? "", true)?.t ?? 0,
    hashAt,
    has: (doc, command) => kept.chain(doc).commands.has(command),
    take: (doc, added) => {
      if (!listens() && !stuck) return;
      const waiting = backlog.get(doc);
      if (waiting === undefined) backlog.set(doc, newWaiting(added));
      else for (const entry of added) waiting.entries.push(entry);
      goOn();
    },
    head: (doc, jws) => {
      const head = listens() || stuck ? witness.head(doc, jws) : null;
      if (head !== null && doc === LOG) newestHead = jws;
      return head;
    },
    claims: witness,
    mendable,
    lookAgain: () => {
      if (!mendable()) return;
      dropBacklog();
      witness.reset();
      again = true;
    },
    looksAgain: () => again,
    mend: (docs) => {
      if (!again || stuck || witness.doubt() !== null || !docs.every(witness.shows)) return false;
      // Checked here, since the doubt may just have become a proof, and a copy behind its link's head has shown nothing.
      if (!again || log.seq < row.pin[0] || !pinHolds()) return false;
      if (keeping(() => stand.wentOn(newestHead)) === null) return false;
      again = false;
      wentOnAt = now();
      return true;
    },
    wentOn: () => wentOnAt,
    suspect: (doc, code, shown) => stop(code, doc, shown),
    halt,
    look: () => stand.look(halt() === null ? (witness.doubt() ?? denied()) : null),
    doubt: stand.doubt,
    lie: stand.lie,
    retry,
    resume: () => {
      retry();
      if (stuck) return;
      again = false;
      dropBacklog();
      rows.setHalt(wid, null);
      stand.clear();
      witness.reset();
    },
    close: () => {
      closed = true;
      if (unkept.length === 0) kept.save(true);
    },
  };
};
