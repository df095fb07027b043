/** A lost device: an Admin lets the person back in as themselves, everybody sees it, and nothing else gets in that way. */
import { describe, expect, test } from "vitest";
import { AUTH_TYP } from "#core/protocol/command.ts";
import { why } from "#core/facts/why.ts";
import { joinWith, main, openApp, SERVER, startTeam } from "../helpers/app.ts";
import type { App } from "../helpers/app.ts";
import { connectModified } from "../helpers/modified-client.ts";
import { until } from "../helpers/wait.ts";
import { worded, wordsOf } from "../helpers/worded.ts";
import { factWords } from "#text/facts.ts";

const ARGS = '{"path":"/notes/a.txt","content":"hello"}';
const OWNERS_ONLY = factWords(why("owners-only"));
const HOUR = 3_600_000;
const letBack = (by: App, wid: string, member: string) =>
  by.room.handlers["member.letBack"]({ wid, member, expiresInMs: HOUR }, main);
const inspect = (app: App, link: string | null) => app.room.handlers["invite.inspect"]({ link: link ?? "" }, main);
const enter = (app: App, link: string | null) => app.room.handlers["invite.join"]({ link: link ?? "" }, main);
const named = (app: App, wid: string, name: string) =>
  app.room.team(wid).members.filter((member) => member.name === name && member.active);
const me = (app: App, wid: string) => app.room.team(wid).members.find((member) => member.me);

describe("[IN11] [T24] somebody who lost their device", () => {
  test("comes back as themselves on another computer, and the old one is out at once and says so", async () => {
    const { server, wid, ada, ben } = await startTeam();
    const cleo = await openApp("Cleo");
    await joinWith(ada, cleo, wid);
    const { id } = me(ben, wid) ?? { id: "" };
    const oldSocket = await connectModified(server.url, wid, "log", ben.dir);
    const call = ben.call(wid, SERVER, ARGS);
    await ben.room.authority.ask(call);
    const { request } = await ada.card(wid);

    const invite = await letBack(ada, wid, id);
    expect(invite).toMatchObject({ back: "Ben", role: "member", uses: 1, state: "open" });
    const laptop = await openApp("Benjamin");
    expect(await inspect(laptop, invite.link)).toMatchObject({
      workspace: "Harbour",
      inviter: "Ada",
      role: "Member",
      back: "Ben",
      usesLeft: 1,
    });
    // Looking closes nothing.
    await ben.inSync(wid);
    await enter(laptop, invite.link);
    await laptop.inSync(wid);

    expect(await oldSocket.closed).toBe(4415);
    await until(() => ben.room.status(wid).link === "out", "the old device is out");
    expect(wordsOf(ben.room.status(wid).reason)).toContain("You came back with a new device");
    expect(me(laptop, wid)).toMatchObject({ id, name: "Ben", role: "member" });
    for (const app of [ada, cleo, laptop]) {
      const seen = await until(
        () => (named(app, wid, "Ben")[0]?.devices.length === 2 ? named(app, wid, "Ben")[0] : null),
        "both devices",
      );
      expect(seen.devices.map(({ revokedAt, cameBack }) => [revokedAt === null, cameBack?.by ?? null])).toEqual([
        [false, null],
        [true, "Ada"],
      ]);
    }
    for (const app of [ada, cleo]) {
      const told = () => app.shell.notified.filter(({ title }) => title === "Ben came back with a new device");
      await until(() => told().length === 1, `${app.name} is told`);
      expect(told()[0]?.body).toBe("Let in by Ada. Their older devices are closed. (Harbour)");
      expect(app.room.team(wid).cameBack).toMatchObject([{ name: "Ben", by: "Ada" }]);
    }
    // What the lost device asked cannot run there any more, whatever is decided, and the new one asks anew.
    await ada.decide(wid, request, "approve");
    expect(ben.room.authority.permit(call)).toMatchObject({ ok: false });
    const next = laptop.call(wid, SERVER, ARGS);
    await laptop.room.authority.ask(next);
    const asked = laptop.room.authority.standing(next.id)?.request ?? "";
    await ada.decide(wid, (await ada.sees(wid, asked)).request, "approve");
    await until(() => laptop.room.authority.standing(next.id)?.state === "approved", "approved");
    await laptop.permitted(next);
  });

  test("is told of once: not again after a restart, and not to those who come later", async () => {
    const { wid, ada, ben } = await startTeam();
    const laptop = await openApp("Ben");
    await enter(laptop, (await letBack(ada, wid, me(ben, wid)?.id ?? "")).link);
    await laptop.inSync(wid);
    await until(() => ada.shell.notified.length === 1, "told");
    await ada.close();
    const again = await openApp("Ada", { dir: ada.dir });
    await again.inSync(wid);
    const cleo = await openApp("Cleo");
    await joinWith(again, cleo, wid);
    expect([again.shell.notified, cleo.shell.notified, laptop.shell.notified]).toEqual([[], [], []]);
    expect(cleo.room.team(wid).cameBack).toEqual([]);
    // The mark stays for everybody.
    expect(named(cleo, wid, "Ben")[0]?.devices.some(({ cameBack }) => cameBack?.by === "Ada")).toBe(true);
  });

  test("may be the same install that lost only its rights: it comes back with a new key and its threads", async () => {
    const { wid, ada, ben } = await startTeam();
    const { id } = me(ben, wid) ?? { id: "" };
    const [device] = me(ben, wid)?.devices ?? [];
    const cleo = await openApp("Cleo");
    await joinWith(ada, cleo, wid);
    await ada.room.handlers["device.revoke"]({ wid, device: device?.id ?? "" }, main);
    await until(() => ben.room.status(wid).link === "out", "out");
    await enter(ben, (await letBack(ada, wid, id)).link);
    await ben.inSync(wid);
    expect(me(ben, wid)).toMatchObject({ id, role: "member" });
    expect(me(ben, wid)?.devices.map(({ current }) => current)).toEqual([false, true]);
  });

  test("[IN6] with more rights than a Member has comes back as a Guest until they are confirmed", async () => {
    const { wid, ada } = await startTeam();
    const cleo = await openApp("Cleo");
    await joinWith(ada, cleo, wid, "approver");
    const { id } = me(cleo, wid) ?? { id: "" };
    const invite = await letBack(ada, wid, id);
    const laptop = await openApp("Cleo");
    expect(await inspect(laptop, invite.link)).toMatchObject({ role: "Approver", confirm: true });
    await enter(laptop, invite.link);
    await laptop.inSync(wid);
    expect(me(laptop, wid)).toMatchObject({ id, role: "guest" });
    await until(
      () =>
        named(ada, wid, "Cleo")[0]?.role === "guest" &&
        named(ada, wid, "Cleo")[0]?.roleRule.some(({ code }) => code === "role.promised"),
      "the promise",
    );
    await ada.room.handlers["member.setRole"]({ wid, member: id, role: "approver" }, main);
    await until(() => me(laptop, wid)?.role === "approver", "confirmed");
  });
});

