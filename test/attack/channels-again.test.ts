/** A device that asks, byte for byte, what was asked before: what is known of that answer counts for nobody by itself. */
import { describe, expect, test } from "vitest";
import { writeOpen } from "#core/protocol/channels.ts";
import type { Had } from "#core/protocol/channels.ts";
import { ADMIN, epochDoc, LOG } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import { connect, hadOf } from "../helpers/channel-client.ts";
import type { Heard } from "../helpers/channel-client.ts";
import { attack } from "../helpers/hostile.ts";
import { lane, QUEUE, requestBody } from "../helpers/people.ts";
import type { Person } from "../helpers/people.ts";
import { sharedWorld } from "../helpers/sync-world.ts";
import type { SyncWorld } from "../helpers/sync-world.ts";

const EPOCHS = 16;
const shared = sharedWorld(async (world) => {
  const docs: DocName[] = [LOG, ADMIN];
  await world.invite();
  const mine = await world.open(world.ada, lane(world.ada));
  for (let n = 1; n <= EPOCHS; n += 1) {
    if (n > 1) await world.send(world.log, world.ada, LOG, "epoch.open", { doc: QUEUE, n });
    const doc = epochDoc(QUEUE, n);
    expect(await world.send(mine, world.ada, doc, "approval.request", requestBody())).toMatchObject({ ok: true });
    docs.push(doc);
  }
  return { docs };
});
type World = SyncWorld & { readonly docs: readonly DocName[] };

type Copies = (doc: string) => Had;
/** What is there now of all of them. */
const copied = async ({ url, wid, ada, docs }: World, more: readonly DocName[] = []): Promise<Copies> => {
  const line = await connect(url, wid, ada);
  const opened = await line.open([...docs, ...more]);
  await line.until(() => opened.every((each) => each.steps === 1));
  line.close();
  const have = new Map(opened.map((each) => [each.doc, hadOf(each.entries())]));
  return (doc) => have.get(doc) ?? { length: 0, head: "" };
};
const answersOf = (opened: readonly Heard[]) => opened.map(({ opened: answer }) => answer?.answer);
const openAs = async ({ url, wid, docs }: World, who: Person, copies: Copies) => {
  const line = await connect(url, wid, who);
  return { line, opened: await line.open(docs, copies) };
};
/** Asks twice, so that what it asks is known. */
const learn = async (world: World, who: Person, copies: Copies): Promise<void> => {
  for (const round of [1, 2]) {
    const { line, opened } = await openAs(world, who, copies);
    expect([round, ...new Set(answersOf(opened))]).toEqual([round, "unchanged"]);
    line.close();
  }
};

