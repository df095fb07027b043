/** Members and strangers who lie about what their clock reads. */
import { expect } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import { writeClock } from "#core/protocol/wire.ts";
import { parseEntry } from "#core/protocol/entry.ts";
import { attack } from "../helpers/hostile.ts";
import { randomKey } from "../helpers/node-crypto.ts";
import { startWorld } from "../helpers/sync-world.ts";
import type { SyncWorld } from "../helpers/sync-world.ts";
import { dial } from "../helpers/wire-client.ts";
import type { Wire } from "../helpers/wire-client.ts";

const YEAR = 365 * 86_400_000;

/** Somebody's log socket, on which they say that their clock is `by` ms off. */
const telling = async (world: SyncWorld, who: Parameters<SyncWorld["open"]>[0], by: number): Promise<Wire> => {
  const wire = await world.open(who, LOG);
  await wire.synced();
  wire.raw(writeClock(world.now() + by));
  return wire;
};
const newest = (world: SyncWorld) => parseEntry(world.log.entries().at(-1) ?? "", true);

attack(
  "[SV47] [CH3] a member who says that it is next year moves no date, and one who says that it is last year is taken at no date",
  async ({ control }) => {
    const world = await startWorld();
    const dora = await world.member("Dora", "admin");
    const rename = (wire: Wire, name: string) => world.send(wire, dora, LOG, "member.rename", { name });
    const ahead = await telling(world, dora, YEAR);
    const taken = await rename(ahead, "Dora One");
    expect(taken).toMatchObject({ ok: true });
    await world.log.until(() => world.log.entries().length >= (taken.ok ? taken.s : 0));
    expect(Math.abs((newest(world)?.t ?? 0) - world.now())).toBeLessThan(60_000);
    expect(newest(world)?.a).toBe(0);
    const behind = await telling(world, dora, -YEAR);
    expect(await rename(behind, "Dora Two")).toMatchObject({ ok: false });
    await control(async () =>
      expect(await rename(await telling(world, dora, 0), "Dora Three")).toMatchObject({ ok: true }),
    );
  },
);

attack(
  "[SV47] members who all lie about the time keep one who does not from nothing that is dated rightly",
  async ({ control }) => {
    const world = await startWorld();
    const [dora, eve] = [await world.member("Dora", "admin"), await world.member("Eve", "admin")];
    for (const who of [dora, eve]) await telling(world, who, -YEAR);
    const wire = await telling(world, world.ada, 0);
    await control(async () =>
      expect(await world.send(wire, world.ada, LOG, "server.key", { x: randomKey() })).toMatchObject({ ok: true }),
    );
  },
);

attack("[SV47] who has not signed in tells no clock", async ({ control }) => {
  const world = await startWorld();
  const wire = dial(world.url, world.wid, LOG);
  await wire.hello;
  wire.raw(writeClock(world.now()));
  expect(await wire.closed).toMatchObject({ code: 4401 });
  await control(async () =>
    expect(
      await world.send(await telling(world, world.ada, 0), world.ada, LOG, "server.key", { x: randomKey() }),
    ).toMatchObject({ ok: true }),
  );
});
