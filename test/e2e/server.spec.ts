/** The sync server as a team runs it. */
import { megabytes } from "../bench/memory.ts";
import { connectModified } from "../helpers/modified-client.ts";
import { expect, test } from "./fixtures.ts";

test("[T10] one command and no other database: 50 clients stay under 150 MB", async ({
  team: { ada, ben, wid },
  world,
}) => {
  const clients = await Promise.all(
    Array.from({ length: 50 }, () => connectModified(ben.net.url, wid, "log", ben.app.dataDir)),
  );
  // Entries may come in several pieces.
  await expect.poll(() => new Set(clients.map((client) => client.entries().length)).size).toBe(1);
  expect(megabytes(world.server.child().pid)).toBeLessThan(150);
  for (const client of clients) client.close();
  await ada.rpc.when("status", wid, ({ link }) => link === "in-sync");
});
