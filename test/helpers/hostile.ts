/**
 * Tests that attack. Each is written with `attack` (somebody against the server) or `lie` (a server against the app) and
 * must also show, with `control`, that the same thing goes through for whoever may do it: a refusal proves nothing where
 * everything is refused. `npm test` counts them from their own results.
 */
import { test } from "vitest";
import type { Hostile } from "../../scripts/hostile-line.ts";

declare module "vitest" {
  interface TaskMeta {
    hostile?: Hostile;
  }
}

/** Runs what must succeed. It counts once it did. */
export type Control = <T>(succeeds: () => T | Promise<T>) => Promise<T>;

const hostileTo = (against: Hostile["against"]) =>
  test.extend<{ control: Control }>({
    control: [
      async ({ task }, use) => {
        const hostile: { against: Hostile["against"]; controls: number } = { against, controls: 0 };
        task.meta.hostile = hostile;
        await use(async (succeeds) => {
          const shown = await succeeds();
          hostile.controls += 1;
          return shown;
        });
        if (hostile.controls === 0 && task.result?.state !== "fail")
          throw new Error(
            "This attack has no positive control: show with `control` that what is refused here can succeed.",
          );
      },
      { auto: true },
    ],
  });

export const attack = hostileTo("server");
export const lie = hostileTo("client");
