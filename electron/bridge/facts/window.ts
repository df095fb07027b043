import type { Told } from "../told.ts";

/** What is said by the window itself: codes and their arguments. */
export interface WindowArgs {
  "not-sent": readonly [problem: Told];
}
