import type { Told } from "../told.ts";

/** Between a window and its agent host. */
interface LinkArgs {
  "host-away": readonly [];
  "bad-answer": readonly [];
  "window-keyless": readonly [];
  "window-refused": readonly [];
  "host-gone": readonly [];
  unexpected: readonly [];
}

/** Why a form was not sent. */
interface FormArgs {
  "needs-unnamed": readonly [];
  "needs-person": readonly [];
  "needs-end": readonly [];
  "needs-queue-name": readonly [];
  "needs-queue-group": readonly [];
  "needs-whole-numbers": readonly [];
  "needs-times": readonly [];
  "step-before": readonly [step: number];
  "step-late": readonly [step: number];
  "needs-path": readonly [];
  "needs-value": readonly [];
  "needs-tool": readonly [];
  "needs-tools": readonly [];
  "needs-effect": readonly [];
}

/** What is said by the window itself: codes and their arguments. */
export interface WindowArgs extends LinkArgs, FormArgs {
  "not-sent": readonly [problem: Told];
  "no-model-answers": readonly [];
  "draft-unkept": readonly [];
  "draft-too-long": readonly [most: number];
  "act-window-closed": readonly [];
  "number-window-closed": readonly [];
  "unnamed-unset": readonly [problem: Told];
  "audit-file-name": readonly [];
  "audit-file-large": readonly [];
}
