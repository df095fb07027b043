/** Somebody who came with an invite above Member: who is told, once, and what becomes of it at everybody. */
import { expect, test } from "vitest";
import { joinWith, main, openApp, startTeam } from "../helpers/app.ts";
import type { App } from "../helpers/app.ts";
import { until } from "../helpers/wait.ts";
import { worded } from "../helpers/worded.ts";

const joinsOnly = async (from: App, app: App, wid: string, role: string): Promise<string> => {
  const { link } = await from.room.handlers["invite.create"](
    { wid, role, label: "", expiresInMs: 3_600_000, uses: 1 },
    main,
  );
  await app.room.handlers["invite.join"]({ link: link ?? "" }, main);
  await app.inSync(wid);
  return until(() => app.room.team(wid).members.find(({ me }) => me)?.id, "the own id");
};
const waits = (app: App, wid: string, member: string) =>
  until(
    () => app.room.arrivals(wid).find((each) => each.member === member && each.outcome === null),
    `the arrival at ${app.name}'s`,
  );
const answered = (app: App, wid: string, member: string) =>
  until(() => app.room.arrivals(wid).find((each) => each.member === member)?.outcome, `the answer at ${app.name}'s`);
const summary = (app: App, wid: string) => app.room.summaries().find((each) => each.wid === wid);
const told = (app: App, member: string) => app.shell.notified.filter(({ card }) => card?.request === member);

test("[T37] who came as an approver is a card for everybody who may give the role, told once for ever, and closes everywhere with the answer", async () => {
  const { wid, ada, ben } = await startTeam();
  const [dana, cleo] = [await openApp("Dana"), await openApp("Cleo")];
  await joinWith(ada, dana, wid, "admin");
  await dana.close();
  const id = await joinsOnly(ada, cleo, wid, "approver");

  expect(await waits(ada, wid, id)).toMatchObject({
    name: "Cleo",
    role: "approver",
    roleName: "Approver",
    mark: { role: "Guest" },
    invitedBy: { name: "Ada", me: true },
    can: { allowed: true },
    who: ["Ada", "Dana"],
    me: false,
    back: false,
  });
  expect(await waits(cleo, wid, id)).toMatchObject({ me: true, can: { allowed: false }, who: ["Ada", "Dana"] });
  expect(await waits(ben, wid, id)).toMatchObject({
    me: false,
    can: { allowed: false, why: worded("The role Member may not manage roles.") },
  });
  await until(() => told(ada, id).length > 0, "the notification");
  expect(told(ada, id)).toEqual([
    {
      title: "Cleo waits to become Approver",
      body: "Joined with your invite and is a Guest until you or another answers. (Harbour)",
      card: { wid, request: id },
    },
  ]);
  expect(ada.shell.popups).toContainEqual({ wid, request: id });
  await until(() => ada.shell.badges.at(-1) === 1, "the badge");
  expect([summary(ada, wid)?.waiting, summary(ben, wid)?.waiting, summary(cleo, wid)?.waiting]).toEqual([1, 0, 0]);
  expect([told(ben, id), told(cleo, id)]).toEqual([[], []]);

  // Whose app was closed is told at the start, and who was told is not told again.
  const again = await openApp("Dana", { dir: dana.dir });
  await until(() => told(again, id).length > 0, "the notification at Dana's");
  expect(again.shell.popups).toContainEqual({ wid, request: id });
  await ada.close();
  const second = await openApp("Ada", { dir: ada.dir });
  await second.inSync(wid);
  await until(() => second.shell.badges.at(-1) === 1, "the badge after a restart");

  await again.room.handlers["member.givePromised"]({ wid, member: id, role: "approver" }, main);
  for (const app of [second, again, cleo, ben])
    expect(await answered(app, wid, id)).toMatchObject({ given: "Approver", by: "Dana", byMe: app === again });
  await until(() => second.shell.badges.at(-1) === 0, "the badge without it");
  expect(told(second, id)).toEqual([]);
  await until(
    () => cleo.shell.notified.some(({ title }) => title === "Dana gave you the role Approver"),
    "Cleo's notice",
  );
  expect(cleo.room.team(wid).members.find(({ me }) => me)?.role).toBe("approver");
  await expect(
    second.room.handlers["member.refusePromised"]({ wid, member: id, role: "approver" }, main),
  ).rejects.toMatchObject({ code: "answered-already" });
});

