/** What a model is told is fixed English of the host, and stands in these files alone. */
export const FOR_MODELS: readonly string[] = [
  "electron/host/agent/context.ts",
  "electron/host/agent/words.ts",
  "electron/host/models/try-words.ts",
  "electron/host/tools/result-text.ts",
];

/** Sentences that are still composed, by file. A number may only fall. */
export const COMPOSED: Readonly<Record<string, number>> = {
  "electron/host/gate/call-hash.ts": 1,
  "electron/host/main.ts": 1,
  "electron/host/models/scrub.ts": 1,
};
