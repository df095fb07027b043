/** Words about a second device: the code, the number on both screens, and how it ends. */
import { words } from "./words.ts";

/** Six digits in two groups, as people read them aloud. */
export const readable = (number: string): string => `${number.slice(0, 3)} ${number.slice(3)}`;

export const offerWords = words("pair.offerWords", {
  add: "Add a device",
  title: "Add another computer of yours",
  why: "It joins this workspace as you, with your role. Threads stay where they were written: it starts with none.",
  opening: "Making a code.",
  how: (app: string) =>
    `On your other computer, open ${app} and choose “This is another computer of mine”. Then scan, open or paste this code there.`,
  leaves: "Leaves this computer if you show it: whoever has this code can ask to become a device of yours",
  code: "Code",
  copy: "Copy code",
  qr: "QR code for your other computer",
  left: "left. Nothing is added before you compare a number.",
  nearby:
    "This workspace's server is reached at an address of this computer alone, so another computer will not find it.",
  here: "Your other computer is here. Getting the number.",
  compareTitle: "Compare the number",
  compareWhy: (name: string) => `“${name}” shows a number. See whether it is the same here.`,
  compare: "Show the number",
  adding: (name: string) => `Adding “${name}”.`,
  doneTitle: "Your other computer was added",
  done: (name: string) => `“${name}” is now a device of yours in this workspace. You can revoke it here at any time.`,
  endedTitle: "No device was added",
  again: "Make a new code",
  stop: "Cancel",
  close: "Done",
  settingsWhy: "Another computer of yours joins this workspace as you.",
} as const);

export const compareWords = words("pair.compareWords", {
  kicker: "Add a device",
  title: "Is this the number on your other computer?",
  number: "Number to compare",
  name: "It calls itself",
  why: "Say yes only if you are adding a computer now and can see the same number on it. It will then act as you: ask, decide, and read what you may read.",
  same: "Add this computer",
  differs: "No, it differs",
  added: "Added. You can close this window.",
  refused: "Nothing was added. You can close this window.",
  gone: "There is no number to compare now.",
  goneWhy: "The code has expired, or was used. Make a new one in the main window.",
} as const);

export const arriveWords = words("pair.arriveWords", {
  title: "This is another computer of mine",
  firstRunWhy: "You are in a workspace already.",
  code: "Code from your other computer",
  codeHelp: "There: Team, your own devices, “Add a device”. Nothing happens before you confirm.",
  look: "Look at the code",
  confirmTitle: "Connect this computer?",
  confirmWhy:
    "Go on only if this code is on the screen of your own other computer. This one then acts as you there. Its threads stay here, and those of the other one stay there.",
  server: "Server",
  name: "Name of this computer",
  ownName: "My other computer",
  nameHelp: "Shown once on your other computer, beside the number.",
  nameNeeded: "Give this computer a name.",
  connect: "Connect",
  already: "This computer has that workspace already.",
  open: "Open workspace",
  connecting: (server: string) => `Connecting over ${server}.`,
  compareTitle: "Is this number on your other computer?",
  compareWhy: "Answer there: in the window that shows the number, choose “Add this computer” if it is the same.",
  number: "Number to compare",
  workspace: "Workspace",
  person: "As",
  reading: (workspace: string) => `Reading ${workspace} and checking every signature.`,
  done: (workspace: string) => `This computer is now a device of yours in ${workspace}.`,
  endedTitle: "This computer was not added",
  again: "Use another code",
} as const);