describe("CN4 an OPEN that was asked before", () => {
  test("is answered as it was, in one frame, with the log's head and nothing else, and brings what comes then", async () => {
    const world = shared();
    const copies = await copied(world);
    await learn(world, world.ada, copies);
    const { line, opened } = await openAs(world, world.ada, copies);
    expect(line.order.filter((what) => what === "opened")).toHaveLength(1);
    expect(opened.map((each) => each.opened)).toEqual(
      world.docs.map((_, i) => ({ channel: i + 1, answer: "unchanged" })),
    );
    await line.until(() => opened[0]?.heads.length === 1);
    expect(opened.map(({ bytes, heads }) => [bytes, heads.length])).toEqual(
      world.docs.map((_, i) => [0, i === 0 ? 1 : 0]),
    );
    const mine = await world.open(world.ada, lane(world.ada));
    const newest = opened.at(-1);
    const request = world.send(mine, world.ada, epochDoc(QUEUE, EPOCHS), "approval.request", requestBody());
    expect(await request).toMatchObject({ ok: true });
    // Behind what it said that it has: here are the new ones alone, which Yjs keeps until it has the others.
    await line.until(() => (newest?.bytes ?? 0) > 0 && newest?.heads.length === 1);
  });

  test("says what changed since, and sends it", async () => {
    const world = shared();
    const copies = await copied(world);
    await learn(world, world.ada, copies);
    const mine = await world.open(world.ada, lane(world.ada));
    const doc = epochDoc(QUEUE, EPOCHS);
    await world.send(world.log, world.ada, LOG, "member.rename", { name: "Ada Again" });
    expect(await world.send(mine, world.ada, doc, "approval.request", requestBody())).toMatchObject({ ok: true });
    const { line, opened } = await openAs(world, world.ada, copies);
    const changed = opened.filter((each) => each.opened?.answer !== "unchanged");
    expect(changed.map((each) => [each.doc, each.opened?.answer])).toEqual([
      [LOG, "changed"],
      [doc, "changed"],
    ]);
    await line.until(() => changed.every((each) => each.steps === 1 && each.heads.length === 1));
  });

  attack("is judged for whoever asks it: another person's bytes open nothing", async ({ control }) => {
    const world = shared();
    const copies = await copied(world);
    await learn(world, world.ada, copies);
    const ben = await world.member("Ben");
    const now = await copied(world);
    const his = ["unchanged", ...world.docs.slice(1).map(() => "refused")];
    // First he, so that what he is answered might be what is known; then she, then he.
    expect(answersOf((await openAs(world, ben, now)).opened)).toEqual(his);
    await control(() => learn(world, world.ada, now));
    const { opened } = await openAs(world, ben, now);
    expect(answersOf(opened)).toEqual(his);
    expect(opened.slice(1).map((each) => each.opened)).toMatchObject(world.docs.slice(1).map(() => ({ code: 4403 })));
    expect(opened.slice(1).map((each) => [each.bytes, each.heads.length])).toEqual(
      world.docs.slice(1).map(() => [0, 0]),
    );
  });

  attack(
    "is judged when it is asked: who lost a right opens nothing with what was known before",
    async ({ control }) => {
      const world = shared();
      const cleo = await world.member("Cleo", "admin");
      await control(async () => learn(world, cleo, await copied(world)));
      const taken = { member: cleo.member, from: "admin", to: "member" };
      expect(await world.send(world.log, world.ada, LOG, "member.role", taken)).toMatchObject({ ok: true });
      const copies = await copied(world);
      // Somebody else asks the same first, so that it is known as it stands now.
      await control(() => learn(world, world.ada, copies));
      const { opened } = await openAs(world, cleo, copies);
      expect(answersOf(opened)).toEqual(["unchanged", ...world.docs.slice(1).map(() => "refused")]);
    },
  );

  attack("loses its channels with the right, like any other", async ({ control }) => {
    const world = shared();
    const dan = await world.member("Dan", "admin");
    const copies = await copied(world);
    await learn(world, dan, copies);
    const { line, opened } = await openAs(world, dan, copies);
    await control(() => line.until(() => opened[0]?.heads.length === 1));
    await world.send(world.log, world.ada, LOG, "member.role", { member: dan.member, from: "admin", to: "member" });
    await line.until(() => opened.slice(1).every((each) => each.shut?.code === 4403));
    expect(opened[0]?.shut).toBeUndefined();
    expect(opened.map((each) => each.late)).toEqual(opened.map(() => 0));
  });

  attack("CN7 uses its numbers up: the same again on that connection ends it", async ({ control }) => {
    const world = shared();
    const copies = await copied(world);
    await learn(world, world.ada, copies);
    const { line } = await openAs(world, world.ada, copies);
    await control(async () => expect(answersOf(await line.open([lane(world.ada)]))).toEqual(["changed"]));
    line.raw(writeOpen(world.docs.map((doc, i) => ({ channel: i + 1, doc, had: copies(doc) }))));
    expect((await line.closed).code).toBe(4400);
  });

  attack("names what is open already in vain, also where all of it is known", async ({ control }) => {
    const world = shared();
    const { url, wid, ada, docs } = world;
    const copies = await copied(world);
    // The same numbers each time: three before it.
    const after = async (...before: (readonly string[])[]): Promise<Heard[]> => {
      const line = await connect(url, wid, ada);
      for (const first of before) await line.open(first);
      return line.open(docs, copies);
    };
    const nothing = ["queue:nothing", "queue:nowhere", "queue:never"];
    for (const _ of [1, 2])
      await control(async () => expect([...new Set(answersOf(await after(nothing)))]).toEqual(["unchanged"]));
    const opened = await after([LOG], [ADMIN, "queue:nothing"]);
    expect(opened.map((each) => each.opened)).toEqual(
      docs.map((doc, i) =>
        doc === LOG || doc === ADMIN
          ? { channel: i + 4, answer: "refused", code: 4400 }
          : { channel: i + 4, answer: "unchanged" },
      ),
    );
  });
});
