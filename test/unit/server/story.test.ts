import { expect, test } from "vitest";
import { lane, QUEUE, requestBody } from "../../helpers/people.ts";
import { startWorld } from "../../helpers/sync-world.ts";

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
  expect(await world.send(queue, world.ada, QUEUE, "approval.vote", { request, v: "approve", note: null })).toMatchObject({ ok: true, s: 2 });
  await mine.until(() => mine.entries().length === 2);
  // The same signed bytes in both documents.
  const commands = (entries: string[]) => entries.map((entry) => (JSON.parse(entry) as { c: string }).c);
  expect(commands(mine.entries())).toEqual(commands(queue.entries()));
});
