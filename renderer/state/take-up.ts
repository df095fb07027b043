/** A call that came to nothing is taken up again: its arguments open as a new call in the composer of its thread. */
import { drafts } from "./draft.ts";
import { withCall } from "./draft-calls.ts";
import { openThread } from "./route.ts";

export const takeUp = (
  thread: string,
  {
    server,
    tool,
    args,
    why,
  }: { readonly server: string; readonly tool: string; readonly args: string; readonly why: string },
): void => {
  drafts.change(thread, (draft) => withCall(draft, { server, tool, values: "", raw: args, why }));
  drafts.flush(thread);
  openThread(thread);
};
