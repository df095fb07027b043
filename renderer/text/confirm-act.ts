/** Words of the window in which something is confirmed before this computer signs it. */
import type { ShownAct } from "#bridge/act.ts";
import { visibleName } from "#bridge/plain-text.ts";
import { ENGLISH } from "./language.ts";

interface ActWords {
  readonly title: string;
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly why: string;
  readonly yes: string;
}

const workspace = (name: string): readonly [string, string] => ["Workspace", visibleName(name)];

export const actWords = (act: ShownAct): ActWords => {
  switch (act.kind) {
    case "workspace.level":
      return {
        title: `Raise this workspace to level ${act.to}?`,
        facts: [workspace(act.workspace), ["Level now", `${act.from}`]],
        why: "It holds for everybody, and no level is ever lowered. An app that does not know this level will say “update the app” and keep its threads.",
        yes: `Raise to level ${act.to}`,
      };
    case "member.role":
      return {
        title: `Give ${visibleName(act.member)} the role ${visibleName(act.role)}?`,
        facts: [workspace(act.workspace), ["Person", visibleName(act.member)], ["Role", visibleName(act.role)]],
        why: "They may then do what this role allows, at once. You can give them another role again.",
        yes: "Give this role",
      };
    case "approval.delegate":
      return {
        title: `Let ${visibleName(act.member)} decide in your place?`,
        facts: [
          workspace(act.workspace),
          ["Person", visibleName(act.member)],
          [
            "Until",
            ENGLISH.date(act.until, {
              weekday: "short",
              day: "numeric",
              month: "short",
              year: "numeric",
              hour: "2-digit",
              minute: "2-digit",
            }),
          ],
        ],
        why: "Their votes then count for you too, until that time. You can end it before.",
        yes: "Let them decide",
      };
  }
};

export const confirmActWords = {
  kicker: "Confirm",
  no: "Cancel",
  signed: "Confirmed. You can close this window.",
  refused: "Nothing was signed. You can close this window.",
  gone: "There is nothing to confirm now.",
  goneWhy: "This was answered, or waited too long. Do it again in the main window.",
  blocked:
    "Your browser kept the window closed in which you confirm this. Allow windows for this page, then do it again.",
} as const;
