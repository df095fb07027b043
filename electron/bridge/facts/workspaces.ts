/** What is said of workspaces on this computer: codes and their arguments. */
export interface WorkspacesArgs {
  "invite-changed": readonly [];
}
