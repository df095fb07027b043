import { roleWords } from "../act-words.ts";
import type { TeamArgs } from "#bridge/facts/team.ts";
import type { SentencesOf } from "../speaker.ts";
import { words } from "../words.ts";

export const teamWords: SentencesOf<TeamArgs> = words("facts/team.teamWords", {
  "not-permitted": ({ say }, because, stays) =>
    `${say(because)}${stays ? " What is here stays readable; an Admin can give you another role." : ""}`,
  "answered-already": () => "Somebody has answered this already. Nothing was changed.",
  "name-taken": () => "There is a role of this name already. Choose another name, or change that role.",
  "no-such-right": () => "One of these rights does not exist. Look again at what the role shall allow.",
  "label-secret": () =>
    "This label looks like a secret, and the server and everybody who sees invites would keep it for good. Write who the invite is for.",
  "secret-failed": () => "The link could not be kept safely. Nothing was made; try again.",
  "invite-not-shown": () => "The server took the invite but has not shown it yet. Look at the list in a moment.",
  "no-such-invite": () => "There is no such invite.",
  "role.gives": () => "You can give roles whose rights you hold.",
  "role.owners-keep": () => "Only an Owner gives the roles Owner and Admin.",
  "role.promised": (_, role) => `Invited as ${roleWords(role)}: give that role to confirm.`,
  "device.revoked": () => "Revoked already.",
  "device.other-key": () => "Each device replaces its own key.",
  "device.own-key": () => "Every device may replace its own key.",
  "device.not-here": () => "This device is not part of the workspace any more.",
  "let-back.gone": () => "No longer a member: invite them as somebody new.",
  "let-back.self": () => "Somebody else lets you back in.",
  "member.gone": () => "No longer a member.",
  "role.built-in": () => "A built-in role stays as it is. Define a role of your own instead.",
});
