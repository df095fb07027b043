import type { WorkspacesArgs } from "#bridge/facts/workspaces.ts";
import type { SentencesOf } from "../speaker.ts";
import { words } from "../words.ts";

export const workspacesWords: SentencesOf<WorkspacesArgs> = words("facts/workspaces.workspacesWords", {
  "invite-changed": () =>
    "The server now says something else about this invite than before. Open the link again and look closely.",
});
