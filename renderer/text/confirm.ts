/** Words about calls that whoever runs them confirms, and about what calls get that no rule names. */
import type { CardSummary } from "#bridge/card.ts";
import type { PolicyView } from "#bridge/policy.ts";
import { cardStateWords, cardWords } from "./calls.ts";
import { practiceWords } from "./practice.ts";
import { words } from "./words.ts";

type Unnamed = PolicyView["unnamed"];

const listed = (names: readonly string[]): string =>
  names.length < 3 ? names.join(" and ") : `${names.slice(0, 2).join(", ")} and ${names.length - 2} more`;

export const confirmWords = words("confirm.confirmWords", {
  toConfirm: "To confirm",
  youRun: "You run this on this computer · confirm",
  rowRun: "You run this",
  waitsHere: (tool: string) => `${tool} waits for you to confirm`,
  open: "Review and confirm",
  youSaidNo: "You did not confirm this",
  waits: "Nothing has run. It waits for you to confirm it in its own window, also without the network.",
  /** Over the choice in Tools and its dialog. */
  title: "Calls that no rule names",
  choices: {
    confirm: "Whoever runs them confirms",
    ask: "Other people approve them",
    deny: "They never run",
  } satisfies Record<Unnamed, string>,
  means: {
    confirm:
      "The call is shown on the screen of whoever runs it, and runs once they confirm it there, also offline. Nobody else is asked.",
    ask: "The call waits until somebody else approves it. Nobody approves their own.",
    deny: "The call is refused. Only what a rule names can run.",
  } satisfies Record<Unnamed, string>,
  toolsToo: (servers: readonly string[], to: Unnamed) =>
    `Tools of ${listed(servers)} that were set so when they were added ${to === "ask" ? "ask others" : "are confirmed"} too. What was set otherwise stays.`,
  changeTitle: (to: Unnamed) =>
    ({
      confirm: "Let people confirm such calls themselves?",
      ask: "Ask others for such calls?",
      deny: "Refuse such calls?",
    })[to],
  verb: (to: Unnamed) => ({ confirm: "Confirm them yourself", ask: "Ask others", deny: "Refuse them" })[to],
  forEverybody: (people: number) =>
    people === 1 ? "It holds for this workspace from now on." : `It holds for all ${people} people here from now on.`,
  looser:
    "That is less strict than now: what asked somebody else, or was refused, then runs once its own person confirms it.",
  nobody: "Nobody else here can approve yet, so such a call would be refused until somebody joins who may.",
  openEnds: "What waits to be confirmed now ends. It can be called again.",
  saved: "It holds for everybody now",
  yourself: "Confirm such calls yourself",
  joined: (names: readonly string[]) => `${listed(names)} can approve now. Ask others instead of confirming yourself?`,
  joinedWhy: "Calls that no rule names then wait until somebody else approves them.",
  askOthers: "Ask others instead",
  notNow: "Keep confirming",
  statusJoined: (names: readonly string[]) => `${listed(names)} can approve: ask others?`,
} as const);

const ownStates: Partial<Record<CardSummary["state"], string>> = {
  approved: "Confirmed",
  rejected: "Not confirmed",
  canceled: "Canceled",
  lapsed: "Not run: the rules or the tool changed",
  expired: "Not answered or not run in time",
};

/** Where a card stands, in the words of its kind. */
export const stateWords = words("confirm.stateWords", ({ kind, state }: Pick<CardSummary, "kind" | "state">): string =>
  kind === "confirm" ? (ownStates[state] ?? cardStateWords[state]) : cardStateWords[state],
);

/** What the buttons and the outcome of a card say: an own call is confirmed, another's is approved. */
export const verbsOf = words("confirm.verbsOf", ({ kind, practice }: Pick<CardSummary, "kind" | "practice">) =>
  kind === "confirm"
    ? {
        approve: "Confirm and run",
        reject: "Do not run",
        reasonHelp: "Your agent reads it.",
        youApproved: "You confirmed this",
        youRejected: confirmWords.youSaidNo,
        readFirst: "Nothing was decided. Read to the end of the arguments first, then confirm.",
        takesEffect: (vote: "approve" | "reject", seconds: number) =>
          `${vote === "approve" ? "Confirmed" : "Not confirmed"} in ${seconds} s. Nothing is signed yet.`,
      }
    : {
        approve: practice ? practiceWords.approve : cardWords.approve,
        reject: cardWords.reject,
        reasonHelp: cardWords.reasonHelp,
        youApproved: cardWords.youApproved,
        youRejected: cardWords.youRejected,
        readFirst: cardWords.readFirst,
        takesEffect: cardWords.takesEffect,
      },
);
