/** Words of the window in which something is confirmed before this computer signs it. */
import { words } from "./words.ts";

export const levelActWords = words("confirm-act.levelActWords", {
  title: (to: number) => `Raise this workspace to level ${to}?`,
  now: "Level now",
  why: "It holds for everybody, and no level is ever lowered. An app that does not know this level will say “update the app” and keep its threads.",
  yes: (to: number) => `Raise to level ${to}`,
} as const);

export const roleActWords = words("confirm-act.roleActWords", {
  title: (person: string, role: string) => `Give ${person} the role ${role}?`,
  role: "Role",
  ownRole: (name: string) => `${name} (this team’s own)`,
  why: "They may then do what this role allows, at once. You can give them another role again.",
  yes: "Give this role",
} as const);

export const delegateActWords = words("confirm-act.delegateActWords", {
  title: (person: string) => `Let ${person} decide in your place?`,
  until: "Until",
  why: "Their votes then count for you too, until that time. You can end it before.",
  yes: "Let them decide",
} as const);

export const confirmActWords = words("confirm-act.confirmActWords", {
  kicker: "Confirm",
  workspace: "Workspace",
  person: "Person",
  no: "Cancel",
  signed: "Confirmed. You can close this window.",
  refused: "Nothing was signed. You can close this window.",
  waits: "Confirm this in the window that opened. Nothing is signed before.",
  show: "Show the window",
  gone: "There is nothing to confirm now.",
  goneWhy: "This was answered, or waited too long. Do it again in the main window.",
} as const);