test("[T37] whoever is given a role without having been promised one is told once by whom, and nobody who gives it is", async () => {
  const { wid, ada, ben } = await startTeam();
  const member = ben.room.team(wid).members.find(({ me }) => me)?.id ?? "";
  await ada.room.handlers["member.setRole"]({ wid, member, role: "admin" }, main);
  await until(() => ben.shell.notified.length > 0, "Ben's notice");
  expect(ben.shell.notified).toEqual([
    { title: "Ada gave you the role Admin", body: "It holds from now on. (Harbour)", card: null },
  ]);
  expect(ada.shell.notified).toEqual([]);
  await ben.close();
  const again = await openApp("Ben", { dir: ben.dir });
  await again.inSync(wid);
  await ada.room.handlers["member.setRole"]({ wid, member, role: "member" }, main);
  await until(() => again.shell.notified.length > 0, "the second notice");
  expect(again.shell.notified.map(({ title }) => title)).toEqual(["Ada gave you the role Member"]);
});

test("[T37] who is refused stays a Guest and knows by whom, also after a restart", async () => {
  const { wid, ada } = await startTeam();
  const cleo = await openApp("Cleo");
  const id = await joinsOnly(ada, cleo, wid, "approver");
  await waits(ada, wid, id);
  await cleo.close();
  await ada.room.handlers["member.refusePromised"]({ wid, member: id, role: "approver" }, main);
  const again = await openApp("Cleo", { dir: cleo.dir });
  expect(await answered(again, wid, id)).toMatchObject({ given: null, by: "Ada" });
  await until(() => again.shell.notified.length > 0, "Cleo's notice");
  expect(again.shell.notified).toEqual([
    { title: "Ada refused you the role Approver", body: "You stay a Guest. (Harbour)", card: null },
  ]);
  expect(again.room.team(wid).members.find(({ me }) => me)?.role).toBe("guest");
});

test("[T37] who comes back to a role above Member waits for it again, and is told of again", async () => {
  const { wid, ada } = await startTeam();
  const cleo = await openApp("Cleo");
  const id = await joinsOnly(ada, cleo, wid, "approver");
  await until(() => told(ada, id).length === 1, "the first notification");
  await ada.room.handlers["member.givePromised"]({ wid, member: id, role: "approver" }, main);
  await answered(ada, wid, id);
  const { link } = await ada.room.handlers["member.letBack"]({ wid, member: id, expiresInMs: 3_600_000 }, main);
  const laptop = await openApp("Cleo");
  await laptop.room.handlers["invite.join"]({ link: link ?? "" }, main);
  expect(await waits(ada, wid, id)).toMatchObject({ back: true, invitedBy: { me: true }, can: { allowed: true } });
  await until(() => told(ada, id).length === 2, "the second notification");
  expect(told(ada, id).at(-1)?.body).toBe(
    "Came back with your invite and is a Guest until you or another answers. (Harbour)",
  );
  expect(await waits(laptop, wid, id)).toMatchObject({ me: true, who: ["Ada"] });
});

test("[T37] an inviter who lost the right is told who can answer instead", async () => {
  const { wid, ada } = await startTeam();
  const [dana, cleo] = [await openApp("Dana"), await openApp("Cleo")];
  await joinWith(ada, dana, wid, "admin");
  const id = await joinsOnly(dana, cleo, wid, "approver");
  await waits(ada, wid, id);
  await ada.room.handlers["member.setRole"](
    { wid, member: ada.room.team(wid).members.find(({ name }) => name === "Dana")?.id ?? "", role: "member" },
    main,
  );
  const seen = () => dana.room.arrivals(wid).find(({ member }) => member === id);
  await until(() => seen()?.can.allowed === false, "Dana's lost right");
  expect(seen()).toMatchObject({
    invitedBy: { name: "Dana", me: true },
    can: { allowed: false, why: worded("The role Member may not manage roles.") },
    who: ["Ada"],
  });
  await expect(
    dana.room.handlers["member.givePromised"]({ wid, member: id, role: "approver" }, main),
  ).rejects.toMatchObject({ code: "not-permitted" });
  await until(() => dana.shell.badges.at(-1) === 0, "the badge");
});
