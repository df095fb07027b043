/** Words of the team page: members, devices, invites, and "what can they do, and why?". */
import type { InviteView } from "#bridge/invite.ts";
import { CAPABILITY_WORDS } from "./capability-words.ts";
import { countWords } from "./common.ts";
import { words } from "./words.ts";

export const teamWords = words("team.teamWords", {
  title: "Team",
  members: "Members",
  invites: "Invites",
  name: "Name",
  role: "Role",
  joined: "Joined",
  you: "you",
  removed: "removed",
  roleOf: (name: string) => `Role of ${name}`,
  details: "Details of",
  deviceCount: (n: number) => countWords(n, "device", "devices"),
  explain: "What can they do, and why?",
  explainMe: "What can I do, and why?",
  explainTitle: (name: string) => `What ${name} can do, and why`,
  rights: "Rights",
  allowed: "Allowed",
  refused: "Refused",
  remove: "Remove member",
  removeTitle: (name: string) => `Remove ${name}?`,
  removeWhy:
    "They lose access on all their devices at the next sync, and their votes and requests no longer count. Their private threads stay theirs.",
  leave: "Leave workspace",
  leaveTitle: (name: string) => `Leave ${name}?`,
  leaveWhy:
    "You lose access on all your devices at the next sync, and your votes and requests no longer count. Your private threads stay yours.",
  changed: (name: string, role: string) => `${name} is ${role} now`,
} as const);

export const questionWords = words("team.questionWords", {
  "decide-queue": "Queues whose requests they can decide",
  "give-role": "Roles they can give",
  "change-role": "People whose role they can change",
  "remove-member": "People they can remove",
} as const);

/** Capabilities as labels, in the words of the rules; one of a newer app shows as it is written in the log. */
export const capabilityWords: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(CAPABILITY_WORDS).map(([capability, words]) => [
    capability,
    words.replace(/^./, (first) => first.toUpperCase()),
  ]),
);

export const inviteStateWords: Record<InviteView["state"], string> = words("team.inviteStateWords", {
  open: "Open",
  used: "Used up",
  expired: "Expired",
  revoked: "Revoked",
});

export const inviteWords = words("team.inviteWords", {
  create: "Create invite",
  title: "Invite somebody",
  label: "Who is it for",
  labelHelp: "Only a note for you and your teammates.",
  role: "Role",
  expires: "Expires after",
  expiries: [
    { value: "3600000", label: "1 hour" },
    { value: "86400000", label: "1 day" },
    { value: "604800000", label: "7 days" },
    { value: "2592000000", label: "30 days" },
  ],
  uses: "Number of uses",
  usesProblem: "Between 1 and 50.",
  submit: "Create link",
  gives: (role: string, left: number) =>
    `Leaves this computer if you send it: gives the role ${role}, ${countWords(left, "use", "uses")} left`,
  readyTitle: "The invite is ready",
  readyWhy: "Whoever has this link can join with the role it names. Send it to one person, over a channel you trust.",
  link: "Invite link",
  copyLink: "Copy link",
  code: "Code",
  copyCode: "Copy code",
  codeWhy: "For pasting into Bulkhead when the link does not open it.",
  qr: "QR code of the invite link",
  done: "Done",
  show: "Show link",
  revoke: "Revoke invite",
  revokeTitle: "Revoke this invite?",
  revokeWhy: "Its link stops working at once, also for somebody who is joining right now.",
  emptyTitle: "No invites yet",
  empty: "An invite is a link that gives one role, for a time and a number of uses. You can revoke it.",
  columns: { label: "For", role: "Role", by: "Made by", used: "Used", expires: "Expires", state: "State" },
  usedOf: (used: number, uses: number) => `${used} of ${uses}`,
  elsewhere: "Its link is only on the computer that made it.",
  unlabeled: "No note",
  back: (name: string) => `${name}, to come back`,
} as const);

export const personWords = words("team.personWords", {
  gone: "no longer a member",
  withRole: (name: string, role: string | null) => `${name}, ${role ?? "no longer a member"}`,
  alike: (others: readonly string[]) => `Not ${others.join("; not ")}.`,
  formerly: (names: readonly string[]) => `Called ${names.join(", then ")} before.`,
  joined: "Joined",
} as const);
