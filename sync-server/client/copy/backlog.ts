/**
 * What arrived and is not verified yet. It is verified in slices, so that the event loop turns between them: the log
 * first, since approvals name its positions and are signed with keys that it brings.
 */
import { parseEntry } from "#core/protocol/entry.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import type { Taken } from "#core/rules/fold.ts";
import type { Platform } from "../ports/platform.ts";
import { newWaiting } from "./ahead.ts";
import type { Ahead, Waiting } from "./ahead.ts";
import type { Kept } from "./kept.ts";
import type { Witness } from "./witness.ts";
import type { Writing } from "./writing.ts";

/** Entries folded and flushed to the disk in one turn of the event loop: what was checked ahead together, about 15 ms. */
const SLICE = 400;

export interface BacklogDeps {
  readonly timers: Pick<Platform["timers"], "soon">;
  readonly ahead: Pick<Ahead, "ready" | "forget">;
  readonly kept: Pick<Kept, "chain" | "ingest">;
  readonly writing: Pick<Writing, "keep" | "within" | "stuck">;
  /** Whether anything more is believed. */
  readonly listens: () => boolean;
  /** Whether the log has the entry that the workspace's link names. */
  readonly pinHolds: () => boolean;
  /** An entry names a position of the log that is not here. */
  readonly named: Witness["named"];
  readonly refuse: (code: string, doc: DocName, shown: string) => void;
  /** These were verified and kept. */
  readonly grew: (doc: DocName, taken: readonly Taken[]) => void;
}
export interface Backlog {
  /** How many entries of a document wait. */
  waiting(doc: DocName): number;
  add(doc: DocName, entries: readonly string[]): void;
  /** Verifies what can be verified now. */
  work(): void;
  /** Forgets what waits, of one document or of all. */
  drop(doc?: DocName): void;
  close(): void;
}

export const createBacklog = (deps: BacklogDeps): Backlog => {
  const { ahead, kept, writing } = deps;
  const backlog = new Map<DocName, Waiting>();
  let slicing = false;
  let closed = false;
  const waiting = (doc: DocName): number => backlog.get(doc)?.entries.length ?? 0;

  /** Verifies up to `SLICE` entries of a document; answers how many it took and whether more can be taken now. */
  const drain = (doc: DocName): { taken: Taken[]; more: boolean } => {
    const waits = backlog.get(doc);
    if (waits === undefined) return { taken: [], more: false };
    const from = kept.chain(doc).seq + 1;
    const offered = waits.entries.slice(0, Math.min(SLICE, ahead.ready(doc, waits, goOn)));
    const taken: Taken[] = [];
    let refusal: { code: string; shown: string } | null = null;
    for (const entry of offered) {
      const verdict = kept.ingest(doc, entry);
      if (verdict.ok) taken.push(verdict);
      else {
        // An approval that names a log position not yet here waits for the log; anything else cannot be true.
        const position = verdict.code === "log-behind" ? parseEntry(entry, false)?.m : undefined;
        if (position === undefined || position === null) refusal = { code: verdict.code, shown: entry };
        else deps.named(position[0], position[1], entry);
        break;
      }
    }
    const verified = waits.entries.splice(0, taken.length);
    waits.ready = Math.max(0, waits.ready - taken.length);
    if (verified.length > 0) writing.keep({ doc, from, entries: verified, taken });
    if (refusal !== null) deps.refuse(refusal.code, doc, refusal.shown);
    else if (doc === LOG && taken.length > 0 && !deps.pinHolds()) deps.refuse("log-fork", LOG, verified.join("\n"));
    return { taken, more: taken.length > 0 && taken.length === offered.length && waits.entries.length > 0 };
  };

  const work = (): void => {
    slicing = false;
    if (closed) return;
    const order = [LOG, ...[...backlog.keys()].filter((doc) => doc !== LOG)];
    let more = false;
    for (const doc of order) {
      if (!deps.listens()) return;
      if (doc !== LOG && waiting(LOG) > 0) continue;
      const step = writing.within(() => drain(doc));
      if (step === null) return;
      more ||= step.more;
      if (step.taken.length > 0) deps.grew(doc, step.taken);
    }
    if (more && !slicing) {
      slicing = true;
      deps.timers.soon(work);
    }
  };
  const goOn = (): void => {
    if (!slicing && !writing.stuck()) work();
  };

  return {
    waiting,
    add: (doc, entries) => {
      const waits = backlog.get(doc);
      if (waits === undefined) backlog.set(doc, newWaiting(entries));
      else for (const entry of entries) waits.entries.push(entry);
      goOn();
    },
    work,
    drop: (doc) => {
      if (doc === undefined) backlog.clear();
      else backlog.delete(doc);
      ahead.forget();
    },
    close: () => {
      closed = true;
    },
  };
};
