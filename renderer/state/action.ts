/** Runs an action of a person: busy while it lasts, and its failure in words, inline or as a toast. */
import { useState } from "react";
import type { Told } from "#bridge/told.ts";
import { codeOf, TakenBack } from "../failure.ts";
import { saidFailed } from "./toasts.ts";

export interface Action {
  readonly busy: boolean;
  readonly problem: Told | null;
  /** Resolves to true when the work succeeded. */
  run(work: () => Promise<unknown>): Promise<boolean>;
  /** Says why nothing was tried. */
  refuse(problem: Told): void;
  /** What was refused is no longer what stands here: everything that holds what is typed or chosen calls it on a change. */
  readonly clear: () => void;
}

export const useAction = (show: "inline" | "toast" = "toast"): Action => {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Told | null>(null);
  const run = async (work: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
      return true;
    } catch (error) {
      if (show === "toast" || error instanceof TakenBack) saidFailed(error);
      else setProblem(codeOf(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return {
    busy,
    problem,
    run,
    refuse: setProblem,
    clear: () => setProblem(null),
  };
};

/** For actions without a place of their own: failures become toasts. */
export const attempt = (work: () => Promise<unknown>): void => {
  work().catch(saidFailed);
};
