/** Invites over the wire: what the holder of a link learns, what they can do with it, and what nobody else can. */
import { describe, expect, test } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import { attack } from "../helpers/hostile.ts";
import { makeKey } from "../helpers/node-crypto.ts";
import { joinBody, makeInvite, makePerson } from "../helpers/people.ts";
import type { InviteKit } from "../helpers/people.ts";
import { startWorld } from "../helpers/sync-world.ts";
import type { SyncWorld } from "../helpers/sync-world.ts";
import { dial, dialInvite, open } from "../helpers/wire-client.ts";

attack(
  "[SV30] [T28] before joining, the holder of a link learns the workspace, the inviter and the role, and not one entry",
  async ({ control }) => {
    const world = await startWorld();
    const invite = await world.invite({ role: "guest" });
    const wire = await dialInvite(world.url, world.wid, invite);
    await control(async () =>
      expect(await wire.welcome).toEqual({
        s: 1,
        invite: invite.jws,
        workspace: "Harbour",
        inviter: "Ada",
        used: 0,
        problem: null,
        member: null,
        role: "Guest",
        now: expect.any(Number) as number,
      }),
    );
    wire.step1();
    expect(await wire.closed).toMatchObject({ code: 4403 });
    expect(wire.entries()).toEqual([]);
    expect(wire.heads).toEqual([]);
  },
);

test("[SV31] [T17] joining is acknowledged, ends the socket, and the device is let in as what the invite said", async () => {
  const world = await startWorld();
  const invite = await world.invite();
  const ben = makePerson("Ben");
  const wire = await dialInvite(world.url, world.wid, invite);
  await wire.welcome;
  expect(await world.send(wire, ben, LOG, "member.join", joinBody(world.wid, invite, ben))).toMatchObject({
    ok: true,
    s: 2,
  });
  expect(await wire.closed).toEqual({ code: 4000, reason: "joined" });
  expect(await (await world.open(ben, LOG)).synced()).toHaveLength(2);
  await expect(world.open(ben, "admin")).rejects.toThrow("4403");
});

attack("[SV31] a joiner may send nothing but the join with this very invite", async ({ control }) => {
  const world = await startWorld();
  const [mine, other] = [await world.invite(), await world.invite()];
  const ben = makePerson("Ben");
  const wire = await dialInvite(world.url, world.wid, mine);
  await wire.welcome;
  const send = (kind: string, body: unknown) => world.send(wire, ben, LOG, kind, body);
  expect(await send("member.join", joinBody(world.wid, other, ben))).toEqual({ ok: false, code: "not-allowed" });
  expect(await send("server.key", { x: ben.key.x })).toEqual({ ok: false, code: "not-allowed" });
  expect(await world.send(wire, world.ada, LOG, "server.key", { x: ben.key.x })).toEqual({
    ok: false,
    code: "not-allowed",
  });
  await control(async () =>
    expect(await send("member.join", joinBody(world.wid, mine, ben))).toMatchObject({ ok: true }),
  );
});

describe("[SV32] [T17] the holder of a link is told why it no longer works, and is not let in", () => {
  const cases: [string, string, (world: SyncWorld) => Promise<InviteKit>][] = [
    [
      "expired",
      "invite-expired",
      async (world) => {
        const invite = await world.invite({ exp: world.now() + 60_000 });
        world.pass(61_000);
        return invite;
      },
    ],
    [
      "used up",
      "invite-used",
      async (world) => {
        const invite = await world.invite();
        await world.join(invite, makePerson("Cleo"));
        await world.log.until(() => world.log.entries().length === 2);
        return invite;
      },
    ],
    [
      "revoked",
      "invite-revoked",
      async (world) => {
        const invite = await world.invite();
        await world.send(world.log, world.ada, LOG, "invite.revoke", { id: invite.id });
        return invite;
      },
    ],
    [
      "whose maker lost the right",
      "inviter-lost-right",
      async (world) => {
        const cleo = await world.member("Cleo", "admin");
        const invite = await world.invite({}, cleo);
        await world.send(world.log, world.ada, LOG, "member.role", {
          member: cleo.member,
          from: "admin",
          to: "member",
        });
        return invite;
      },
    ],
  ];
  attack.for(cases)("%s", async ([_title, code, prepare], { control }) => {
    const world = await startWorld();
    const invite = await prepare(world);
    const ben = makePerson("Ben");
    const wire = await dialInvite(world.url, world.wid, invite);
    expect(await wire.welcome).toMatchObject({ problem: code });
    expect(await world.send(wire, ben, LOG, "member.join", joinBody(world.wid, invite, ben))).toEqual({
      ok: false,
      code,
    });
    await expect(world.open(ben, LOG)).rejects.toThrow("4414");
    await control(async () => expect(await world.join(await world.invite(), ben)).toMatchObject({ ok: true }));
  });
});

