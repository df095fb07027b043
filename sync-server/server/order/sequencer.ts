/**
 * The one order of a workspace. Everything that reads or changes its state waits in one line: commands, and questions
 * such as "may this device open that document?". All commands waiting are judged one after the other and stored in one
 * transaction (group commit), which keeps the order of each device. Nothing is published or acknowledged before the
 * commit, and no question is asked between judging and committing, so nobody ever acts on what may still be lost.
 *
 * Where other nodes append too, a batch is judged while the workspace is held, so that nobody can come in between.
 */
import type { Ack } from "#core/protocol/wire.ts";
import type { CryptoDep } from "#core/protocol/crypto.ts";
import type { Build } from "#core/protocol/levels.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { DocName, Hash, WorkspaceId } from "#core/protocol/ids.ts";
import type { RejectCode } from "#core/facts/reject.ts";
import type { Log } from "../system/log.ts";
import { createLine } from "./line.ts";
import type { Folded } from "./put-back.ts";
import { StoreProblem } from "../store/store.ts";
import type { ChainStore, Entries, ReadEntries, StoredEntry } from "../store/store.ts";
import type { Author, Dated, Timeline } from "./timeline.ts";
import { Apart, judgedAt, loadWorkspace } from "./workspace.ts";
import type { Scope, Workspace } from "./workspace.ts";

const BATCH_MAX = 256;
/** The second attempt holds the workspace, so a third is never needed but for a store that does not keep its word. */
const ATTEMPTS = 3;
/** How long batches are held after the last sign of another node: far longer than it takes to read a workspace again. */
const HELD_MS = 60_000;

/** Entries that became durable together. */
export interface Committed {
  readonly workspace: Workspace;
  readonly docs: ReadonlyMap<DocName, Grown>;
}

/** New length and newest hash of a document; `entries` are its newest, as far as they are at hand. */
export interface Grown {
  readonly length: number;
  readonly head: Hash | "";
  readonly entries: readonly string[];
}

export interface SequencerDeps {
  readonly crypto: CryptoDep;
  /** What is known of the protocol; fixed but for tests. */
  readonly build?: Build | undefined;
  readonly store: ChainStore;
  readonly now: () => number;
  readonly log: Log;
  readonly timeline: Timeline;
  /** Called after the commit and before the first acknowledgement, in the line: state is what was committed. */
  readonly onCommitted: (committed: Committed) => void;
  /** Documents that somebody is reading at this node. */
  readonly openDocs: (wid: WorkspaceId) => readonly DocName[];
}

export interface Sequencer {
  /** Never rejects: a failing store answers `storage`. */
  submit(jws: string, scope: Scope, author?: Author): Promise<Ack>;
  /** Somebody told what their clock says. */
  heard(author: Author): void;
  /** The date of what is signed now, as far as the workspace is in memory. */
  dated(): Dated;
  /** Runs between batches, with `docs` at their newest. Rejects with `StoreProblem` where the workspace cannot be read. */
  ask<T>(docs: readonly DocName[], question: (workspace: Workspace) => Promise<T> | T): Promise<T>;
  /** Stores what `fold` folds, in the line; answers why not. Never rejects: a failing store answers `storage`. */
  take(fold: (workspace: Workspace) => Promise<Folded>): Promise<RejectCode | undefined>;
  /** Reads what another node stored. */
  catchUp(): Promise<void>;
  readonly busy: boolean;
  /** Nothing is under way and nothing is known of it: as far as this node has looked, there is no such workspace. */
  readonly blank: boolean;
  /** `now` of the last use. */
  readonly usedAt: number;
}

interface Job {
  readonly jws: string;
  readonly scope: Scope;
  readonly author: Author | undefined;
  readonly answer: (ack: Ack) => void;
}
interface Question {
  readonly docs: readonly DocName[];
  readonly answer: (workspace: Workspace) => Promise<void>;
  readonly refuse: (error: unknown) => void;
}

/** What is read of a workspace, also while a connection holds it. */
const readsThrough = (store: ChainStore, through: () => Entries): ReadEntries => ({
  get alone() {
    return store.alone;
  },
  read: (...which) => through().read(...which),
  length: (...which) => through().length(...which),
  lengths: (...which) => through().lengths(...which),
  entriesAt: (...which) => through().entriesAt(...which),
});

