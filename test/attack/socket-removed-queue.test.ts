/** A queue that was taken out of the policy, over real sockets: its history is the audit's, and nobody else's. */
import { describe, expect } from "vitest";
import { laneDoc, LOG, queueDoc } from "#core/protocol/ids.ts";
import type { QueueId } from "#core/protocol/ids.ts";
import { HELLO } from "#core/protocol/wire.ts";
import { attack } from "../helpers/hostile.ts";
import { queueOf, requestBody } from "../helpers/people.ts";
import type { Person } from "../helpers/people.ts";
import { startWorld } from "../helpers/sync-world.ts";
import { dialAs, yjsWrite } from "../helpers/wire-client.ts";

const DEPLOYS = queueDoc("deploys" as QueueId);
const rest = queueOf("approvers", [{ n: 1, roles: ["owner"] }]);
const deploys = queueOf("deploys", [{ n: 1, roles: ["owner", "admin", "approver"] }]);

/** Ben asks twice in a queue that Cleo, Eli and Ada have open; then Ada takes it out of the policy. */
const withQueue = async () => {
  const world = await startWorld();
  let base = 0;
  const set = async (...queues: unknown[]): Promise<void> => {
    const ack = await world.send(world.log, world.ada, LOG, "policy.set", { base, unnamed: "ask", rules: [], queues });
    if (!ack.ok) throw new Error(ack.code);
    base = ack.s;
    await world.log.until(() => world.log.entries().length >= base);
  };
  await set(rest, deploys);
  const people = {
    ben: await world.member("Ben"),
    cleo: await world.member("Cleo", "approver"),
    eli: await world.member("Eli", "auditor"),
    gus: await world.member("Gus", "guest"),
  };
  const lane = await world.open(people.ben, laneDoc(people.ben.member));
  const [first, second] = [
    await world.send(lane, people.ben, DEPLOYS, "approval.request", requestBody()),
    await world.send(lane, people.ben, DEPLOYS, "approval.request", requestBody()),
  ];
  if (!first.ok || !second.ok) throw new Error("Ben asks");
  return { world, set, people, lane, requests: [first.id, second.id] as const };
};
const shutOut = async ({ world }: Awaited<ReturnType<typeof withQueue>>, who: Person): Promise<void> => {
  const wire = await dialAs(world.url, world.wid, DEPLOYS, who);
  wire.step1();
  expect(await wire.closed).toMatchObject({ code: 4403 });
  expect(wire.heard).toEqual([HELLO]);
};

describe("[PO6] [SV13] [T18] a removed queue", () => {
  attack(
    "is closed with 4403 to its approvers the moment it is removed, and stays closed to everybody without the audit",
    async ({ control }) => {
      const here = await withQueue();
      const { world, people } = here;
      const [approver, auditor] = [await world.open(people.cleo, DEPLOYS), await world.open(people.eli, DEPLOYS)];
      expect([await approver.synced(), await auditor.synced()].map(({ length }) => length)).toEqual([2, 2]);
      await here.set(rest);
      expect(await approver.closed).toMatchObject({ code: 4403 });
      for (const who of [people.ben, people.cleo, people.gus]) await shutOut(here, who);
      // Whoever audits keeps the socket that was open, and may come again.
      await control(async () => expect(await auditor.synced()).toHaveLength(2));
      await control(async () =>
        expect(await (await world.open(people.eli, DEPLOYS)).synced()).toEqual(auditor.entries()),
      );
    },
  );

  attack(
    "[SV20] [SV23] is written by nobody who reads it for the audit: no request, no vote, no Yjs",
    async ({ control }) => {
      const here = await withQueue();
      const { world, people, requests } = here;
      await here.set(rest);
      const wire = await world.open(people.eli, DEPLOYS);
      expect(await world.send(wire, people.eli, DEPLOYS, "approval.request", requestBody())).toMatchObject({
        ok: false,
      });
      expect(
        await world.send(wire, people.eli, DEPLOYS, "approval.vote", {
          request: requests[0],
          v: "approve",
          note: null,
        }),
      ).toEqual({ ok: false, code: "not-approver" });
      expect(await world.send(wire, people.eli, DEPLOYS, "approval.cancel", { request: requests[0] })).toEqual({
        ok: false,
        code: "not-requester",
      });
      expect(await world.send(here.lane, people.ben, DEPLOYS, "approval.request", requestBody())).toEqual({
        ok: false,
        code: "no-such-queue",
      });
      wire.raw(yjsWrite(2, ["{}"]));
      expect(await wire.closed).toMatchObject({ code: 4403 });
      // What was asked before still belongs to who asked, over their own lane.
      await control(async () =>
        expect(
          await world.send(here.lane, people.ben, DEPLOYS, "approval.cancel", { request: requests[0] }),
        ).toMatchObject({ ok: true }),
      );
      await control(async () => expect(await (await world.open(people.eli, DEPLOYS)).synced()).toHaveLength(3));
    },
  );

  attack(
    "[SV27] is closed to whoever loses the audit, and a queue that never was is open to nobody",
    async ({ control }) => {
      const here = await withQueue();
      const { world, people } = here;
      await here.set(rest);
      const wire = await world.open(people.eli, DEPLOYS);
      await control(async () => expect(await wire.synced()).toHaveLength(2));
      const never = await dialAs(world.url, world.wid, "queue:never", people.eli);
      expect(await never.closed).toMatchObject({ code: 4403, reason: "no-such-queue" });
      expect(
        await world.send(world.log, world.ada, LOG, "member.role", {
          member: people.eli.member,
          from: "auditor",
          to: "member",
        }),
      ).toMatchObject({ ok: true });
      expect(await wire.closed).toMatchObject({ code: 4403 });
      await shutOut(here, people.eli);
    },
  );
});
