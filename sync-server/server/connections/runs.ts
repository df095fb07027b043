/**
 * Runs: entries that follow the stored ones up to a signed head, as one giver sends them. They are held in memory until the
 * last one shows what they lead to, so there are few places; one who is slow gives theirs to a newcomer.
 */
import type { SignedHead } from "#core/protocol/give-back.ts";
import type { DocName, WorkspaceId } from "#core/protocol/ids.ts";

/** Runs that are held in memory at a node at once, and of one document: several, so that one who gives nothing is in nobody's way. */
const RUNS_MAX = 12;
const RUNS_OF_ONE = 3;

export interface Run {
  readonly head: SignedHead;
  /** How many are stored. */
  readonly from: number;
  readonly entries: string[];
  readonly since: number;
  characters: number;
}
export interface RunsDeps {
  readonly now: () => number;
  /** A run that goes on for longer than this may have to give its place to a newcomer, ms. */
  readonly patienceMs: number;
  /** Characters of one run. */
  readonly runMax: number;
}
/** Who gives: one document of one workspace. */
interface Giver {
  readonly wid: WorkspaceId;
  readonly doc: DocName;
}
export interface Runs<G extends Giver> {
  of(giver: G): Run | undefined;
  /** A place for one more run of the document, or null. `dropped`: the slowest had its time, and gives it. */
  place(wid: WorkspaceId, doc: DocName): { readonly dropped: readonly [giver: G, run: Run] | null } | null;
  begin(giver: G, head: SignedHead, from: number): void;
  /** Takes what came; answers whether there is more to come, all of it is here, or it is no part of this run. */
  take(run: Run, from: number, entries: readonly string[]): "more" | "whole" | "unfit";
  /** It ends; `run`: only where it is still this one. */
  end(giver: G, run?: Run): void;
}

export const createRuns = <G extends Giver>({ now, patienceMs, runMax }: RunsDeps): Runs<G> => {
  const runs = new Map<G, Run>();
  const pace = ({ characters, since }: Run): number => characters / (now() - since);
  return {
    of: (giver) => runs.get(giver),
    place: (wid, doc) => {
      const here = [...runs].filter(([giver]) => giver.wid === wid && giver.doc === doc);
      const full = here.length >= RUNS_OF_ONE ? here : runs.size >= RUNS_MAX ? [...runs] : [];
      if (full.length === 0) return { dropped: null };
      const [slowest] = full
        .filter(([, { since }]) => now() - since > patienceMs)
        .toSorted(([, a], [, b]) => pace(a) - pace(b));
      if (slowest === undefined) return null;
      runs.delete(slowest[0]);
      return { dropped: slowest };
    },
    begin: (giver, head, from) => void runs.set(giver, { head, from, entries: [], since: now(), characters: 0 }),
    take: (run, from, entries) => {
      run.characters += entries.reduce((sum, entry) => sum + entry.length, 0);
      const have = run.from + run.entries.length;
      if (from !== have + 1 || have + entries.length > run.head.s || run.characters > runMax) return "unfit";
      run.entries.push(...entries);
      return have + entries.length < run.head.s ? "more" : "whole";
    },
    end: (giver, run) => {
      if (run === undefined || runs.get(giver) === run) runs.delete(giver);
    },
  };
};
