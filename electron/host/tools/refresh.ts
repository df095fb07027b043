import type { Timers } from "./limits.ts";

/** Runs `work` some time after it was asked for: once for many askings, never twice at a time, and again if asked meanwhile. */
export const createRefresh = (deps: { readonly timers: Timers; readonly pause: number; readonly work: () => Promise<void> }) => {
  let state: "idle" | "planned" | "working" | "again" = "idle";
  let cancelTimer = (): void => undefined;

  const plan = (): void => {
    state = "planned";
    cancelTimer = deps.timers.after(deps.pause, () => void run());
  };
  const run = async (): Promise<void> => {
    state = "working";
    await deps.work();
    if ((state as string) === "again") plan();
    else state = "idle";
  };

  return {
    ask(): void {
      if (state === "idle") plan();
      else if (state === "working") state = "again";
    },
    cancel(): void {
      cancelTimer();
      if (state === "planned") state = "idle";
    },
  };
};