describe("[IN12] [T15] [T28] a way back gives nobody more than it says", () => {
  test("used twice, or by a second person after the first", async () => {
    const { wid, ada, ben } = await startTeam();
    const { link } = await letBack(ada, wid, me(ben, wid)?.id ?? "");
    const [laptop, thief] = [await openApp("Ben"), await openApp("Eve")];
    await enter(laptop, link);
    await laptop.inSync(wid);
    await expect(inspect(thief, link)).rejects.toMatchObject({ code: "server-says" });
    await expect(enter(thief, link)).rejects.toMatchObject({ code: "server-says" });
    expect(thief.room.summaries()).toEqual([]);
    // Opening it again where it was used is opening the workspace.
    expect(await enter(laptop, link)).toEqual({ wid });
    expect(named(ada, wid, "Ben")[0]?.devices.filter(({ revokedAt }) => revokedAt === null)).toHaveLength(1);
  });

  test("a member who is in the workspace cannot become somebody else with it", async () => {
    const { wid, ada, ben } = await startTeam();
    const cleo = await openApp("Cleo");
    await joinWith(ada, cleo, wid);
    const { link } = await letBack(ada, wid, me(ben, wid)?.id ?? "");
    expect(await inspect(cleo, link)).toMatchObject({ back: "Ben", alreadyMember: true });
    expect(await enter(cleo, link)).toEqual({ wid });
    expect(me(cleo, wid)?.name).toBe("Cleo");
    await ben.inSync(wid);
  });

  test("revoked, or made by somebody who lost the right", async () => {
    const { wid, ada, ben } = await startTeam();
    const cleo = await openApp("Cleo");
    await joinWith(ada, cleo, wid, "admin");
    const id = me(ben, wid)?.id ?? "";
    const [first, second] = [await letBack(ada, wid, id), await letBack(cleo, wid, id)];
    await ada.room.handlers["invite.revoke"]({ wid, invite: first.id }, main);
    await ada.room.handlers["member.setRole"]({ wid, member: me(cleo, wid)?.id ?? "", role: "member" }, main);
    const laptop = await openApp("Ben");
    await expect(enter(laptop, first.link)).rejects.toMatchObject({ code: "server-says" });
    await expect(enter(laptop, second.link)).rejects.toMatchObject({ code: "server-says" });
    await ben.inSync(wid);
  });

  test("an Admin lets no Owner back in, a Member nobody, and nobody themselves", async () => {
    const { wid, ada, ben } = await startTeam();
    const cleo = await openApp("Cleo");
    await joinWith(ada, cleo, wid, "admin");
    const [owner, member, admin] = [me(ada, wid)?.id ?? "", me(ben, wid)?.id ?? "", me(cleo, wid)?.id ?? ""];
    const refusals: [App, string, string][] = [
      [cleo, owner, OWNERS_ONLY],
      [cleo, admin, "Somebody else lets you back in."],
      [ben, admin, "The role Member may not invite people."],
    ];
    for (const [app, target, rule] of refusals) {
      const commands = () => app.shell.signed.filter((purpose) => purpose !== AUTH_TYP).length;
      const before = commands();
      await expect(letBack(app, wid, target)).rejects.toEqual(worded(rule));
      expect(commands()).toBe(before);
      expect(app.room.team(wid).members.find(({ id }) => id === target)?.canLetBack).toEqual({
        allowed: false,
        why: worded(rule),
      });
    }
    expect((await letBack(cleo, wid, member)).back).toBe("Ben");
  });
});
