/** What an entry of the audit did, after the name of who did it. Only what readers of that document see anyway. */
import type { ActCode, Asked, CallFact, Person, RoleName, WhyArgs } from "#core/facts/why.ts";
import type { Unnamed } from "#core/protocol/command.ts";
import { CAPABILITY_WORDS } from "./capability-words.ts";
import type { Language } from "./language.ts";
import { serverWords } from "./rule-fact-words.ts";
import { words } from "./words.ts";

export const personWords = words("act-words.personWords", ([, name]: Person): string =>
  name === "" ? "somebody unknown" : name,
);
export const roleWords = words("act-words.roleWords", ([id, name]: RoleName): string => (name === "" ? id : name));

const callWords = ({ practice, tool, server }: CallFact): string =>
  `${practice ? "practice: " : ""}${tool} on ${server}`;
const asked = ([requester, call]: Asked): string => `what ${personWords(requester)} asked (${callWords(call)})`;
const voted = (language: Language, did: string, of: Asked, others: readonly Person[]): string =>
  `${did} ${asked(of)}${others.length === 0 ? "" : `, in the place of ${language.all(others.map(personWords))}`}`;

const UNNAMED: Readonly<Record<Unnamed, string>> = {
  ask: "what no rule names asks",
  confirm: "what no rule names is confirmed by whoever runs it",
  deny: "what no rule names is never run",
};

export const actWords: { readonly [C in ActCode]: (language: Language, ...args: WhyArgs[C]) => string } = words(
  "act-words.actWords",
  {
    "act.founded": (_, workspace) => `founded the workspace ${workspace}`,
    "act.joined": () => "joined with an invite",
    "act.joined.promised": (_, role) =>
      `joined as Guest with an invite; the role ${roleWords(role)} waits for an Admin`,
    "act.came-back": (_, by) => `came back with a new device, let in by ${personWords(by)}; older devices were closed`,
    "act.role": (_, member, to, from) =>
      `gave ${personWords(member)} the role ${roleWords(to)} instead of ${roleWords(from)}`,
    "act.role.refused": (_, member) => `refused ${personWords(member)} the role that the invite promised`,
    "act.renamed": (_, name) => `changed the own name to ${name}`,
    "act.left": () => "left",
    "act.removed": (_, member) => `removed ${personWords(member)}`,
    "act.device.added": () => "added a device",
    "act.device.knows": ({ number }, version, level) => `runs version ${version}, which knows level ${number(level)}`,
    "act.level": ({ number }, from, to) => `raised the workspace from level ${number(from)} to ${number(to)}`,
    "act.device.revoked": (_, owner) => `revoked a device of ${personWords(owner)}`,
    "act.device.rotated": () => "replaced the key of the device",
    "act.role.defined": ({ all }, role, capabilities) =>
      `defined the role ${roleWords(role)}: may ${capabilities.length === 0 ? "do nothing" : all(capabilities.map((each) => CAPABILITY_WORDS[each] ?? each))}`,
    "act.invite.made": () => "made an invite",
    "act.invite.revoked": () => "revoked an invite",
    "act.server.defined": ({ count }, [, name], rules) =>
      `defined the tool server ${name}${rules === null ? "" : `, with ${count(rules, "rule", "rules")} for it`}`,
    "act.server.removed": (_, [, name]) => `removed the tool server ${serverWords(name)}`,
    "act.tool.accepted": (_, [, name], tool) =>
      `accepted what the tool ${tool} of ${serverWords(name)} says of itself now`,
    "act.tool.withdrawn": (_, [, name], tool) =>
      `took back an accepted definition of the tool ${tool} of ${serverWords(name)}`,
    "act.policy": ({ count, all }, rules, unnamed, queues) =>
      `changed the approval policy: ${count(rules, "rule", "rules")}, ${UNNAMED[unnamed]}, ${queues.length === 1 ? "queue" : "queues"} ${all(queues.map(([, name]) => name))}`,
    "act.server-key": () => "named the key with which the server signs",
    "act.checkpoint": ({ number }, position) => `signed a checkpoint of entry ${number(position)}`,
    "act.epoch": ({ number }, doc, n, owner, queue) =>
      `opened epoch ${number(n)} of ${owner !== null ? `the requests of ${personWords(owner)}` : `the queue ${queue?.[1] || doc}`}`,
    "act.delegated": ({ moment }, to, until) =>
      `named ${personWords(to)} to decide in their place until ${moment(until)}`,
    "act.undelegated": () => "took back the delegation",
    "act.asked": (_, call, replaces) =>
      `asked to run ${callWords(call)}${replaces ? ", in place of an earlier request" : ""}`,
    "act.approved": (language, of, others) => voted(language, "approved", of, others),
    "act.rejected": (language, of, others) => voted(language, "rejected", of, others),
    "act.canceled": (_, of) => `canceled ${asked(of)}`,
    "act.rewrapped": (_, call) => `sealed the arguments again for approvers who came later: ${callWords(call)}`,
    "act.ran": (_, call) => `ran ${callWords(call)}`,
    "act.later": () => "did something that came with a newer version of the app",
  },
);
