/** Actions that several places start. */
import { attempt } from "./action.ts";
import { request } from "./host.ts";
import { goTo, openThread } from "./route.ts";
import { auditDialog, comparing, newInvite, sideOpen } from "./panels.ts";

export const newThread = (wid: string): void =>
  attempt(async () => {
    const thread = await request("thread.create", { wid });
    sideOpen.set(false);
    openThread(thread.id);
  });

export const startComparing = (): void => {
  comparing.set(true);
  goTo({ page: "team", tab: "members" });
};

export const startExport = (): void => {
  auditDialog.set("export");
  goTo({ page: "audit" });
};

/** Opens the dialog for a new invite; the role can still be changed there. */
export const startInvite = (role: string): void => {
  newInvite.set(role);
  goTo({ page: "team", tab: "invites" });
};
