import type { TeamArgs } from "#bridge/facts/team.ts";
import type { SentencesOf } from "../speaker.ts";
import { words } from "../words.ts";

export const teamWords: SentencesOf<TeamArgs> = words("facts/team.teamWords", {
  "device.revoked": () => "Revoked already.",
  "device.other-key": () => "Each device replaces its own key.",
  "device.own-key": () => "Every device may replace its own key.",
  "device.not-here": () => "This device is not part of the workspace any more.",
  "let-back.gone": () => "No longer a member: invite them as somebody new.",
  "let-back.self": () => "Somebody else lets you back in.",
  "member.gone": () => "No longer a member.",
  "role.built-in": () => "A built-in role stays as it is. Define a role of your own instead.",
});