export const createSequencer = (deps: SequencerDeps, wid: WorkspaceId): Sequencer => {
  const { crypto, store, now, log, timeline, onCommitted, openDocs } = deps;
  let workspace: Workspace | undefined;
  /** Documents that were in memory before the fold was dropped. */
  let before: readonly DocName[] = [];
  /** The store, or the connection that holds this workspace. */
  let through: Entries = store;
  /** `now` until which batches are held. */
  let heldUntil = 0;
  /** Something is folded, or may be stored, that readers here were not told of. */
  let untold = false;

  const reads = readsThrough(store, () => through);
  const load = async (): Promise<Workspace> => {
    const read = await loadWorkspace(crypto, reads, wid, deps.build);
    // Now, and not when a command needs them: then the others may be waiting.
    for (const doc of before) await read.chain(doc);
    await read.look(openDocs(wid));
    return read;
  };
  const loaded = async (): Promise<Workspace> => (workspace ??= await load());
  const drop = (): void => {
    before = workspace?.docs ?? before;
    workspace = undefined;
  };

  /** What is stored now, behind whatever of others' nobody here was told of: it may have taken somebody's right to see it. */
  const tellStored = async (current: Workspace, rows: readonly StoredEntry[]): Promise<() => void> => {
    const late = untold || current.untold;
    const docs = new Map([...(late ? tips(current) : []), ...(await grown(current, rows))]);
    return () => {
      untold = false;
      current.told();
      if (docs.size > 0) onCommitted({ workspace: current, docs });
    };
  };

  const judgeAndStore = async (jobs: readonly Job[]): Promise<"conflict" | (() => void)> => {
    const current = await loaded();
    const rows: StoredEntry[] = [];
    const acks: Ack[] = [];
    const refusedBy = new Set<DocName>();
    for (const { jws, scope, author } of jobs) {
      const judged = await current.judge(jws, scope, (reached) => timeline.stamp(reached, author));
      rows.push(...judged.rows);
      for (const doc of judged.refusedBy) refusedBy.add(doc);
      acks.push(judged.answer.ok ? judged.answer : { ok: false, code: judged.answer.code });
    }
    // Nobody is refused for what another node has changed meanwhile, so refusals are compared like appends.
    if (
      (rows.length > 0 || refusedBy.size > 0) &&
      (await through.append(wid, rows, await judgedAt(current, rows, refusedBy))) === "conflict"
    )
      return "conflict";
    const told = await tellStored(current, rows);
    return () => {
      told();
      jobs.forEach((job, i) => job.answer(acks[i] as Ack));
    };
  };

  /** Judges while nobody else can append. What takes long was read before. */
  const judgeHeld = async (jobs: readonly Job[]): Promise<"conflict" | (() => void)> => {
    const current = await loaded();
    return store.hold(wid, async (held) => {
      through = held;
      try {
        const news = await current.catchUp(openDocs(wid));
        untold ||= news;
        if (news) heldUntil = now() + HELD_MS;
        return await judgeAndStore(jobs);
      } finally {
        through = store;
      }
    });
  };

  /** What an error of a batch means: that command is refused by itself, or all of it is judged again. */
  const setRight = (error: unknown, held: boolean): "conflict" | Apart =>
    held && error instanceof Apart ? error : conflictWhereBehind(error);

  const commit = async (all: readonly Job[]): Promise<void> => {
    let jobs = all;
    try {
      for (let attempt = 1; attempt <= ATTEMPTS && jobs.length > 0;) {
        const held = now() < heldUntil;
        const done = await (held ? judgeHeld(jobs) : judgeAndStore(jobs)).catch((error: unknown) =>
          setRight(error, held),
        );
        if (typeof done === "function") return done();
        drop();
        heldUntil = now() + HELD_MS;
        untold = true;
        if (done === "conflict") attempt += 1;
        else {
          for (const job of jobs) if (job.jws === done.jws) job.answer({ ok: false, code: done.refused });
          jobs = jobs.filter(({ jws }) => jws !== done.jws);
        }
      }
      if (jobs.length === 0) return forget();
      throw new StoreProblem("behind", "Other nodes kept appending first.");
    } catch (error) {
      forget();
      log({
        event: error instanceof StoreProblem ? "append-failed" : "judge-failed",
        workspace: wid,
        code: error instanceof StoreProblem ? error.code : "internal",
        count: jobs.length,
      });
      for (const job of jobs) job.answer({ ok: false, code: "storage" });
    }
  };

  /** Tells readers here of everything that is stored, whoever stored it. */
  const refresh = async (current: Workspace): Promise<void> => {
    const news = (await current.catchUp(openDocs(wid))) || current.untold;
    if (news && now() < heldUntil) heldUntil = now() + HELD_MS;
    untold = false;
    current.told();
    onCommitted({ workspace: current, docs: tips(current) });
  };
  const tips = (current: Workspace): Map<DocName, Grown> =>
    new Map(
      [LOG, ...openDocs(wid)].map((doc) => {
        const { seq, head } = current.tip(doc);
        return [doc, { length: seq, head, entries: [] }];
      }),
    );
  /** What was folded may not be stored, and what is stored may not be folded: read it again, before anything else. */
  const forget = (): void => {
    drop();
    // Until that succeeded, nobody here was told of what may be stored.
    untold = true;
    line.first(readAgain);
  };
  const readAgain = (): Promise<void> => loaded().then(refresh).catch(unreadable);
  const unreadable = (error: unknown): void =>
    log({ event: "unreadable", workspace: wid, code: error instanceof StoreProblem ? error.code : "internal" });

  /** Questions that wait together share one look at the store. */
  const answerAll = async (questions: readonly Question[]): Promise<void> => {
    try {
      const current = await newest(questions.flatMap(({ docs }) => docs));
      for (const { answer, refuse } of questions)
        await answer(current).catch((error: unknown) => (unreadable(error), refuse(error)));
    } catch (error) {
      unreadable(error);
      for (const { refuse } of questions) refuse(error);
    }
  };

  const newest = async (docs: readonly DocName[]): Promise<Workspace> => {
    const current = await loaded();
    const longer = new Set(await current.look(docs));
    const isRead = longer.size > 0 && openDocs(wid).some((doc) => longer.has(doc));
    if (untold || current.untold || isRead) await refresh(current);
    return current;
  };

  const ask = <T>(docs: readonly DocName[], question: (workspace: Workspace) => Promise<T> | T): Promise<T> =>
    new Promise((resolve, reject) => {
      const refuse = (error: unknown): void => reject(error instanceof Error ? error : new Error("unknown"));
      line.question({ docs, answer: async (current: Workspace) => resolve(await question(current)), refuse });
    });

  const takeFolded = async (fold: (workspace: Workspace) => Promise<Folded>): Promise<RejectCode | undefined> => {
    try {
      const current = await newest([LOG, ...(await loaded()).docs]);
      const { rows, code } = await fold(current);
      const done =
        code !== undefined ||
        rows.length === 0 ||
        (await store.append(wid, rows, await judgedAt(current, rows, []))) === "appended";
      if (done && code === undefined) {
        if (rows.length > 0) (await tellStored(current, rows))();
        return undefined;
      }
      if (rows.length > 0) forget();
      return code ?? "stale";
    } catch (error) {
      forget();
      unreadable(error);
      return "storage";
    }
  };

  const line = createLine<Job, Question>({ now, batchMax: BATCH_MAX, commit, answer: answerAll });
  return {
    take: (fold) => new Promise((answer) => line.run(() => takeFolded(fold).then(answer))),
    submit: (jws, scope, author) => new Promise((answer) => line.job({ jws, scope, author, answer })),
    heard: timeline.heard,
    dated: () => timeline.now(workspace?.reached() ?? { time: 0, ahead: 0 }),
    ask,
    catchUp: () => ask([], refresh),
    get busy() {
      return line.busy;
    },
    get blank() {
      return !line.busy && (workspace?.log.seq ?? 0) === 0;
    },
    get usedAt() {
      return line.usedAt;
    },
  };
};

const conflictWhereBehind = (error: unknown): "conflict" => {
  if (error instanceof StoreProblem && error.code === "behind") return "conflict";
  throw error;
};

const grown = async (workspace: Workspace, rows: readonly StoredEntry[]): Promise<Map<DocName, Grown>> => {
  const entries = new Map<DocName, string[]>();
  for (const { doc, entry } of rows) {
    const list = entries.get(doc) ?? [];
    list.push(entry);
    entries.set(doc, list);
  }
  const docs = new Map<DocName, Grown>();
  for (const [doc, list] of entries) {
    const { seq, head } = await workspace.chain(doc);
    docs.set(doc, { length: seq, head, entries: list });
  }
  return docs;
};
