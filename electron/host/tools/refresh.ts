import type { Timers } from "./limits.ts";

/**
 * Runs `work` some time after it was asked for: once for many askings, never twice at a time, again if asked meanwhile,
 * and never again before it rested.
 */
export const createRefresh = (deps: {
  readonly timers: Timers;
  readonly pause: number;
  readonly rest: number;
  readonly work: () => Promise<void>;
}) => {
  let state: "idle" | "planned" | "working" | "resting" = "idle";
  let again = false;
  let cancelTimer = (): void => undefined;

  const plan = (): void => {
    state = "planned";
    again = false;
    cancelTimer = deps.timers.after(deps.pause, () => void run());
  };
  const run = async (): Promise<void> => {
    state = "working";
    await deps.work();
    state = "resting";
    cancelTimer = deps.timers.after(deps.rest, () => (again ? plan() : (state = "idle")));
  };

  return {
    ask(): void {
      if (state === "idle") plan();
      else if (state !== "planned") again = true;
    },
    cancel(): void {
      cancelTimer();
      again = false;
      if (state !== "working") state = "idle";
    },
  };
};
