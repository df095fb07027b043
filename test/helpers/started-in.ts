import { onTestFinished, vi } from "vitest";

/** What is imported from here on is read anew, as in a process that a shell started which speaks that language. */
export const startedIn = (tag: string): void => {
  vi.resetModules();
  vi.stubEnv("BULKHEAD_LANGUAGE", tag);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    vi.resetModules();
  });
};
