import { expect, onTestFinished, test } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import { startServer } from "../../../sync-server/server/server.ts";
import { createMemory } from "../../helpers/memory-store.ts";
import { lane, QUEUE, requestBody } from "../../helpers/people.ts";
import { startWorld } from "../../helpers/sync-world.ts";
import { dialAs } from "../../helpers/wire-client.ts";

test("[SV1] a request reaches its approver, and the decision reaches the lane of the one who asked", async () => {
  const world = await startWorld();
  const ben = await world.member("Ben");
  const queue = await world.open(world.ada, QUEUE);
  await queue.synced();
  const mine = await world.open(ben, lane(ben));
  await mine.synced();
  const asked = await world.send(mine, ben, QUEUE, "approval.request", requestBody());
  expect(asked).toMatchObject({ ok: true, d: QUEUE, s: 1, dup: false });
  await queue.until(() => queue.entries().length === 1);
  const request = asked.ok ? asked.id : "";
  expect(
    await world.send(queue, world.ada, QUEUE, "approval.vote", { request, v: "approve", note: null }),
  ).toMatchObject({ ok: true, s: 2 });
  await mine.until(() => mine.entries().length === 2);
  // The same signed bytes in both documents.
  const commands = (entries: string[]) => entries.map((entry) => (JSON.parse(entry) as { c: string }).c);
  expect(commands(mine.entries())).toEqual(commands(queue.entries()));
});

test("[SV10] an answer that came in time counts, also where the server itself stood still until the time was over", async () => {
  const withinMs = 300;
  const memory = createMemory();
  const { wid, ada } = await startWorld({ store: memory.connect() });
  const strict = await startServer({
    store: memory.connect(),
    host: "127.0.0.1",
    port: 0,
    origins: [],
    create: "open",
    now: Date.now,
    log: () => undefined,
    limits: { authWithinMs: withinMs },
  });
  onTestFinished(() => strict.close());
  /** False where this computer was too slow to answer in time, which proves nothing. */
  const answersAndBlocks = async (): Promise<boolean> => {
    const begun = performance.now();
    const wire = await dialAs(strict.url, wid, LOG, ada).catch(() => null);
    if (wire === null || performance.now() - begun >= withinMs) return false;
    while (performance.now() - begun < 2 * withinMs);
    expect(await wire.welcome).toMatchObject({ s: 1 });
    return true;
  };
  while (!(await answersAndBlocks()));
});
