/** Sentences for what can go wrong between this window and its agent host. */
export const bridgeWords = {
  away: { code: "host-away", message: "The agent host is not connected to this window right now. Nothing was sent. Try again in a moment." },
  badAnswer: { code: "bad-answer", message: "The agent host answered in a way this window does not know. Nothing was lost. Restart Bulkhead so that both are of the same version." },
  gone: { code: "window-refused", message: "Bulkhead is not running, or the address of this window was used before. Your threads are safe on this computer. Start Bulkhead again and open the address it prints." },
  unexpected: { code: "unexpected", message: "Something in this window failed. Nothing was sent. Try again." },
} as const;

export const linkWords = {
  connecting: "Starting the agent host",
  connectingHint: "It opens your threads and tools on this computer.",
  failed: "The agent host is not running",
  retry: "Retry",
} as const;
