/**
 * Somebody without the right lets people in or keeps them out: over the wire with the bytes of a modified app, over the
 * RPC of their own, and by a name that is taken for another. A promised role is given and refused by those alone who
 * may give it.
 */
import { describe, expect } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import { joinWith, main, openApp, startTeam } from "../helpers/app.ts";
import type { App } from "../helpers/app.ts";
import { attack, lie } from "../helpers/hostile.ts";
import { makePerson } from "../helpers/people.ts";
import type { Person } from "../helpers/people.ts";
import { startWorld } from "../helpers/sync-world.ts";
import type { SyncWorld } from "../helpers/sync-world.ts";
import { until } from "../helpers/wait.ts";

/** Somebody who came with an invite for the role and is a Guest. */
const promised = async (world: SyncWorld, name: string, role = "approver"): Promise<Person> => {
  const who = makePerson(name);
  expect(await world.join(await world.invite({ role, mode: "confirm" }), who)).toMatchObject({ ok: true });
  return who;
};
const give = (world: SyncWorld, by: Person, who: Person, to = "approver") =>
  world.send(world.log, by, LOG, "member.role", { member: who.member, from: "guest", to });
const refuse = (world: SyncWorld, by: Person, who: Person) =>
  world.send(world.log, by, LOG, "member.refuse", { member: who.member });

describe("[T37] over the wire", () => {
  attack(
    "a Member, an Approver, an Auditor and the newcomer neither give nor refuse a promised role",
    async ({ control }) => {
      const world = await startWorld();
      const cleo = await promised(world, "Cleo");
      for (const by of [
        await world.member("Ben"),
        await world.member("Dora", "approver"),
        await world.member("Eli", "auditor"),
        cleo,
      ]) {
        const log = await world.open(by, LOG);
        expect(
          await world.send(log, by, LOG, "member.role", { member: cleo.member, from: "guest", to: "approver" }),
        ).toEqual({ ok: false, code: "not-allowed" });
        expect(await world.send(log, by, LOG, "member.refuse", { member: cleo.member })).toEqual({
          ok: false,
          code: "not-allowed",
        });
        log.close();
      }
      await control(async () => expect(await give(world, world.ada, cleo)).toMatchObject({ ok: true }));
    },
  );

  attack(
    "an Admin neither gives nor refuses a role that only an Owner gives, nor one above their own with the same click",
    async ({ control }) => {
      const world = await startWorld();
      const dana = await world.member("Dana", "admin");
      const log = await world.open(dana, LOG);
      for (const role of ["owner", "admin"]) {
        const cleo = await promised(world, `Cleo ${role}`, role);
        expect(
          await world.send(log, dana, LOG, "member.role", { member: cleo.member, from: "guest", to: role }),
        ).toEqual({ ok: false, code: "owners-only" });
        expect(await world.send(log, dana, LOG, "member.refuse", { member: cleo.member })).toEqual({
          ok: false,
          code: "owners-only",
        });
      }
      const modest = await promised(world, "Mia");
      expect(
        await world.send(log, dana, LOG, "member.role", { member: modest.member, from: "guest", to: "admin" }),
      ).toEqual({ ok: false, code: "owners-only" });
      await control(async () =>
        expect(await world.send(log, dana, LOG, "member.refuse", { member: modest.member })).toMatchObject({
          ok: true,
        }),
      );
    },
  );

  attack("a role that may manage roles and not decide gives no approver and refuses none", async ({ control }) => {
    const world = await startWorld();
    expect(
      await world.send(world.log, world.ada, LOG, "role.define", {
        id: "steward",
        name: "Steward",
        caps: ["members.assign", "threads.create"],
      }),
    ).toMatchObject({ ok: true });
    const steward = await world.member("Sam", "steward");
    const log = await world.open(steward, LOG);
    const cleo = await promised(world, "Cleo");
    expect(
      await world.send(log, steward, LOG, "member.role", { member: cleo.member, from: "guest", to: "approver" }),
    ).toEqual({ ok: false, code: "not-yours-to-give" });
    expect(await world.send(log, steward, LOG, "member.refuse", { member: cleo.member })).toEqual({
      ok: false,
      code: "not-yours-to-give",
    });
    await control(async () => expect(await refuse(world, world.ada, cleo)).toMatchObject({ ok: true }));
  });

  attack("nobody is refused who was promised nothing, or was answered already, or is gone", async ({ control }) => {
    const world = await startWorld();
    const ben = await world.member("Ben");
    expect(await refuse(world, world.ada, ben)).toEqual({ ok: false, code: "stale" });
    const cleo = await promised(world, "Cleo");
    await control(async () => expect(await refuse(world, world.ada, cleo)).toMatchObject({ ok: true }));
    expect(await refuse(world, world.ada, cleo)).toEqual({ ok: false, code: "stale" });
    const dora = await promised(world, "Dora");
    expect(await world.send(world.log, world.ada, LOG, "member.remove", { member: dora.member })).toMatchObject({
      ok: true,
    });
    expect(await refuse(world, world.ada, dora)).toEqual({ ok: false, code: "no-such-member" });
  });
});

