/**
 * The line of a workspace: everything that reads or changes its state waits here, and one thing at a time is done.
 * What waits together is done together: jobs as a batch, questions with one look at the store.
 */

/** Of these two kinds whatever stands next to its like is handed on as one. */
export interface LineDeps<J, Q> {
  readonly now: () => number;
  readonly batchMax: number;
  /** Neither may reject. */
  readonly commit: (jobs: readonly J[]) => Promise<void>;
  readonly answer: (questions: readonly Q[]) => Promise<void>;
}
export interface Line<J, Q> {
  job(job: J): void;
  question(question: Q): void;
  /** Alone, in its turn. It may not reject. */
  run(work: () => Promise<void>): void;
  /** Alone, before anything that waits; once, however often it is put there. */
  first(work: () => Promise<void>): void;
  readonly busy: boolean;
  /** `now` of the last use. */
  readonly usedAt: number;
}

type Task<J, Q> =
  | { readonly kind: "job"; readonly job: J }
  | { readonly kind: "question"; readonly question: Q }
  | { readonly kind: "run"; readonly work: () => Promise<void> };

export const createLine = <J, Q>({ now, batchMax, commit, answer }: LineDeps<J, Q>): Line<J, Q> => {
  const tasks: Task<J, Q>[] = [];
  let busy = false;
  let usedAt = now();

  /** What stands at the head of the line and is of one kind, at most `most` of it. */
  const taken = <T>(most: number, of: (task: Task<J, Q>) => T | null): T[] => {
    const found: T[] = [];
    for (const task of tasks) {
      const item = found.length < most ? of(task) : null;
      if (item === null) break;
      found.push(item);
    }
    tasks.splice(0, found.length);
    return found;
  };
  const jobIn = (task: Task<J, Q>) => (task.kind === "job" ? { of: task.job } : null);
  const questionIn = (task: Task<J, Q>) => (task.kind === "question" ? { of: task.question } : null);

  const drain = async (): Promise<void> => {
    for (let task = tasks[0]; task !== undefined; task = tasks[0]) {
      if (task.kind === "job") await commit(taken(batchMax, jobIn).map(({ of }) => of));
      // Who dials without end must not keep the store busy.
      else if (task.kind === "question") await answer(taken(Infinity, questionIn).map(({ of }) => of));
      else {
        tasks.shift();
        await task.work();
      }
    }
    busy = false;
    usedAt = now();
  };
  const enter = (task: Task<J, Q>): void => {
    tasks.push(task);
    usedAt = now();
    if (busy) return;
    busy = true;
    // At the end of this turn of the event loop, so that commands that arrived together are committed together.
    setImmediate(() => void drain());
  };
  return {
    job: (job) => enter({ kind: "job", job }),
    question: (question) => enter({ kind: "question", question }),
    run: (work) => enter({ kind: "run", work }),
    first: (work) => {
      const [head] = tasks;
      if (head?.kind !== "run" || head.work !== work) tasks.unshift({ kind: "run", work });
    },
    get busy() {
      return busy;
    },
    get usedAt() {
      return usedAt;
    },
  };
};
