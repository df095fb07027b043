/** A rule of the policy as a sentence: on a card, in the list of rules, and in the audit. */
import type { Does, RuleFact } from "#core/facts/why.ts";
import type { Language } from "./language.ts";
import { words } from "./words.ts";

const OPS = {
  equals: "is",
  under: "is under",
  "host-in": "has a host in",
  "at-most": "is at most",
  matches: "matches",
} as const;

const DOES = {
  allow: "runs without asking",
  confirm: "is confirmed by whoever runs it",
  deny: "is never run",
} as const;
export const doesWords = words("rule-fact-words.doesWords", (does: Does): string =>
  does[0] === "ask" ? `asks ${queueAsked(does[1][1])}` : DOES[does[0]],
);
const queueAsked = (name: string): string => (name === "" ? "approvers" : name);

/** Of one call a long list says no more than its name. */
export const ruleFactWords = words("rule-fact-words.ruleFactWords", (language: Language, rule: RuleFact): string => {
  const server = rule.server === null ? "every server" : serverWords(rule.server[1]);
  const what = rule.tool !== null && rule.tools.length > 0 ? rule.tool : toolsNamed(language, rule);
  const who = rule.roles.length === 0 ? "" : ` for ${language.any(rule.roles.map(([id, name]) => name || id))}`;
  const where = language.all(rule.args.map(({ path, op, value }) => `${path} ${OPS[op]} ${value}`));
  const unseen = rule.linksUnseen ? " (links on that computer are not followed)" : "";
  return `${what} of ${server}${who} ${doesWords(rule.does)}${where === "" ? "" : ` when ${where}${unseen}`}.`;
});

export const serverWords = words("rule-fact-words.serverWords", (name: string): string =>
  name === "" ? "a removed server" : name,
);

/** A long list is counted, so that a rule stays one line. */
const NAMED_MAX = 3;
const toolsNamed = (language: Language, { tools, except }: RuleFact): string => {
  if (tools.length === 0) return "Every tool";
  const list = tools.length > NAMED_MAX ? `${language.number(tools.length)} tools` : language.any(tools);
  return except ? `Every tool but ${list}` : tools.length > NAMED_MAX ? `One of ${list}` : list;
};
