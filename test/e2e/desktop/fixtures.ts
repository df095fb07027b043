/** The world of the other specs, without a browser beside Electron. */
import { keepLogs, test as base } from "../fixtures.ts";
import { openWorld } from "../../helpers/world.ts";

export { expect } from "@playwright/test";

export const test = base.extend({
  // Playwright reads from the pattern what a fixture needs: here it is nothing.
  // oxlint-disable-next-line no-empty-pattern
  world: async ({}, use, info) => {
    const world = await openWorld();
    try {
      await use(world);
    } finally {
      await keepLogs(world, info);
      await world.close();
    }
  },
});
