/** A device that was closed may read how it came to that, and holds no more of the server for it than one socket. */
import { expect } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import { CLOSE } from "#core/protocol/wire.ts";
import { attack } from "../helpers/hostile.ts";
import { signAuth } from "../helpers/people.ts";
import type { Person } from "../helpers/people.ts";
import { startWorld } from "../helpers/sync-world.ts";
import { dial } from "../helpers/wire-client.ts";

attack(
  "[SV17] a device that was closed keeps one place at most, however often it comes back for the end of the log",
  async ({ control }) => {
    const world = await startWorld();
    const [mallory, ben] = [await world.member("Mallory"), await world.member("Ben")];
    for (const { member } of [mallory, ben]) await world.send(world.log, world.ada, LOG, "member.remove", { member });
    // So little may be read at once that everybody waits from the second page on.
    const slow = await world.beside({ drawnPerSecond: 1, drawnBurst: 1 });
    const asks = async (who: Person) => {
      const wire = dial(slow.url, world.wid, LOG);
      const { nonce } = await wire.hello;
      wire.step1();
      wire.auth(signAuth(who, "device", { w: world.wid, d: LOG, nonce, aud: slow.url }));
      return wire;
    };
    const first = await asks(mallory);
    const bens = await asks(ben);
    const second = await asks(mallory);
    expect((await first.closed).code).toBe(CLOSE.tooMuch);
    // The control: the newest one, and somebody else's, stand as they did.
    await control(async () => {
      const third = await asks(mallory);
      expect((await second.closed).code).toBe(CLOSE.tooMuch);
      expect(await Promise.race([bens.closed, third.closed, world.beside({}).then(() => "open")])).toBe("open");
    });
  },
);