const arrives = async (from: App, app: App, wid: string, role: string): Promise<string> => {
  const { link } = await from.room.handlers["invite.create"](
    { wid, role, label: "", expiresInMs: 3_600_000, uses: 1 },
    main,
  );
  await app.room.handlers["invite.join"]({ link: link ?? "" }, main);
  await app.inSync(wid);
  return app.room.team(wid).me;
};
const shows = (app: App, wid: string, member: string) =>
  until(
    () => app.room.arrivals(wid).find((each) => each.member === member && each.outcome === null),
    `the arrival at ${app.name}'s`,
  );

describe("[T37] over the RPC", () => {
  attack(
    "the app of somebody who may not shows no card, counts none and signs nothing; one that may gives what was promised and nothing else",
    async ({ control }) => {
      const { wid, ada, ben } = await startTeam();
      const [dora, cleo] = [await openApp("Dora"), await openApp("Cleo")];
      await joinWith(ada, dora, wid, "approver");
      const member = await arrives(ada, cleo, wid, "approver");
      for (const app of [ben, dora, cleo]) {
        expect((await shows(app, wid, member)).can.allowed).toBe(false);
        for (const method of ["member.givePromised", "member.refusePromised"] as const)
          await expect(app.room.handlers[method]({ wid, member, role: "approver" }, main)).rejects.toMatchObject({
            code: "not-permitted",
          });
        expect(app.shell.badges.at(-1) ?? 0).toBe(0);
        expect(app.shell.popups).toEqual([]);
      }
      await shows(ada, wid, member);
      for (const role of ["admin", "owner", "member"])
        await expect(ada.room.handlers["member.givePromised"]({ wid, member, role }, main)).rejects.toMatchObject({
          code: "stale",
        });
      await expect(
        ada.room.handlers["member.givePromised"](
          { wid, member: ada.room.team(wid).members.find(({ name }) => name === "Ben")?.id ?? "", role: "approver" },
          main,
        ),
      ).rejects.toMatchObject({ code: "answered-already" });
      await control(() => ada.room.handlers["member.givePromised"]({ wid, member, role: "approver" }, main));
      await until(() => cleo.room.team(wid).members.find(({ me }) => me)?.role === "approver", "the role");
    },
  );

  lie(
    "somebody who waits under the name of an approver is told apart on the card and in the notice",
    async ({ control }) => {
      const { wid, ada } = await startTeam();
      const [dora, eve, cleo] = [await openApp("Dora"), await openApp("Dоra"), await openApp("Cleo")];
      await joinWith(ada, dora, wid, "approver");
      const member = await arrives(ada, eve, wid, "approver");
      expect((await shows(ada, wid, member)).mark).toMatchObject({
        role: "Guest",
        alike: [{ name: "Dora", role: "Approver" }],
      });
      await until(() => ada.shell.notified.some(({ card }) => card?.request === member), "the notice");
      expect(ada.shell.notified.find(({ card }) => card?.request === member)?.title).toContain("not Dora, Approver");
      const honest = await arrives(ada, cleo, wid, "approver");
      await control(async () => expect((await shows(ada, wid, honest)).mark.alike).toEqual([]));
    },
  );
});