describe("[SV33] [T28] a link that is not one gets nothing", () => {
  const cases: [string, number, (world: SyncWorld, good: InviteKit) => InviteKit][] = [
    ["an invite that no Admin announced", 4417, (world) => makeInvite(world.ada, world.wid, world.now())],
    ["a stranger's own invite", 4417, (world) => makeInvite(makePerson("Eve"), world.wid, world.now())],
    ["the id of a good invite with another key", 4413, (_world, good) => ({ ...good, key: makeKey() })],
    [
      "another id with the key of a good invite",
      4413,
      (world, good) => ({ ...good, id: makeInvite(world.ada, world.wid, 0).id }),
    ],
  ];
  attack.for(cases)("%s: %i", async ([_title, code, make], { control }) => {
    const world = await startWorld();
    const good = await world.invite();
    expect(await (await dialInvite(world.url, world.wid, make(world, good))).closed).toMatchObject({ code });
    await control(async () =>
      expect(await (await dialInvite(world.url, world.wid, good)).welcome).toMatchObject({ problem: null }),
    );
  });

  attack("a good invite in another workspace", async ({ control }) => {
    const [world, elsewhere] = [await startWorld(), await startWorld()];
    const invite = await world.invite();
    expect(await (await dialInvite(elsewhere.url, elsewhere.wid, invite)).closed).toMatchObject({ code: 4417 });
    expect(await (await dialInvite(elsewhere.url, world.wid, invite)).closed).toMatchObject({ code: 4404 });
    await control(async () =>
      expect(await (await dialInvite(world.url, world.wid, invite)).welcome).toMatchObject({ problem: null }),
    );
  });
});

attack("[SV34] a proof of joining that somebody saw is useless with other keys", async ({ control }) => {
  const world = await startWorld();
  const invite = await world.invite({ uses: 5 });
  const [ben, eve] = [makePerson("Ben"), makePerson("Eve")];
  const seen = joinBody(world.wid, invite, ben);
  const wire = await dialInvite(world.url, world.wid, invite);
  await wire.welcome;
  const send = (body: unknown) => world.send(wire, eve, LOG, "member.join", body);
  expect(await send({ ...seen, member: eve.member, x: eve.key.x, enc: eve.enc })).toEqual({
    ok: false,
    code: "bad-proof",
  });
  expect(await send(seen)).toEqual({ ok: false, code: "unknown-device" });
  await control(async () => expect(await world.send(wire, ben, LOG, "member.join", seen)).toMatchObject({ ok: true }));
});

test("[SV35] [T17] a revocation and a redeem at the same moment: whichever is first in the line counts, and both agree", async () => {
  const world = await startWorld();
  const invite = await world.invite();
  const ben = makePerson("Ben");
  const wire = await dialInvite(world.url, world.wid, invite);
  await wire.welcome;
  const [revoked, joined] = await Promise.all([
    world.send(world.log, world.ada, LOG, "invite.revoke", { id: invite.id }),
    world.send(wire, ben, LOG, "member.join", joinBody(world.wid, invite, ben)),
  ]);
  expect(revoked).toMatchObject({ ok: true });
  if (revoked.ok && !joined.ok) expect(joined.code).toBe("invite-revoked");
  if (revoked.ok && joined.ok) expect(joined.s).toBeLessThan(revoked.s);
  expect(
    await world.join(invite, makePerson("Cleo")).catch(() => ({ ok: false, code: "invite-revoked" })),
  ).toMatchObject({ ok: false, code: "invite-revoked" });
});

