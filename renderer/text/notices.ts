/** What a notification says: a name, a tool, a server and the workspace, never arguments or titles. */
import { allWords } from "./common.ts";
import { words } from "./words.ts";

const inside = (sentence: string, workspace: string): string => `${sentence} (${workspace})`;

export const noticeWords = words("notices.noticeWords", {
  asks: (name: string, tool: string) => `${name} asks to run ${tool}`,
  practices: (name: string, tool: string) => `Practice: ${name} asks to run ${tool}`,
  practice: "Practice: nothing will run.",
  inPlaceOf: (server: string, members: readonly string[]) => `${server}, in the place of ${allWords(members)}`,
  more: "More cards wait for you",
  moreWhere: (workspace: string) => inside("Open Approvals to see all of them.", workspace),
  confirm: (tool: string | null) => `Confirm ${tool ?? "a call"}`,
  confirmWhere: (server: string) => `It would run on this computer, with ${server}.`,
  noEffect: "Your decision had no effect",
  noEffectWhy: (why: string, workspace: string) => inside(why, workspace),
  goOn: "Approvals go on",
  goOnWhy: (workspace: string) =>
    inside(
      "The server shows again everything that was verified on this computer, so approvals go on. What it showed in between is kept as evidence.",
      workspace,
    ),
  cameBack: (name: string) => `${name} came back with a new device`,
  cameBackWhy: (by: string, workspace: string) => inside(`Let in by ${by}. Their older devices are closed.`, workspace),
  waits: (name: string, role: string) => `${name} waits to become ${role}`,
  /** `by` whose invite it was: of who reads this, of nobody known, or of somebody. */
  waitsWhy: (back: boolean, by: { readonly me: true } | { readonly name: string | null }, workspace: string) => {
    const whose = "me" in by ? "your invite" : by.name === null ? "an invite" : `the invite of ${by.name}`;
    const came = back ? "Came back" : "Joined";
    return inside(`${came} with ${whose} and is a Guest until you or another answers.`, workspace);
  },
  refusedRole: (by: string, role: string) => `${by} refused you the role ${role}`,
  gaveRole: (by: string, role: string) => `${by} gave you the role ${role}`,
  staysGuest: (workspace: string) => inside("You stay a Guest.", workspace),
  holds: (workspace: string) => inside("It holds from now on.", workspace),
} as const);
