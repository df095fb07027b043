/** What waits behind credit: it holds up nobody else, and is dropped with the right to it. Real sockets and a long queue. */
import { describe, expect } from "vitest";
import { CREDIT_BYTES, DATA_MAX, writeCredit } from "#core/protocol/channels.ts";
import { LOG } from "#core/protocol/ids.ts";
import { connect, hadOf } from "../helpers/channel-client.ts";
import type { Heard, Line } from "../helpers/channel-client.ts";
import { attack } from "../helpers/hostile.ts";
import { lane, QUEUE, requestBody } from "../helpers/people.ts";
import { startWorld } from "../helpers/sync-world.ts";
import type { SyncWorld } from "../helpers/sync-world.ts";

const LIMITS = {
  commandsPerSecond: 10_000,
  commandBurst: 10_000,
  memberCommandsPerSecond: 10_000,
  memberCommandBurst: 10_000,
  commandByteBurst: 1_000_000_000,
};

/** An approver, and a queue of which more waits than a channel may be sent: eight requests of 55 kB. */
const longQueue = async () => {
  const world = await startWorld({ limits: LIMITS });
  const [ben, eli] = [await world.member("Ben"), await world.member("Eli", "approver")];
  const mine = await world.open(ben, lane(ben));
  await fill(world, mine, ben, 8);
  return { world, ben, eli, mine };
};
const fill = async (
  world: SyncWorld,
  wire: Awaited<ReturnType<SyncWorld["open"]>>,
  by: Parameters<SyncWorld["sign"]>[0],
  count: number,
): Promise<void> => {
  for (let i = 0; i < count; i += 1)
    expect(
      await world.send(wire, by, QUEUE, "approval.request", { ...requestBody(), jwe: `${i}`.padEnd(40_000, "x") }),
    ).toMatchObject({ ok: true });
};
/** Opens log and queue and gives nothing back, until the queue has used its credit up. */
const parked = async (
  world: SyncWorld,
  who: Parameters<typeof connect>[2],
): Promise<{ line: Line; log: Heard; queue: Heard }> => {
  const line = await connect(world.url, world.wid, who);
  line.generous = false;
  const [log, queue] = await line.open([LOG, QUEUE]);
  if (log === undefined || queue === undefined) throw new Error("two were opened");
  await line.until(() => log.steps === 1 && queue.bytes > CREDIT_BYTES - DATA_MAX);
  return { line, log, queue };
};

describe("CN3 credit", () => {
  attack(
    "of one channel is used up by its own entries alone: the log goes on, and so does all the rest",
    async ({ control }) => {
      const { world, ben, eli, mine } = await longQueue();
      const { line, log, queue } = await parked(world, eli);
      const before = queue.bytes;
      expect(before).toBeLessThanOrEqual(CREDIT_BYTES);
      expect(queue.longest).toBeLessThanOrEqual(DATA_MAX);
      await fill(world, mine, ben, 2);
      await world.send(world.log, world.ada, LOG, "member.rename", { name: "Ada L." });
      const length = world.log.entries().length;
      await line.until(() => log.entries().length > length - 1);
      expect(await line.cmd(log.number, world.sign(eli, LOG, "member.rename", { name: "Eli E." }))).toMatchObject({
        ok: true,
      });
      expect([queue.bytes, queue.steps, queue.heads]).toEqual([before, 0, []]);
      await control(async () => {
        line.raw(writeCredit([{ channel: queue.number, bytes: before }]));
        line.generous = true;
        await line.until(() => queue.steps === 1 && queue.entries().length === 10 && queue.heads.length > 0);
      });
    },
  );

  attack("that was never taken ends its channel", async ({ control }) => {
    const { world, eli } = await longQueue();
    const { line, queue, log } = await parked(world, eli);
    line.raw(writeCredit([{ channel: queue.number, bytes: queue.bytes + 1 }]));
    await line.until(() => queue.shut !== undefined);
    expect(queue.shut).toMatchObject({ code: 4400 });
    await control(async () => {
      line.raw(writeCredit([{ channel: log.number, bytes: log.bytes }]));
      const [again] = await line.open([QUEUE]);
      expect(again?.opened).toMatchObject({ answer: "changed", length: 8 });
    });
  });
});

describe("CN2 [SV27] a right that is lost", () => {
  attack(
    "drops what waits behind credit in the same step: nothing of it comes, whatever is given back",
    async ({ control }) => {
      const { world, ben, eli, mine } = await longQueue();
      const fay = await world.member("Fay", "approver");
      const [his, hers] = [await parked(world, eli), await parked(world, fay)];
      const before = his.queue.bytes;
      await world.send(world.log, world.ada, LOG, "member.role", {
        member: eli.member,
        from: "approver",
        to: "member",
      });
      his.line.raw(writeCredit([{ channel: his.queue.number, bytes: before }]));
      await his.line.until(() => his.queue.shut !== undefined);
      expect(his.queue.shut).toMatchObject({ code: 4403 });
      await fill(world, mine, ben, 1);
      his.line.raw(writeCredit([{ channel: his.queue.number, bytes: 1 }]));
      const end = world.log.entries().length;
      await his.line.until(() => his.log.entries().length >= end);
      expect([his.queue.bytes, his.queue.late, his.queue.heads]).toEqual([before, 0, []]);
      // The log is still theirs, and on the same connection.
      expect(
        await his.line.cmd(his.log.number, world.sign(eli, LOG, "member.rename", { name: "Eli E." })),
      ).toMatchObject({
        ok: true,
      });
      await control(async () => {
        hers.line.raw(writeCredit([{ channel: hers.queue.number, bytes: hers.queue.bytes }]));
        hers.line.generous = true;
        await hers.line.until(() => hers.queue.entries().length === 9);
      });
    },
  );

  attack(
    "closes the channel before the entry that came with it, and the sender still hears of their own",
    async ({ control }) => {
      const world = await startWorld();
      const eli = await world.member("Eli", "approver");
      const line = await connect(world.url, world.wid, eli);
      const [log, queue] = await line.open([LOG, QUEUE]);
      await line.until(() => log?.heads.length === 1 && queue?.heads.length === 1);
      const had = log?.entries().length ?? 0;
      await world.send(world.log, world.ada, LOG, "member.role", {
        member: eli.member,
        from: "approver",
        to: "member",
      });
      await line.until(() => queue?.shut !== undefined && (log?.entries().length ?? 0) > had);
      const [left] = [await line.cmd(1, world.sign(eli, LOG, "member.remove", { member: eli.member }))];
      expect(left).toMatchObject({ ok: true });
      expect(await line.closed).toMatchObject({ code: 4416 });
      expect(log?.entries().length).toBe(had + 1);
      await control(async () => {
        const ada = await connect(world.url, world.wid, world.ada);
        const [all] = await ada.open([LOG], () => hadOf(world.log.entries().slice(0, had)));
        await ada.until(() => all?.steps === 1);
      });
    },
  );
});
