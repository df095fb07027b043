/** What every spec stands on: a world of real processes, and what its parts said when a spec fails. */
import { test as base } from "@playwright/test";
import type { TestInfo } from "@playwright/test";
import { openTeam, openWorld } from "../helpers/world.ts";
import type { Team, World } from "../helpers/world.ts";

export { expect } from "@playwright/test";

export interface Fixtures {
  readonly world: World;
  /** Ada owns a workspace with the filesystem tool and Ben is a member, in this test's own world. */
  readonly team: Team;
}

export const test = base.extend<Fixtures>({
  world: async ({ browser }, use, info) => {
    const world = await openWorld();
    try {
      await use(world);
    } finally {
      // A page that is left open would go on asking its app, which is about to end, and be pictured in the next failure.
      await Promise.all(browser.contexts().map((context) => context.close()));
      await keepLogs(world, info);
      await world.close();
    }
  },
  team: async ({ world }, use) => {
    await use(await openTeam(world));
  },
});

export const keepLogs = async (world: World, info: TestInfo): Promise<void> => {
  if (info.status === info.expectedStatus) return;
  for (const [part, body] of Object.entries(world.logs()))
    await info.attach(`${part}.log`, { body, contentType: "text/plain" });
};
