/** A queue as it is typed, and as it is sent. Pure. */
import type { QueueView } from "#bridge/policy.ts";
import { told, type Told } from "#bridge/told.ts";
import { DAY, MINUTE, spanMs, spanOf, whole, type Span } from "../../state/span.ts";

type Threshold = QueueView["all"][number];

export interface GroupDraft {
  readonly n: string;
  readonly roles: readonly string[];
  readonly members: readonly string[];
}
/** A rung: after that time these people approve instead of those before. */
export interface StepDraft {
  readonly after: Span;
  readonly groups: readonly GroupDraft[];
}
export interface QueueDraft {
  readonly name: string;
  readonly groups: readonly GroupDraft[];
  readonly steps: readonly StepDraft[];
  readonly deny: string;
  readonly decide: Span;
  readonly use: Span;
  readonly practice: boolean;
  readonly oneForTwo: boolean;
  readonly independent: boolean;
}

const LONGEST = 30 * DAY;

export const emptyGroup: GroupDraft = { n: "1", roles: [], members: [] };
export const emptyStep: StepDraft = { after: { amount: "15", unit: "minutes" }, groups: [emptyGroup] };

export const draftOf = (queue: QueueView | null): QueueDraft =>
  queue === null
    ? {
        name: "",
        groups: [{ n: "1", roles: ["approver", "admin", "owner"], members: [] }],
        steps: [],
        deny: "1",
        decide: spanOf(30 * MINUTE),
        use: spanOf(10 * MINUTE),
        practice: true,
        oneForTwo: false,
        independent: false,
      }
    : {
        name: queue.name,
        groups: queue.all.map(groupOf),
        steps: queue.steps.map((step) => ({ after: spanOf(step.afterMs), groups: step.all.map(groupOf) })),
        deny: String(queue.deny),
        decide: spanOf(queue.decideMs),
        use: spanOf(queue.useMs),
        practice: queue.practice,
        oneForTwo: queue.oneForTwo,
        independent: queue.independent,
      };
const groupOf = (each: Threshold): GroupDraft => ({ n: String(each.n), roles: each.roles, members: each.members });

type Read = { readonly ok: true; readonly queue: QueueView } | { readonly ok: false; readonly problem: Told };
const no = (problem: Told): Read => ({ ok: false, problem });

export const queueOf = (draft: QueueDraft, id: string): Read => {
  if (draft.name.trim() === "") return no(told("needs-queue-name"));
  const ladder = [draft.groups, ...draft.steps.map((step) => step.groups)].map((groups) => groups.map(thresholdOf));
  if (
    [draft.groups, ...draft.steps.map((step) => step.groups)]
      .flat()
      .some((group) => group.roles.length + group.members.length === 0)
  )
    return no(told("needs-queue-group"));
  const deny = whole(draft.deny, 50);
  if (deny === null || ladder.flat().includes(null)) return no(told("needs-whole-numbers"));
  const [all = [], ...rungs] = ladder as Threshold[][];
  const decideMs = spanMs(draft.decide, LONGEST);
  const useMs = spanMs(draft.use, LONGEST);
  if (decideMs === null || useMs === null) return no(told("needs-times"));
  const steps = draft.steps.map((step, index) => ({
    afterMs: spanMs(step.after, LONGEST) ?? 0,
    all: rungs[index] ?? [],
  }));
  const late = stepProblem(
    steps.map((step) => step.afterMs),
    decideMs,
  );
  if (late !== null) return no(late);
  return {
    ok: true,
    queue: {
      id,
      name: draft.name.trim(),
      all,
      deny,
      decideMs,
      useMs,
      steps,
      practice: draft.practice,
      oneForTwo: draft.oneForTwo,
      independent: draft.independent,
    },
  };
};

/** A rung that never comes, or comes before the one above it, would not be what a person reads. The log refuses it too. */
const stepProblem = (times: readonly number[], decideMs: number): Told | null => {
  for (const [index, time] of times.entries()) {
    if (time <= 0) return told("needs-times");
    if (time <= (times[index - 1] ?? 0)) return told("step-before", index + 2);
    if (time >= decideMs) return told("step-late", index + 2);
  }
  return null;
};

const thresholdOf = (group: GroupDraft): Threshold | null => {
  const n = whole(group.n, 50);
  return n === null ? null : { n, roles: [...group.roles], members: [...group.members] };
};

/** An id in the shape the log wants (`[a-z][a-z0-9-]{0,31}`), made from the name and not yet taken. */
export const newQueueId = (name: string, taken: readonly string[]): string => {
  const slug =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^[^a-z]+|-+$/g, "")
      .slice(0, 28) || "queue";
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? slug : `${slug}-${n}`;
    if (!taken.includes(id)) return id;
  }
};
