/** What is said of workspaces on this computer: codes and their arguments. */
import type { Told } from "../told.ts";
export interface WorkspacesArgs {
  "no-such-workspace": readonly [];
  /** In the place of a name. */
  "place.not-loaded": readonly [];
  "no-name": readonly [];
  "server-address": readonly [];
  "server-failed": readonly [];
  "name-not-one-line": readonly [];
  "link-too-long": readonly [];
  "link-malformed": readonly [];
  "link-version": readonly [];
  "link-server": readonly [];
  "founding-link-cut": readonly [];
  "founding-link-to-join": readonly [];
  "invite-link-to-found": readonly [];
  "invite-changed": readonly [];
  /** Nothing signed shows it. */
  "server-says": readonly [what: Told];
  "joined-other-history": readonly [];
  "no-network": readonly [];
  "server-elsewhere-run": readonly [];
}
