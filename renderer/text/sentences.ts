/** What each fact says, in English. A code without a sentence does not compile. */
import type { ToldArgs } from "#bridge/told.ts";
import { actWords, personWords, roleWords } from "./act-words.ts";
import { CAPABILITY_WORDS } from "./capability-words.ts";
import { roomWords } from "./room-words.ts";
import { rejectWords } from "./reject-words.ts";
import { doesWords, ruleFactWords } from "./rule-fact-words.ts";
import type { SentencesOf } from "./speaker.ts";
import { words } from "./words.ts";

export type Sentences = SentencesOf<ToldArgs>;

/** Of the sentences about "this person", how they are said to that person. */
export const OWN_SENTENCES: Pick<
  Sentences,
  "not-a-member" | "not-active" | "queue-names" | "queue-names-later" | "queue-names-not" | "stands-in-for"
> = words("sentences.OWN_SENTENCES", {
  "not-a-member": () => "You are not a member of the workspace.",
  "not-active": () => "You are not an active member of this workspace.",
  "queue-names": (_, [, queue], role) => `The queue ${queue} names you or your role, ${roleWords(role)}.`,
  "queue-names-later": (_, [, queue]) => `The queue ${queue} asks you only in a later step, if nobody decides before.`,
  "queue-names-not": (_, [, queue]) => `The queue ${queue} names neither you nor your role.`,
  "stands-in-for": (_, person) => `You stand in for ${person[1] === "" ? "a member" : personWords(person)}.`,
});

export const SENTENCES: Sentences = words("sentences.SENTENCES", {
  ...rejectWords,
  ...actWords,
  ...roomWords,
  "not-active": () => "Not an active member of this workspace.",
  "role-may": (_, role, capability) => `The role ${roleWords(role)} may ${CAPABILITY_WORDS[capability] ?? capability}.`,
  "role-may-not": (_, role, capability) =>
    `The role ${roleWords(role)} may not ${CAPABILITY_WORDS[capability] ?? capability}.`,
  "role-covers": (_, mine, wanted) => `The role ${roleWords(mine)} holds every right of ${roleWords(wanted)}.`,
  "role-lacks": (_, mine, wanted) => `The role ${roleWords(mine)} does not hold every right of ${roleWords(wanted)}.`,
  "role-covers-rights": (_, mine) => `The role ${roleWords(mine)} holds every right of that role.`,
  "role-lacks-rights": (_, mine) => `The role ${roleWords(mine)} does not hold every right of that role.`,
  "may-leave": () => "Everybody may leave.",
  "closes-own-devices": () => "Everybody closes their own devices.",
  "queue-names": (_, [, queue], role) => `The queue ${queue} names this person or the role ${roleWords(role)}.`,
  "queue-names-later": (_, [, queue]) =>
    `The queue ${queue} asks this person only in a later step, if nobody decides before.`,
  "queue-names-not": (_, [, queue]) => `The queue ${queue} names neither this person nor the role.`,
  "stands-in-for": (_, person) => `This person stands in for ${person[1] === "" ? "a member" : personWords(person)}.`,
  "opens-asked": () => "Everybody opens what they asked.",
  "opens-voted": () => "Everybody opens what they voted on.",
  "reads-log": () => "Every member reads the member log.",
  "no-such-document": () => "There is no such document.",
  "reads-own-requests": () => "Everybody reads their own requests.",
  "lane-of-another": () => "A lane belongs to one person.",
  "queue-removed": () => "This queue was removed: its history is open to whoever may read the audit.",
  "checkpoint.owner": () => "An Owner signs checkpoints.",
  "checkpoint.verifying": () =>
    "This computer is still verifying the history behind the checkpoint that it began with.",
  rule: (language, rule) => ruleFactWords(language, rule),
  "no-rule": (_, does) => `No rule names this call, so it ${doesWords(does)}.`,
  "tool-changed": (_, does) =>
    `This tool is not as the team accepted it, so it ${doesWords(does)} until somebody accepts it in Tools.`,
  "rule-asks": (_, [, queue]) => `A rule that asks ${queue}.`,
  "bad-args": () => "Arguments that cannot be read are refused.",
  "practice-asks": () => "No rule asked: this is practice, and nothing will run.",
  "rule-not-in-force": (_, [, queue]) => `It names a rule that was not in force, and asks ${queue}.`,
  "leaves-and-closes": () => "Everybody leaves and closes their own devices as they like.",
  "owner-raised": (_, role) => `Only an Owner raises the level, and the role was ${roleWords(role)}.`,
  "owner-signed": (_, role) => `Only an Owner signs checkpoints, and the role was ${roleWords(role)}.`,
  "names-itself": () => "The workspace is named after what its founder signed.",
  "invite-good": () => "The invite was open then, and whoever made it still had the right to invite.",
  "own-affair": () => "Everybody may do this with what is their own.",
  votes: ({ all, number }, approvals, against, deny, step) => {
    const have = all(approvals.map(([n, need]) => `${number(n)} of ${number(need)}`));
    return `approvals ${have}, rejections ${number(against)} of ${number(deny)}${step === 1 ? "" : `, step ${number(step)}`}`;
  },
  "clock-was-ahead": ({ length }, ms) => `the server's clock had been ${length(ms)} ahead until here`,
  "export.no-head": () => "The file does not begin as a saved audit does.",
  "export.other-format": ({ number }, format) =>
    `The file is of format ${number(format)}, which this version does not know. Verify it with a newer version of Bulkhead.`,
  "export.needs-level": ({ number }, level) =>
    `This version cannot judge it: the workspace uses what came with level ${number(level)}. Verify the file with a newer version of Bulkhead.`,
  "export.columns": () => "There is no list of columns where one belongs.",
  "export.no-founding": () => "The first row is not the founding of a workspace.",
  "export.unreadable": () => "The line cannot be read.",
  "export.differs": () => "The line does not say what its entry says.",
  "export.count": () => "The last line does not count what is above it: lines are missing or were added.",
});
