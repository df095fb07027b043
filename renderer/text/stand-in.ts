/** Words for deciding in somebody's place. */
import { words } from "./words.ts";

export const standInWords = words("stand-in.standInWords", {
  label: "Deciding in each other's place",
  mine: (name: string, until: string) => `${name} decides in your place until ${until}. You may still decide yourself.`,
  yours: (name: string, until: string) => `You stand in for ${name} until ${until}.`,
  give: "Let somebody decide in your place",
  end: "End now",
  ended: "Nobody decides in your place now",
  title: "Who decides in your place?",
  why: "Their vote then counts for you too. Each person still counts once, and nobody decides their own request. It ends by itself.",
  person: "Person",
  nobody: "Nobody else here may decide approvals. Give somebody the role Approver in Team first.",
  cannot: (rule: string) => `You cannot name anybody: ${rule}`,
  until: "Until",
  ends: [
    { value: "8", label: "8 hours" },
    { value: "24", label: "1 day" },
    { value: "72", label: "3 days" },
    { value: "168", label: "1 week" },
    { value: "504", label: "3 weeks" },
    { value: "at", label: "A date and time" },
  ],
  at: "Date and time",
  submit: "Let them decide",
  given: (name: string) => `${name} decides in your place now`,
  chipTo: (name: string) => `${name} decides in their place`,
  chipMine: (name: string) => `${name} decides in your place`,
  chipFor: (name: string) => `stands in for ${name}`,
  untilTitle: (until: string) => `Until ${until}`,
} as const);
