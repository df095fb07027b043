/** The world of the other specs without a browser beside Electron, and a desktop's session bus for the app. */
import { join } from "node:path";
import { keepLogs, test as base } from "../fixtures.ts";
import { isAlive } from "../../../scripts/apps/processes.ts";
import { openWorld } from "../../helpers/world.ts";
import { startDesktop } from "./desktop-app.ts";
import type { Desktop, StartOptions } from "./desktop-app.ts";
import { startSessionBus } from "./session-bus.ts";
import type { SessionBus } from "./session-bus.ts";

export { expect } from "@playwright/test";

interface DesktopFixtures {
  readonly bus: SessionBus;
  /** Starts the app; whatever of it still runs after the spec is ended. */
  readonly start: (dataDir: string, options?: StartOptions) => Promise<Desktop>;
}

export const test = base.extend<DesktopFixtures>({
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
  bus: async ({ world }, use) => {
    const bus = await startSessionBus(join(world.dir, "bus.sock"));
    await use(bus);
    await bus.close();
  },
  start: async ({ bus }, use, info) => {
    const started: Desktop[] = [];
    await use(async (dataDir, { env, ...options } = {}) => {
      const desktop = await startDesktop(dataDir, {
        ...options,
        env: { DBUS_SESSION_BUS_ADDRESS: bus.address, ...env },
      });
      started.push(desktop);
      return desktop;
    });
    for (const { pid, output } of started) {
      if (info.status !== info.expectedStatus)
        await info.attach("electron.log", { body: output(), contentType: "text/plain" });
      if (isAlive(pid)) process.kill(pid, "SIGKILL");
    }
  },
});
