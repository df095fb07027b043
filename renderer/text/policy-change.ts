/** Words of what a change of the rules does, before and after it holds for everybody. */
import { visibleName } from "#bridge/plain-text.ts";
import type { Effect, EffectChange, PolicyPreview, QueueView } from "#bridge/policy.ts";
import { allWords, anyWords, countWords } from "./common.ts";
import { effectWords } from "./tools.ts";
import { factWords } from "./facts.ts";
import { words } from "./words.ts";

type Queues = readonly Pick<QueueView, "id" | "name">[];
const eases: Record<PolicyPreview["queues"][number]["eases"][number], string> = {
  fewer: "fewer votes are needed",
  others: "other people can approve",
  steps: "it is asked in other steps",
  "one-for-two": "one click counts for several people",
  independent: "people whom the requester brought in count",
  rejections: "more rejections are needed to end it",
  longer: "there is more time",
};
const hows: Record<PolicyPreview["conditional"][number]["how"], string> = {
  new: "New, where its conditions hold",
  changed: "Changed, where its conditions hold",
  removed: "Ends",
};

const effectName = (effect: Effect, queues: Queues): string =>
  effect.kind === "ask"
    ? effectWords.ask(queues.find(({ id }) => id === effect.queue)?.name ?? effect.queue)
    : { allow: effectWords.allow, confirm: effectWords.confirm, deny: effectWords.deny }[effect.kind];

const NAMED = 3;
const peopleWords = (people: readonly string[], roles: readonly string[]): string => {
  if (people.length === 0) return `for nobody now, as nobody is ${anyWords(roles.slice(0, NAMED))}`;
  if (people.length > NAMED) return `for ${people.length} people`;
  return `for ${allWords(people)}`;
};

/** Alike changes of different roles are one part of the sentence. */
const parts = (changes: readonly EffectChange[], queues: Queues): { text: string; count: number }[] => {
  const found = new Map<string, { text: string; tools: Set<string> }>();
  for (const { from, to, tools } of changes) {
    const text = `from ${effectName(from, queues)} to ${effectName(to, queues)}`;
    const part = found.get(text) ?? { text, tools: new Set<string>() };
    for (const { server, tool } of tools) part.tools.add(`${server} ${tool}`);
    found.set(text, part);
  }
  return [...found.values()]
    .toSorted((a, b) => b.tools.size - a.tools.size)
    .map(({ text, tools }) => ({ text, count: tools.size }));
};

/** One tool is named, more are counted. */
const subject = ({ tools, changes }: PolicyPreview): string => {
  const only = changes[0]?.tools[0];
  return tools === 1 && only !== undefined
    ? `${visibleName(only.tool)} changes`
    : countWords(tools, "tool changes", "tools change");
};

/** "14 tools change: 10 from Allow to Deny, 4 from Ask Approvers to Deny, for 3 people." */
export const changeSentence = words(
  "policy-change.changeSentence",
  (preview: PolicyPreview, queues: Queues): string => {
    if (preview.changes.length === 0) return changeWords.noTool;
    const roles = [...new Set(preview.changes.flatMap((change) => change.roles))];
    const [first, ...others] = parts(preview.changes, queues);
    const what =
      others.length === 0
        ? ` ${first?.text ?? ""}`
        : `: ${[first, ...others].map((part) => `${part?.count} ${part?.text}`).join(", ")}`;
    return `${subject(preview)}${what}, ${peopleWords(preview.people, roles)}.`;
  },
);

/** One line for each kind of change, with those whom it is about, where they differ. */
export const changeLines = words(
  "policy-change.changeLines",
  (preview: PolicyPreview, queues: Queues): { readonly title: string; readonly tools: readonly string[] }[] =>
    preview.changes.map(({ from, to, tools, roles, people }) => ({
      title: `From ${effectName(from, queues)} to ${effectName(to, queues)}, ${peopleWords(people, roles)}`,
      tools: tools.map(({ server, tool }) => `${server}.${tool}`),
    })),
);

/** Everything else that changes, one sentence each. */
export const otherLines = words("policy-change.otherLines", (preview: PolicyPreview, queues: Queues): string[] => [
  ...(preview.unnamed === null
    ? []
    : [
        `What no rule names: from ${effectName(preview.unnamed.from, queues)} to ${effectName(preview.unnamed.to, queues)}.`,
      ]),
  ...preview.conditional.map(({ how, rule }) => `${hows[how]}: ${factWords(rule)}`),
  ...preview.queues.map(({ how, name, eases: of, tools }) => {
    const asked = tools === 0 ? "asked for no tool now" : `asked for ${countWords(tools, "tool", "tools")}`;
    if (how !== "changed") return `The queue ${name} ${how === "new" ? "is new" : "ends"}; it is ${asked}.`;
    return `The queue ${name}, ${asked}, changes${of.length === 0 ? "" : `: ${of.map((ease) => eases[ease]).join("; ")}`}.`;
  }),
]);

/** What was done, as the notice says it: short, since it stands for some seconds only. */
export const doneSentence = words("policy-change.doneSentence", (preview: PolicyPreview, queues: Queues): string => {
  const others = otherLines(preview, queues);
  if (preview.changes.length === 0)
    return `${changeWords.holds} ${others.length === 1 ? others[0] : others.length === 0 ? changeWords.noTool : `${countWords(others.length, "thing changes", "things change")}.`}`;
  return `${changeWords.holds} ${changeSentence(preview, queues)}${others.length === 0 ? "" : ` And ${countWords(others.length, "other thing", "other things")}.`}`;
});

export const changeWords = words("policy-change.changeWords", {
  title: "What this does for everybody",
  noTool: "No tool gets another effect now.",
  same: "Nothing changes: the same stands in the rules already.",
  looking: "Looking at what this does",
  loosens: "Makes calls easier",
  tightens: "Makes calls stricter",
  which: "Which tools",
  overruled: (rule: string) =>
    `While a stricter rule stands, this changes nothing: “${rule}” Remove that one if this should count.`,
  everything: "This is about every tool of every server, for everybody, whatever the arguments.",
  askTitle: "Publish this for everybody?",
  askLoosens: "Calls that asked somebody, or were refused, can then run with fewer people asked, or with none.",
  publish: "Publish for everybody",
  holds: "This holds for everybody now.",
  undone: "Taken back. The rules are as they were before.",
  meanwhile: (by: readonly string[], what: string) =>
    `${by.length === 0 ? "Somebody" : allWords(by)} changed the rules while you were here. ${what} What you chose is kept; what it does is shown against the rules that hold now.`,
  goOn: "Go on with the rules that hold now",
  bar: (n: number) => `${countWords(n, "change", "changes")}, not published yet`,
  barLabel: "Changes that are not published",
  discard: "Discard",
  publishBar: "Publish",
  /** Beside a tool whose setting was picked and is not published. */
  pending: "Not published yet",
  notSet: (effect: Effect, queues: Queues) => `Not set (${effectName(effect, queues)})`,
  overruledBy: (effect: Effect, queues: Queues, rule: string) =>
    `Now ${effectName(effect, queues)}, by a stricter rule: ${rule}`,
} as const);
