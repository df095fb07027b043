/** Actions that several places start. */
import { attempt } from "./action.ts";
import { request } from "./host.ts";
import { goTo, openThread } from "./route.ts";
import { newInvite, sideOpen } from "./panels.ts";

export const newThread = (wid: string): void =>
  attempt(async () => {
    const thread = await request("thread.create", { wid });
    sideOpen.set(false);
    openThread(thread.id);
  });

/** Opens the dialog for a new invite; the role can still be changed there. */
export const startInvite = (role: string): void => {
  newInvite.set(role);
  goTo({ page: "team", tab: "invites" });
};
