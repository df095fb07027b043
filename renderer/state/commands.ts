/** Actions that several places start. */
import { attempt } from "./action.ts";
import { drafts } from "./draft.ts";
import { request } from "./host.ts";
import { goTo, openThread } from "./route.ts";
import { addingServer, auditDialog, comparing, newInvite, sideOpen, writing } from "./panels.ts";

export const newThread = (wid: string): void =>
  attempt(async () => {
    // What was typed a moment ago makes a thread one that is used.
    drafts.flushAll();
    const thread = await request("thread.create", { wid, reuse: true });
    sideOpen.set(false);
    openThread(thread.id);
    // The empty one may be the one that is open: then only the focus moves.
    writing.set(writing.get() + 1);
  });

export const startComparing = (): void => {
  comparing.set(true);
  goTo({ page: "team", tab: "members" });
};

export const startExport = (): void => {
  auditDialog.set("export");
  goTo({ page: "audit" });
};

export const startAddServer = (): void => {
  addingServer.set(true);
  goTo({ page: "tools" });
};

/** Opens the dialog for a new invite; the role can still be changed there. */
export const startInvite = (role: string): void => {
  newInvite.set(role);
  goTo({ page: "team", tab: "invites" });
};
