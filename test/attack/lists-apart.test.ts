/**
 * A queue and a lane that do not hold the same: only one of them came back to a server that was set back, for want of
 * somebody who had the other, or because somebody kept it to themselves. Whoever then speaks of what one of them lacks must
 * get an answer that ends it, and be in nobody's way.
 */
import { describe, expect, onTestFinished } from "vitest";
import { writeEntry } from "#core/protocol/entry.ts";
import type { DocName } from "#core/protocol/ids.ts";
import { startServer } from "../../sync-server/server/server.ts";
import { attack } from "../helpers/hostile.ts";
import { createMemory } from "../helpers/memory-store.ts";
import { crypto } from "../helpers/node-crypto.ts";
import { lane, QUEUE, requestBody } from "../helpers/people.ts";
import { seenBy, startWorld } from "../helpers/sync-world.ts";
import { open } from "../helpers/wire-client.ts";

/** Two servers over the same history: one where Ben's request stands only in the list that is named, one where it stands in none. */
const apart = async (only: "queue" | "lane") => {
  const memory = createMemory();
  const world = await startWorld({ store: memory.connect() });
  const [ben, cleo, dan] = [
    await world.member("Ben"),
    await world.member("Cleo", "approver"),
    await world.member("Dan"),
  ];
  const earlier = world.sign(ben, QUEUE, "approval.request", requestBody());
  const asked = world.sign(ben, QUEUE, "approval.request", requestBody());
  const [seq, head] = seenBy(world.log.entries());
  const store = memory.copy().connect();
  const doc = only === "queue" ? QUEUE : lane(ben);
  await store.append(
    world.wid,
    [{ doc, seq: 1, entry: writeEntry({ s: 1, p: "", t: world.now(), c: asked, m: [seq, head as never] }) }],
    new Map(),
  );
  const server = await startServer({
    store,
    host: "127.0.0.1",
    port: 0,
    origins: [],
    create: "open",
    now: world.now,
    log: () => undefined,
  });
  onTestFinished(() => server.close());
  const at = (who: typeof ben, of: DocName) => open(server.url, world.wid, of, who);
  return { world, ben, cleo, dan, earlier, asked, request: crypto.sha256(asked), at };
};

describe("[T26] [T15] a request that only one of two lists holds", () => {
  attack(
    "[GB5] is not voted on while the lane lacks it, and whoever sends at the same moment is not refused for it",
    async ({ control }) => {
      const { world, cleo, dan, request, at } = await apart("queue");
      const [cleos, dans] = [await at(cleo, QUEUE), await at(dan, lane(dan))];
      const votes = () => cleos.cmd(world.sign(cleo, QUEUE, "approval.vote", { request, v: "approve", note: null }));
      const asks = () => dans.cmd(world.sign(dan, QUEUE, "approval.request", requestBody()));
      const [vote, other] = await Promise.all([votes(), asks()]);
      expect(vote).toEqual({ ok: false, code: "no-such-request" });
      await control(() => expect(other).toMatchObject({ ok: true }));
    },
  );

  attack(
    "[GB5] is in nobody's way where the lane holds it: what was signed before it is refused by itself",
    async ({ control }) => {
      const { world, ben, cleo, dan, earlier, asked, request, at } = await apart("lane");
      const [bens, cleos, dans] = [await at(ben, lane(ben)), await at(cleo, QUEUE), await at(dan, lane(dan))];
      const asks = () => dans.cmd(world.sign(dan, QUEUE, "approval.request", requestBody()));
      const [late, other] = await Promise.all([bens.cmd(earlier), asks()]);
      expect(late).toEqual({ ok: false, code: "replay" });
      await control(async () => {
        expect(other).toMatchObject({ ok: true });
        // The same command once more puts it into the queue, and then it is voted on.
        expect(await bens.cmd(asked)).toMatchObject({ ok: true, dup: false });
        expect(
          await cleos.cmd(world.sign(cleo, QUEUE, "approval.vote", { request, v: "approve", note: null })),
        ).toMatchObject({ ok: true });
      });
    },
  );
});
