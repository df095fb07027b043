import type { Condition } from "#core/protocol/command.ts";
import type { JsonType, PolicyArgs } from "#bridge/facts/policy.ts";
import type { SentencesOf } from "../speaker.ts";
import { words } from "../words.ts";

const TYPES: Readonly<Record<JsonType, string>> = {
  string: "a text",
  number: "a number",
  integer: "a number",
  boolean: "yes or no",
  object: "a group of arguments",
  array: "a list",
  null: "nothing",
};
const WANTS: Readonly<Record<Condition["op"], string>> = {
  equals: "one value",
  under: "a path",
  "host-in": "an address",
  "at-most": "a number",
  matches: "a text",
};

export const policyWords: SentencesOf<PolicyArgs> = words("facts/policy.policyWords", {
  "server-too-large": ({ count, number }, server, tools, withRules, size, most) =>
    `${server} has ${count(tools, "tool", "tools")}. Together with ${withRules ? "its rules" : "its command"} this is larger than one change may be: ${number(size)} characters, and one change takes ${number(most)}. Nothing was changed.`,
  "policy-too-large": ({ count, number }, server, rules, queues, size, most) =>
    `${server === null ? "All" : `With the rules of ${server}, all`} rules and queues together are ${count(rules, "rule", "rules")} and ${count(queues, "queue", "queues")}: ${number(size)} characters, and one change takes ${number(most)}. Nothing was changed.`,
  "too-many-listed": ({ count, number }, tools, most) =>
    `This server has ${count(tools, "tool", "tools")}; a workspace takes ${number(most)} of one server. Nothing was added. Many servers can be started with fewer tools.`,
  "server-gone": () => "There is no such tool server. Somebody may have removed it.",
  "undo-too-late": ({ all }, by) =>
    `${by.length === 0 ? "Somebody" : all(by)} changed the rules since, so this cannot be undone any more. Nothing was changed; look at what holds now.`,
  "nothing-to-undo": () => "There is nothing to undo.",
  "not-undoable": (_, queue) => `The queue ${queue} was removed, and a removed queue does not come back.`,
  "too-many-rules": ({ number }, most, rules) =>
    `A workspace keeps ${number(most)} rules, and these would be ${number(rules)}. Nothing was changed. Let one rule speak about several tools, or remove some.`,
  "bad-rule": ({ say }, problem) => say(problem),
  "queue-id": () => "The queue's id may hold small letters, digits and dashes only.",
  "queue-id-used": () =>
    "There was such a queue, and what was asked in it would be open to the new one. Use another id.",
  "no-such-rule": () => "There is no such rule. Somebody may have removed it.",
  "rule-names-no-tool": () => "Choose a tool. This rule would speak about none.",
  "rule-names-no-server": () => "Choose the server of this tool.",
  "server-has-no-tool": (_, server, tool) => `${server} has no tool named ${tool}.`,
  "rule-without-tools": () => "Fits no call: none of its tools is there.",
  "rule-fits-none": ({ say }, misfit) => `No call fits this rule: ${say(misfit)}.`,
  "rule-fits-nothing": ({ say, count }, sure, tools, misfit) =>
    `${sure ? "Fits" : "May fit"} no call of ${tools === 1 ? "this tool" : `these ${count(tools, "tool", "tools")}`}: ${say(misfit)}.`,
  "rule-misses": ({ say }, misfit, only) =>
    `${say(misfit)}. ${only ? "The rule then protects nothing." : "The rule then says nothing about this tool."}`,
  "rule-misses-more": ({ number }, tools) => `So it is with ${number(tools)} more of these tools.`,
  "rule-unchecked": ({ number }, tools, tool) =>
    `${tools === 1 ? `The arguments of ${tool} are` : `The arguments of ${number(tools)} of these tools are`} not known on this computer, so their names cannot be checked here.`,
  misfit: ({ say }, tool, server, what) => `${tool} of ${server} ${say(what)}`,
  "misfit.no-argument": (_, path, like) =>
    `has no argument named “${path}”${like === null ? "" : `; did you mean “${like}”?`}`,
  "misfit.type": (_, takes, path, op) => `takes ${TYPES[takes]} as “${path}”, and this comparison wants ${WANTS[op]}`,
  "misfit.only": (_, values, andMore, path) =>
    `takes only ${values.map((each) => `“${each}”`).join(", ")}${andMore ? " and others" : ""} as “${path}”`,
  "misfit.value": (_, takes, path, value) => `takes ${TYPES[takes]} as “${path}”, which “${value}” is not`,
  "path-names-nothing": (_, path) =>
    `“${path}” names no argument. Write its name, with dots for what lies inside, for example options.path.`,
  "text-not-plain": () =>
    "This text has spaces around it, or characters that cannot be seen or that stand for others. Write it plainly.",
  "folder-unclear": (_, path) =>
    `“${path}” could mean different folders. Write a whole path, for example /srv/notes or C:\\notes.`,
  "hosts-unclear": () => "Write host names with commas between them, for example example.org, *.example.org.",
  "amount-unclear": (_, amount) =>
    `“${amount}” is no number that can be compared exactly. Write it in digits, for example 100 or 2.5.`,
  "pattern-empty": () => "Write a pattern: * stands for any run of characters, ? for one.",
  "pattern-fits-all": () => "This pattern fits every text. Leave the condition out instead.",
  "pattern-for-place": () =>
    "A pattern cannot keep a path in a folder or an address at a host: what it fits can lead out again. Choose “is under” or “has a host in”.",
  "pattern-not-plain": () =>
    "This pattern has characters that cannot be seen or that stand for others. Write it plainly.",
  "queue.last": () => "A workspace always keeps one queue. Add another one first.",
  "queue.asked": ({ number }, rules) =>
    rules === 1
      ? "A rule still asks this queue. Change or remove that rule first."
      : `${number(rules)} rules still ask this queue. Change or remove those rules first.`,
});
