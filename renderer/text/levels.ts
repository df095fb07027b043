/** Words for the format that a workspace speaks, and for raising it. */
import { words } from "./words.ts";

export const levelWords = words("levels.levelWords", {
  format: (level: number) => `Format of this workspace: level ${level}`,
  behind: (level: number) => `does not know level ${level} yet`,
  toUpdate: (devices: number) => `${devices} to update`,
  raise: (level: number) => `Raise to level ${level}`,
  title: (level: number) => `Raise this workspace to level ${level}?`,
  why: (level: number) =>
    `From then on everybody's app may use what level ${level} brings. It holds for all members, and no level is ever lowered.`,
  late: "These devices do not know this yet. Each will say “update the app” and keep its threads. Update them first, or raise now and update them later.",
  none: "Every device in this workspace knows it.",
  of: (person: string, device: string) => `${person}: ${device}`,
  yours: (device: string) => `You: ${device}`,
  raised: (level: number) => `This workspace speaks level ${level} now`,
} as const);

/** Of an app that is too old for its workspace: what happened, what goes on, and until when. */
export const tooOldWords = words("levels.tooOldWords", {
  open: "What this means",
  title: "Update Bulkhead on this computer",
  happened:
    "A teammate's app, or the server, uses a newer format that this version cannot read. Nobody did anything wrong and nothing is lost: what arrives is read after the update.",
  works: [
    "Your threads, search and chat go on.",
    "What was verified before stays readable: team, rules and audit.",
    "What you asked waits here, and goes on after the update or expires.",
  ],
  stopped: "Until then this computer asks for nothing new, decides nothing and runs no approved call.",
  until: (moment: string) =>
    `Tools that need no approval run here until ${moment}. Rights may have changed since in a way that this version cannot see, so they stop then.`,
  over: "Tools do not run here any more: rights may have changed in a way that this version cannot see.",
} as const);
