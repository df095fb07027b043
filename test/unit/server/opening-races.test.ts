/**
 * What one node stores between any two steps of another that opens a channel. The store is where they meet, so each of its
 * answers is a moment at which the other may come in between: all of them are tried, one after the other.
 */
import { expect, onTestFinished, test } from "vitest";
import { ADMIN, LOG } from "#core/protocol/ids.ts";
import { startServer } from "../../../sync-server/server/server.ts";
import type { ChainStore } from "../../../sync-server/server/store/store.ts";
import { connect } from "../../helpers/channel-client.ts";
import { attack } from "../../helpers/hostile.ts";
import { createMemory } from "../../helpers/memory-store.ts";
import { lane, QUEUE, requestBody } from "../../helpers/people.ts";
import { startWorld } from "../../helpers/sync-world.ts";
import type { SyncWorld } from "../../helpers/sync-world.ts";
import { dialInvite, open } from "../../helpers/wire-client.ts";

/** Called before and after each read, with what is read. */
type Between = (what: string) => Promise<void>;

/** A store that says when it is asked; `heard` of other nodes comes where the test lets it. */
const watched = (store: ChainStore, between: Between, tell: (nudge: () => Promise<void>) => void): ChainStore => {
  const around = async <T>(what: string, read: () => Promise<T>): Promise<T> => {
    await between(`before ${what}`);
    const found = await read();
    await between(`after ${what}`);
    return found;
  };
  return {
    ...store,
    read: (wid, doc, ...rest) => around(`read ${doc}`, () => store.read(wid, doc, ...rest)),
    lengths: (wid, docs) => around("lengths", () => store.lengths(wid, docs)),
    entriesAt: (wid, positions) => around("entriesAt", () => store.entriesAt(wid, positions)),
    onRemoteAppend: (listener, serving) => {
      tell(async () => {
        for (const wid of serving()) await listener(wid);
      });
      return () => undefined;
    },
  };
};

const twoNodes = async () => {
  const memory = createMemory();
  const world = await startWorld({ store: memory.connect() });
  const hooks = { between: (async () => undefined) as Between, nudge: async () => undefined as void };
  const other = await startServer({
    store: watched(
      memory.connect(),
      (what) => hooks.between(what),
      (nudge) => void (hooks.nudge = nudge),
    ),
    host: "127.0.0.1",
    port: 0,
    origins: [],
    create: "open",
    now: world.now,
    log: () => undefined,
    // Nothing is set right by the beat.
    headEveryMs: 3_600_000,
  });
  onTestFinished(() => other.close());
  return { world, other: other.url, hooks };
};

/** Eli may not read the queue any more, and then something is asked there. */
const removal = async (
  world: SyncWorld,
  eli: { readonly member: string },
  ask: () => Promise<unknown>,
): Promise<void> => {
  await world.send(world.log, world.ada, LOG, "member.role", { member: eli.member, from: "approver", to: "member" });
  expect(await ask()).toMatchObject({ ok: true });
};

attack(
  "CN1 [SV76] a right that is lost at another node between any two steps of opening a channel opens nothing beyond it",
  async ({ control }) => {
    const tried: string[] = [];
    for (let moment = 0; ; moment += 1) {
      const { world, other, hooks } = await twoNodes();
      const [ben, eli] = [await world.member("Ben"), await world.member("Eli", "approver")];
      const mine = await world.open(ben, lane(ben));
      const ask = () => world.send(mine, ben, QUEUE, "approval.request", requestBody());
      expect(await ask()).toMatchObject({ ok: true });
      const line = await connect(other, world.wid, eli);
      let at = 0;
      let lost: Promise<void> | undefined;
      hooks.between = async (what) => {
        const now = at;
        at += 1;
        if (now !== moment || lost !== undefined) return;
        tried.push(what);
        lost = removal(world, eli, ask);
        await lost;
      };
      const [log, queue] = await line.open([LOG, QUEUE]);
      await line.until(() => log?.steps === 1);
      hooks.between = async () => undefined;
      if (lost === undefined) {
        // Nothing came in between any more: it opens, and brings what is there.
        await control(() => line.until(() => queue?.entries().length === 1));
        break;
      }
      await lost;
      await hooks.nudge();
      if (queue?.opened?.answer !== "refused") await line.until(() => queue?.shut !== undefined);
      // Another round trip, behind whatever was under way.
      await line.open([ADMIN]);
      expect([tried.at(-1), queue?.entries().length ?? 0, queue?.late]).toEqual([
        tried.at(-1),
        expect.toSatisfy((count: number) => count <= 1),
        0,
      ]);
    }
    // It was asked at what position, and read.
    expect(tried).toEqual(expect.arrayContaining(["after lengths", `before read ${QUEUE}`, `after read ${QUEUE}`]));
  },
);

test.each(["a command", "somebody who comes in"])(
  "CN2 [SV76] what a node read on by the way counts for who is connected, before %s",
  async (next) => {
    const { world, other, hooks } = await twoNodes();
    const [ben, eli] = [await world.member("Ben"), await world.member("Eli", "approver")];
    const invite = await world.invite();
    const line = await connect(other, world.wid, eli);
    const [log, queue] = await line.open([LOG, QUEUE]);
    const mine = await open(other, world.wid, lane(ben), ben);
    await Promise.all([mine.synced(), line.until(() => log?.steps === 1 && queue?.steps === 1)]);
    const ask = () => world.send(mine, ben, QUEUE, "approval.request", requestBody());
    expect(await ask()).toMatchObject({ ok: true });
    await line.until(() => queue?.entries().length === 1);
    // While the node folds the invites first, Eli's right ends elsewhere, and an invite that names that position is made.
    hooks.between = async (what) => {
      if (what !== `before read ${ADMIN}`) return;
      hooks.between = async () => undefined;
      const role = { member: eli.member, from: "approver", to: "member" };
      await world.send(world.log, world.ada, LOG, "member.role", role);
      await world.invite();
    };
    const guest = await dialInvite(other, world.wid, invite);
    expect(await guest.welcome).toMatchObject({ problem: null });
    if (next === "a command") expect(await ask()).toMatchObject({ ok: true, s: 2 });
    else (await connect(other, world.wid, ben)).close();
    await line.until(() => queue?.shut !== undefined);
    expect([queue?.shut?.code, queue?.entries().length, queue?.late]).toEqual([4403, 1, 0]);
  },
);

test("[SV70] who reads a document that has no entry yet hears of the first, taken at another node", async () => {
  const { world, other, hooks } = await twoNodes();
  const ben = await world.member("Ben");
  const line = await connect(other, world.wid, world.ada);
  const [queue] = await line.open([QUEUE]);
  await line.until(() => queue?.steps === 1);
  expect(queue?.entries()).toEqual([]);
  const mine = await world.open(ben, lane(ben));
  expect(await world.send(mine, ben, QUEUE, "approval.request", requestBody())).toMatchObject({ ok: true });
  await hooks.nudge();
  await line.until(() => queue?.entries().length === 1);
});
