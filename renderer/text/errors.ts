/** Sentences for what can go wrong between this window and its agent host. */
import { words } from "./words.ts";

export const bridgeWords = words("errors.bridgeWords", {
  notConnected: {
    code: "host-away",
    message: "The agent host is not connected to this window right now. Nothing was sent. Try again in a moment.",
  },
  badAnswer: {
    code: "bad-answer",
    message:
      "The agent host answered in a way this window does not know. Nothing was lost. Restart Bulkhead so that both are of the same version.",
  },
  keyless: {
    code: "window-keyless",
    message:
      "Bulkhead opens its window with a key in the address, and this tab was opened without one. Nothing was changed. Go back to the window that Bulkhead opened, or start Bulkhead again and open the address it prints.",
  },
  refused: {
    code: "window-refused",
    message:
      "Bulkhead answers, but not to this tab: its address was used in another one, or Bulkhead was started anew since. Nothing was changed. Go on in the newest window, or start Bulkhead again and open the address it prints.",
  },
  away: {
    code: "host-gone",
    message:
      "It may have been ended. Your threads are kept on this computer. Start Bulkhead again and open the address it prints.",
  },
  unexpected: { code: "unexpected", message: "Something in this window failed. Nothing was sent. Try again." },
} as const);

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