attack("[SV35] two people redeem a single-use invite at the same moment: one is let in", async ({ control }) => {
  const world = await startWorld();
  const invite = await world.invite();
  const people = [makePerson("Ben"), makePerson("Cleo")];
  const wires = await Promise.all(people.map(() => dialInvite(world.url, world.wid, invite)));
  await Promise.all(wires.map((wire) => wire.welcome));
  const acks = await Promise.all(
    people.map((who, i) =>
      world.send(wires[i] as (typeof wires)[0], who, LOG, "member.join", joinBody(world.wid, invite, who)),
    ),
  );
  expect(acks.filter((ack) => ack.ok)).toHaveLength(1);
  expect(acks.find((ack) => !ack.ok)).toEqual({ ok: false, code: "invite-used" });
  const winner = people[acks.findIndex((ack) => ack.ok)] as (typeof people)[0];
  await control(() => open(world.url, world.wid, LOG, winner));
});

test("[SV36] who is let in by an invite and decides nothing is closed with 4508; a device may stay", async () => {
  const world = await startWorld();
  const { url } = await world.beside({ decideWithinMs: 150 });
  const mine = await open(url, world.wid, "log", world.ada);
  const wire = await dialInvite(url, world.wid, await world.invite());
  await wire.welcome;
  expect(await wire.closed).toMatchObject({ code: 4508, reason: "no-command-in-time" });
  expect(await mine.synced()).toHaveLength(world.log.entries().length);
});

attack(
  "[LI7] one invite opens so many sockets at once and no more; each that leaves makes room",
  async ({ control }) => {
    const world = await startWorld({ limits: { socketsPerInvite: 2 } });
    const invite = await world.invite({ uses: 5 });
    const [one, two] = [await dialInvite(world.url, world.wid, invite), await dialInvite(world.url, world.wid, invite)];
    await Promise.all([one.welcome, two.welcome]);
    expect(await (await dialInvite(world.url, world.wid, invite)).closed).toMatchObject({ code: 4509 });
    one.close();
    await control(() =>
      expect
        .poll(async () =>
          (await dialInvite(world.url, world.wid, invite)).welcome.then(
            () => "in",
            () => "out",
          ),
        )
        .toBe("in"),
    );
  },
);

test("[LI8] behind a trusted proxy each client is counted by its own address, and otherwise by the proxy's", async () => {
  const filled = async (world: SyncWorld, from: (i: number) => string) => {
    const dialFrom = (address: string) =>
      dial(world.url, world.wid, "log", { "x-forwarded-for": `6.6.6.6, ${address}` });
    const first = [0, 1, 2].map((i) => dialFrom(from(i)));
    await Promise.all(first.map((wire) => wire.hello));
    await dialFrom("203.0.113.7").hello;
    return (await Promise.race([...first.map(({ closed }) => closed), dialFrom("203.0.113.99").hello])) as object;
  };
  const limits = { strangersPerAddress: 3 };
  expect(await filled(await startWorld({ trustProxy: true, limits }), () => "203.0.113.7")).toMatchObject({
    code: 4509,
  });
  expect(await filled(await startWorld({ trustProxy: true, limits }), (i) => `203.0.113.${i}`)).toHaveProperty("nonce");
  expect(await filled(await startWorld({ limits }), (i) => `203.0.113.${i}`)).toMatchObject({ code: 4509 });
});

attack(
  "[LI12] many addresses of one IPv6 network count together, and another network is not held up",
  async ({ control }) => {
    const world = await startWorld({ trustProxy: true, limits: { strangersPerAddress: 3 } });
    const dialFrom = (address: string) => dial(world.url, world.wid, "log", { "x-forwarded-for": address });
    const other = dialFrom("2001:db8:7:8::4");
    await other.hello;
    const wires = [":1", ":2", "aaaa:bbbb:cccc:dddd", ":4"].map((host) => dialFrom(`2001:db8:7:7:${host}`));
    expect(await Promise.race(wires.map(({ closed }) => closed))).toMatchObject({ code: 4509 });
    await control(() => expect(other.ws.readyState).toBe(other.ws.OPEN));
  },
);
