/** Words for the format that a workspace speaks, and for raising it. */
export const levelWords = {
  format: (level: number) => `Format of this workspace: level ${level}`,
  behind: (level: number) => `does not know level ${level} yet`,
  raise: (level: number) => `Raise to level ${level}`,
  title: (level: number) => `Raise this workspace to level ${level}?`,
  why: (level: number) =>
    `From then on everybody's app may use what level ${level} brings. It holds for all members, and no level is ever lowered.`,
  late: "These devices do not know this yet. Each will say “update the app” and keep its threads. Update them first, or raise now and update them later.",
  none: "Every device in this workspace knows it.",
  of: (person: string, device: string) => `${person}: ${device}`,
  yours: (device: string) => `You: ${device}`,
  raised: (level: number) => `This workspace speaks level ${level} now`,
} as const;
