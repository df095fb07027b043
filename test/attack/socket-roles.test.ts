/** Custom roles and the Auditor over real sockets, with the bytes of a modified app: the server decides by the log alone. */
import { describe, expect, test } from "vitest";
import { ADMIN, LOG } from "#core/protocol/ids.ts";
import type { Person } from "../helpers/people.ts";
import { attack } from "../helpers/hostile.ts";
import { deviceBody, makeDevice, makeInvite, QUEUE, queueOf, requestBody } from "../helpers/people.ts";
import { startWorld } from "../helpers/sync-world.ts";
import type { SyncWorld } from "../helpers/sync-world.ts";
import { dialAs } from "../helpers/wire-client.ts";

const define = (world: SyncWorld, by: Person, id: string, caps: readonly string[]) =>
  world.send(world.log, by, LOG, "role.define", { id, name: id, caps });
/** Ada defines the role and gives it to somebody new. */
const holder = async (world: SyncWorld, id: string, caps: readonly string[]): Promise<Person> => {
  expect(await define(world, world.ada, id, caps)).toMatchObject({ ok: true });
  return world.member("Ben", id);
};

describe("[T6] [AU4] an Auditor", () => {
  test("opens the log, the invites and every queue, and nobody's lane", async () => {
    const world = await startWorld();
    await world.invite();
    const [auditor, ben] = [await world.member("Eli", "auditor"), await world.member("Ben")];
    for (const doc of [LOG, ADMIN, QUEUE]) await (await world.open(auditor, doc)).synced();
    const admin = await world.open(auditor, ADMIN);
    // One for the invite of its own, two through which these people came.
    expect(await admin.synced()).toHaveLength(3);
    expect(await (await dialAs(world.url, world.wid, `lane:${world.ada.member}`, auditor)).closed).toMatchObject({
      code: 4403,
    });
    expect(await (await dialAs(world.url, world.wid, ADMIN, ben)).closed).toMatchObject({ code: 4403 });
  });

  attack("writes nothing that configures, on any socket that is open to them", async ({ control }) => {
    const world = await startWorld();
    const [auditor, ben] = [await world.member("Eli", "auditor"), await world.member("Ben")];
    const [log, admin, queue] = [
      await world.open(auditor, LOG),
      await world.open(auditor, ADMIN),
      await world.open(auditor, QUEUE),
    ];
    const wishes: [string, unknown][] = [
      ["member.role", { member: ben.member, from: "member", to: "guest" }],
      ["member.role", { member: auditor.member, from: "auditor", to: "admin" }],
      ["member.remove", { member: ben.member }],
      ["role.define", { id: "mine", name: "Mine", caps: ["audit.read"] }],
      [
        "tool.define",
        {
          id: "A".repeat(22),
          name: "Files",
          launch: { kind: "http", url: "https://tools.example", headers: [], vars: [] },
          tools: [],
          policy: null,
        },
      ],
      [
        "policy.set",
        { base: 0, unnamed: "ask", rules: [], queues: [queueOf("approvers", [{ n: 1, roles: ["auditor"] }])] },
      ],
      ["server.key", { x: auditor.key.x }],
      ["epoch.open", { doc: QUEUE, n: 2 }],
    ];
    for (const [kind, body] of wishes)
      expect([kind, await world.send(log, auditor, LOG, kind, body)]).toEqual([
        kind,
        { ok: false, code: "not-allowed" },
      ]);
    const invite = makeInvite(auditor, world.wid, world.now());
    expect(await world.send(admin, auditor, ADMIN, "invite.create", { invite: invite.jws, label: "" })).toMatchObject({
      ok: false,
    });
    expect(await world.send(queue, auditor, QUEUE, "approval.request", requestBody())).toMatchObject({
      ok: false,
      code: "not-allowed",
    });
    // What is their own affair still goes.
    await control(async () =>
      expect(
        await world.send(log, auditor, LOG, "device.add", deviceBody(world.wid, makeDevice(auditor))),
      ).toMatchObject({ ok: true }),
    );
  });

  attack(
    "who only held audit.read loses the invites and queues with 4403 when the role is redefined",
    async ({ control }) => {
      const world = await startWorld();
      const reader = await holder(world, "reader", ["audit.read"]);
      const wires = [await world.open(reader, ADMIN), await world.open(reader, QUEUE)];
      const log = await world.open(reader, LOG);
      for (const wire of [...wires, log]) await wire.synced();
      expect(await define(world, world.ada, "reader", ["threads.create"])).toMatchObject({ ok: true });
      for (const wire of wires) expect(await wire.closed).toMatchObject({ code: 4403 });
      await control(() => log.until(() => log.entries().length === world.log.entries().length));
      expect(await (await dialAs(world.url, world.wid, ADMIN, reader)).closed).toMatchObject({ code: 4403 });
    },
  );
});

describe("[T7] [MB5] [MB10] roles over the wire", () => {
  attack(
    "nobody defines a role with a right that they do not hold, nor takes one away from a role above them",
    async ({ control }) => {
      const world = await startWorld();
      const steward = await holder(world, "steward", ["members.assign", "members.invite", "tools.use"]);
      expect(await define(world, world.ada, "chief", ["members.assign", "policy.edit"])).toMatchObject({ ok: true });
      const log = await world.open(steward, LOG);
      const as = (id: string, caps: readonly string[]) =>
        world.send(log, steward, LOG, "role.define", { id, name: id, caps });
      await control(async () => expect(await as("helper", ["tools.use"])).toMatchObject({ ok: true }));
      expect(await as("helper", ["tools.use", "policy.edit"])).toEqual({ ok: false, code: "not-yours-to-give" });
      expect(await as("steward", ["members.assign", "audit.read"])).toEqual({ ok: false, code: "not-yours-to-give" });
      expect(await as("chief", ["tools.use"])).toEqual({ ok: false, code: "not-yours-to-give" });
      for (const id of ["owner", "admin", "member", "auditor"])
        expect(await as(id, ["tools.use"])).toEqual({ ok: false, code: "already-exists" });
      expect(await as("helper", ["tools.use", "fly"])).toMatchObject({ ok: false });
      expect(await as("helper", ["tools.use", "tools.use"])).toMatchObject({ ok: false });
    },
  );

  attack(
    "[T5] a role with tools.use asks for a tool, and is refused once the role lost it, with the same bytes",
    async ({ control }) => {
      const world = await startWorld();
      await world.send(world.log, world.ada, LOG, "policy.set", {
        base: 0,
        unnamed: "ask",
        rules: [],
        queues: [queueOf("approvers", [{ n: 1, roles: ["owner"] }])],
      });
      const user = await holder(world, "user", ["tools.use", "threads.create"]);
      const lane = await world.open(user, `lane:${user.member}`);
      const ask = () => world.send(lane, user, QUEUE, "approval.request", requestBody());
      expect(await ask()).toMatchObject({ ok: true });
      expect(await define(world, world.ada, "user", ["threads.create"])).toMatchObject({ ok: true });
      expect(await ask()).toEqual({ ok: false, code: "not-allowed" });
      expect(await define(world, world.ada, "user", ["tools.use"])).toMatchObject({ ok: true });
      await control(async () => expect(await ask()).toMatchObject({ ok: true }));
    },
  );
});
