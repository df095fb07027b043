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
import type { Fact } from "#core/facts/refusal.ts";
import type { WorkspaceRow, WorkspaceStore } from "../ports/store.ts";
import { createAhead } from "./ahead.ts";
import { createBacklog } from "./backlog.ts";
import type { Platform } from "../ports/platform.ts";
import { openKept } from "./kept.ts";
import type { Misfit } from "./kept.ts";
import { createMending } from "./mending.ts";
import { createStand } from "./stand.ts";
import { createWitness } from "./witness.ts";
import type { Head } from "./claim.ts";
import type { Doubt, Witness } from "./witness.ts";
import { createWriting } from "./writing.ts";

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
  halt(): Fact | null;
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

/** What is `kept` from this person is asked in any case: it counts time. */
const inDoubt = (witness: Pick<Witness, "doubt">, kept: Doubt | null): Doubt | null => witness.doubt() ?? kept;

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
  const ahead = createAhead(crypto, () => log);
  let ready = false;
  let early: Misfit | null = null;

  const stand = createStand({ wid, rows, now, verified: (doc) => kept.chain(doc) });
  const { halt } = stand;
  const stop = (code: string, doc: DocName, shown: string): void => {
    if (mending.looksAgain()) stand.stillWrong(code, doc, shown);
    else if (!stand.stop(code, doc, shown)) return;
    mending.over();
    backlog.drop();
    if (ready) halted();
  };
  const ownFault = (code: string, doc: DocName, shown: string): void => {
    mending.ownFault();
    stop(code, doc, shown);
  };
  const misfit = (what: Misfit): void => {
    if (ready) ownFault(what.code, what.doc, what.entry);
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
  const pinHolds = (): boolean => log.seq < row.pin[0] || log.hashes.at(row.pin[0]) === row.pin[1];
  const witness = createWitness({
    crypto,
    now,
    log,
    monotonic,
    length: (doc) => kept.chain(doc).seq,
    waiting: (doc) => backlog.waiting(doc),
    hashAt,
    seqOf: (doc, command) => kept.chain(doc).commands.get(command),
    lie: stop,
  });
  const grew = (doc: DocName, taken: readonly Taken[]): void => {
    witness.grew(doc);
    changed(doc, taken);
  };
  const writing = createWriting({ write, soon: rows.soon, kept, stand, stood: halted });
  /** Nothing more is believed of a copy that stands stopped, unless it looks whether all of it is shown again. */
  const listens = (): boolean => !writing.stuck() && (halt() === null || mending.looksAgain());
  const backlog = createBacklog({
    timers,
    ahead,
    kept,
    writing,
    listens,
    pinHolds,
    named: witness.named,
    refuse: stop,
    grew,
  });
  const mending = createMending({
    wid,
    rows,
    now,
    stand,
    witness,
    writing,
    reachesPin: () => log.seq >= row.pin[0] && pinHolds(),
    drop: backlog.drop,
  });

  const openedWith = (misfitted: Misfit | null): void => {
    // What this computer verified no longer folds: its own file was changed, or the rules were.
    if (misfitted !== null) ownFault(misfitted.code, misfitted.doc, misfitted.entry);
    else if (!pinHolds()) ownFault("log-fork", LOG, "");
    // This may be the version that knows the command; where it is not, the server's next frame stops the copy again.
    else if (row.halt === "newer") rows.setHalt(wid, null);
    else if (row.halt !== null) stand.stopped(row.halt);
    ready = true;
  };

  const retry = (): void => {
    stand.keep();
    const written = writing.again();
    if (written === null) return;
    if (!pinHolds()) return stop("log-fork", LOG, "");
    for (const { doc, taken } of written) grew(doc, taken);
    backlog.work();
  };

  openedWith(early);

  return {
    log,
    admin: kept.admin,
    approvals: kept.approvals,
    follow: (doc) => {
      backlog.drop(doc);
      const { seq, head } = kept.chain(doc);
      return { length: seq, head };
    },
    length: (doc) => kept.chain(doc).seq,
    timeOf: (position) => parseEntry(rows.entries(wid, LOG, position, 1)[0] ?? "", true)?.t ?? 0,
    hashAt,
    has: (doc, command) => kept.chain(doc).commands.has(command),
    take: (doc, added) => {
      if (listens() || writing.stuck()) backlog.add(doc, added);
    },
    head: (doc, jws) => {
      const head = listens() || writing.stuck() ? witness.head(doc, jws) : null;
      if (head !== null && doc === LOG) mending.headed(jws);
      return head;
    },
    claims: witness,
    mendable: mending.mendable,
    lookAgain: mending.lookAgain,
    looksAgain: mending.looksAgain,
    mend: mending.mend,
    wentOn: mending.wentOn,
    suspect: (doc, code, shown) => stop(code, doc, shown),
    halt,
    look: () => stand.look(halt() === null ? inDoubt(witness, denied()) : null),
    doubt: stand.doubt,
    lie: stand.lie,
    retry,
    resume: () => {
      retry();
      if (writing.stuck()) return;
      mending.over();
      backlog.drop();
      rows.setHalt(wid, null);
      stand.clear();
      witness.reset();
    },
    close: () => {
      backlog.close();
      if (!writing.owes()) kept.save(true);
    },
  };
};
