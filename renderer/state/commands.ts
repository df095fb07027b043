/** Actions that several places start. */
import { attempt } from "./action.ts";
import { request } from "./host.ts";
import { openThread } from "./route.ts";
import { sideOpen } from "./panels.ts";

export const newThread = (wid: string): void =>
  attempt(async () => {
    const thread = await request("thread.create", { wid });
    sideOpen.set(false);
    openThread(thread.id);
  });
