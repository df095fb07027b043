/** Words about what approvers read beside the arguments of a call. */
import type { Enclose } from "#bridge/app.ts";
import { words } from "./words.ts";

export const enclosureWords = words("enclosure.enclosureWords", {
  writes: (name: string) => `${name} writes`,
  youWrite: "You write",
  ownWords: (name: string) => `${name}'s own words. Nobody checked them.`,
  yourWords: "Your own words, as approvers read them.",
  changes: "What would change in the file",
  changesOf: (path: string) => `Change of ${path}`,
  asItWas: (name: string) =>
    `Compared with the file as it was on ${name}'s computer when this was asked. Nobody checked that.`,
  asYouSent: "Compared with the file as it was on this computer when you asked. Approvers see the same.",
  asItIs: "Compared with the file as it is now on this computer. Only you see this.",
  asItIsShared: "Compared with the file as it is now on this computer. Approvers see it as it was when you asked.",
  wholeFile: "If the tool replaces the whole file, these lines change.",
  same: "The file holds exactly this text already.",
  empty: "The file is empty.",
  cut: "The file is longer than what could be compared: lines after the first 256 kB are not shown as removed.",
  whyField: "Why (approvers read this)",
  whyHelp: "Optional. It goes encrypted to the approvers of this call.",
  fileToo: "By your choice in Settings, what the file of the call holds now goes too.",
  practiceHelp: "Optional. It goes encrypted to them.",
  practiceWhy: "Why (the people of the queue read this)",
  setting: "What approvers see beside the arguments",
  settingTitle: "Approvals",
  settingHelp: "When a call of yours asks somebody. What you write under “Why” yourself always goes with the call.",
  choices: {
    nothing: { label: "Only the arguments", why: "Nothing of your threads leaves this computer." },
    message: {
      label: "My last message",
      why: "When your agent asks, approvers read the last message you wrote before the call, up to 500 characters.",
    },
    "message-and-file": {
      label: "My last message, and what a file holds now",
      why: "Approvers also see what would change in a file, if it lies in a folder that the tool's server was started with.",
    },
  } satisfies Record<Enclose, { label: string; why: string }>,
  hint: {
    message: "If a call asks, its approvers also read your last message",
    "message-and-file":
      "If a call asks, its approvers also read your last message, and what a file holds that it would write",
  },
  alsoRead: "Approvers also read",
  whatFileHeld: (path: string) => `what ${path} held when you asked`,
  tooLarge: {
    why: "Your words were too large to go with the call.",
    file: "What the file holds was too large to go with the call.",
  },
} as const);
