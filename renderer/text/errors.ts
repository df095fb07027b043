/** Words of a window that has no agent host to speak with. */
import { words } from "./words.ts";

export const linkWords = words("errors.linkWords", {
  connecting: "Starting the agent host",
  connectingHint: "It opens your threads and tools on this computer.",
  lost: "No answer from Bulkhead",
  lostHint: "It may have been ended. It is tried again. Your threads are kept on this computer.",
  /** In the status line, beside one of the two. */
  nothingSent: "nothing is sent until it answers",
  failed: {
    "window-keyless": "This tab has no key",
    "window-refused": "This tab is not let in any more",
    "store-corrupt": "Bulkhead found damage",
  } as Readonly<Record<string, string>>,
  /** The host answers, and could not open the file of this person. */
  unopened: "Your threads could not be opened",
  away: "Bulkhead does not answer",
  retry: "Retry",
} as const);
