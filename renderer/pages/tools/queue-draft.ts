/** A queue as it is typed, and as it is sent. Pure. */
import type { QueueView } from "#bridge/views.ts";
import { queueWords as words } from "../../text/tools.ts";

export interface GroupDraft {
  readonly n: string;
  readonly roles: readonly string[];
  readonly members: readonly string[];
}
export interface QueueDraft {
  readonly name: string;
  readonly groups: readonly GroupDraft[];
  readonly deny: string;
  /** Minutes. */
  readonly decide: string;
  readonly use: string;
  /** Kept as they are: the form does not show them. */
  readonly steps: QueueView["steps"];
  readonly practice: boolean;
}

const MINUTE = 60_000;

export const draftOf = (queue: QueueView | null): QueueDraft =>
  queue === null
    ? { name: "", groups: [{ n: "1", roles: ["approver", "admin", "owner"], members: [] }], deny: "1", decide: "30", use: "10", steps: [], practice: true }
    : { name: queue.name, groups: queue.all.map((each) => ({ n: String(each.n), roles: each.roles, members: each.members })), deny: String(queue.deny), decide: String(queue.decideMs / MINUTE), use: String(queue.useMs / MINUTE), steps: queue.steps, practice: queue.practice };

export const queueOf = (draft: QueueDraft, id: string): { readonly ok: true; readonly queue: QueueView } | { readonly ok: false; readonly problem: string } => {
  if (draft.name.trim() === "") return { ok: false, problem: words.needName };
  if (draft.groups.some((group) => group.roles.length + group.members.length === 0)) return { ok: false, problem: words.needOne };
  const counts = draft.groups.map((group) => whole(group.n, 50));
  const deny = whole(draft.deny, 50);
  const decide = whole(draft.decide, 10_080);
  const use = whole(draft.use, 10_080);
  if (deny === null || decide === null || use === null || counts.includes(null)) return { ok: false, problem: words.needNumbers };
  const all = draft.groups.map((group, index) => ({ n: counts[index] ?? 1, roles: [...group.roles], members: [...group.members] }));
  return { ok: true, queue: { id, name: draft.name.trim(), all, deny, decideMs: decide * MINUTE, useMs: use * MINUTE, steps: draft.steps, practice: draft.practice } };
};

const whole = (text: string, most: number): number | null => {
  const value = Number(text);
  return /^\d+$/.test(text.trim()) && value >= 1 && value <= most ? value : null;
};

/** An id in the shape the log wants (`[a-z][a-z0-9-]{0,31}`), made from the name and not yet taken. */
export const newQueueId = (name: string, taken: readonly string[]): string => {
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^[^a-z]+|-+$/g, "").slice(0, 28) || "queue";
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? slug : `${slug}-${n}`;
    if (!taken.includes(id)) return id;
  }
};
