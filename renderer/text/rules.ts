/** Words of rules by tool, arguments and role. */
import type { Condition } from "#bridge/policy.ts";
import { anyWords, countWords } from "./common.ts";
import { words } from "./words.ts";

const ops: readonly { value: Condition["op"]; label: string }[] = [
  { value: "equals", label: "is exactly" },
  { value: "under", label: "is a path under" },
  { value: "host-in", label: "has a host in" },
  { value: "at-most", label: "is at most" },
  { value: "matches", label: "matches" },
];
const hints: Record<Condition["op"], string> = {
  equals: "the exact text or number",
  under: "/srv/notes",
  "host-in": "example.org, *.example.org",
  "at-most": "100",
  matches: "*.md",
};

const typeNames: Readonly<Record<string, string>> = words("rules.typeNames", {
  string: "text",
  number: "number",
  integer: "number",
  boolean: "yes or no",
  object: "group",
  array: "list",
});

export const ruleWords = words("rules.ruleWords", {
  title: "Rules",
  subtitle:
    "What a call may do, by its tool, its arguments and who asks. The order does not matter: of all rules that fit, the strictest decides. Deny is stricter than ask, ask than confirm, confirm than allow.",
  add: "Add rule",
  edit: "Edit",
  editOf: (words: string) => `Edit rule: ${words}`,
  remove: "Remove",
  removeOf: (words: string) => `Remove rule: ${words}`,
  removeTitle: "Remove this rule?",
  removeWhy: (words: string) =>
    `“${words}” ends for everybody. What it denied or asked may then be decided by other rules.`,
  cannot: (rule: string) => `You cannot change rules: ${rule}`,
  empty: "No rules with conditions yet. What is set for each tool holds for all its calls.",
  plain: (n: number) => countWords(n, "rule without conditions", "rules without conditions"),
  addTitle: "Add a rule",
  editTitle: "Edit rule",
  server: "Server",
  everyServer: "Every server",
  chooseServer: "Choose a server",
  chooseServerFirst: "Choose a server first",
  tool: "Tools",
  chooseTools: "Choose tools",
  which: [
    { value: "only", label: "Only these" },
    { value: "but", label: "All but these" },
    { value: "every", label: "Every tool" },
  ],
  chosenTools: (n: number) => (n === 0 ? "Choose at least one" : `${countWords(n, "tool", "tools")} chosen`),
  findTool: "Find a tool",
  everyTool: "Every tool",
  conditions: "When",
  conditionsHelp:
    "All must hold. Where an argument cannot be judged, a rule that allows does not fit and a stricter one does.",
  noConditions: "Whatever the arguments.",
  addCondition: "Add condition",
  removeCondition: (index: number) => `Remove condition ${index}`,
  path: (index: number) => `Argument ${index}`,
  pathName: (index: number) => `Name of argument ${index}`,
  pathHint: "path",
  chooseArgument: "Choose an argument",
  otherArgument: "Another name",
  argument: (path: string, types: readonly string[], tools: number, of: number) =>
    [
      path,
      ...(types.length === 0 ? [] : [anyWords(types.map((type) => typeNames[type] ?? type))]),
      ...(tools < of ? [`${tools} of ${of} tools`] : []),
    ].join(" · "),
  op: (index: number) => `Comparison ${index}`,
  value: (index: number) => `Value ${index}`,
  ops,
  hint: (op: Condition["op"]) => hints[op],
  roles: "For",
  rolesHelp: "Roles of whoever asks. None chosen means everybody.",
  effect: "Then",
  allow: "Allow without asking",
  ask: (queue: string) => `Ask ${queue}`,
  confirm: "Confirm on the screen of whoever runs it",
  deny: "Deny",
  save: "Save rule",
  chooseEffect: "Choose what happens",
  tryTitle: "Which rule decides?",
  tryWhy: "Type what a call would say. The same rules answer that guard every call; nothing is called.",
  role: "Role of whoever asks",
  args: "Arguments",
  tryIt: "Find the rule",
  decides: "Decides",
  alsoFit: "Also fit, and are less strict",
  noTools: "There is no tool to try yet. Add a tool server first.",
} as const);
