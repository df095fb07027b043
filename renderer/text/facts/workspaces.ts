import type { WorkspacesArgs } from "#bridge/facts/workspaces.ts";
import type { SentencesOf } from "../speaker.ts";
import { words } from "../words.ts";

export const workspacesWords: SentencesOf<WorkspacesArgs> = words("facts/workspaces.workspacesWords", {
  "no-such-workspace": () => "This workspace is not on this computer any more.",
  "place.not-loaded": () => "Not loaded yet",
  "no-name": () => "Say your name first: it is how your teammates will see you.",
  "server-address": () => "That is not the address of a sync server. It looks like https://sync.example.org.",
  "server-failed": () => "The sync server inside the app did not start. Try again, or use a server by its address.",
  "name-not-one-line": () => "That name holds characters that cannot be shown on one line. Choose another one.",
  "link-too-long": () => "That is not an invite link: it is much too long. Copy the link again.",
  "link-malformed": () => "That is not an invite link, or a part of it is missing. Copy the whole link again.",
  "link-version": () => "This link was made by a newer version of Bulkhead. Update this app, then open it again.",
  "link-server": () => "This link names one server and leads to another. Do not use it; ask for a new one.",
  "founding-link-cut": () => "A part of this founding link is missing. Copy all of it again, with what follows the #.",
  "founding-link-to-join": () =>
    "This is a founding link: with it a workspace is created, not joined. Go back, choose Create a workspace, and paste it as the server's address.",
  "invite-link-to-found": () =>
    "This is an invite link: with it a workspace is joined, not created. Go back, choose Join with a link, and paste it there.",
  "invite-changed": () =>
    "The server now says something else about this invite than before. Open the link again and look closely.",
  "server-says": ({ say }, what) => `The server says: ${say(what)}`,
  "joined-other-history": () =>
    "What this server has is not the workspace that the link was made for. Nothing was joined; ask for a new link, and tell the person who made it.",
  "no-network": () =>
    "This computer has no address in a network now, so nobody else can reach a server on it. Connect it to a network, then look again.",
  "server-elsewhere-run": () =>
    "The server of this workspace does not run inside this app, so its address cannot be changed here. Whoever runs it can.",
});
