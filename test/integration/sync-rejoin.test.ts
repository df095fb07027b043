/** Coming again: the same install joins a workspace it was part of before, with a key of its own and its threads. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createThreadStore } from "../../electron/host/store/threads.ts";
import { main, openApp, SERVER, startTeam } from "../helpers/app.ts";
import type { App } from "../helpers/app.ts";
import { until } from "../helpers/wait.ts";

const ARGS = '{"path":"/notes/a.txt","content":"hello"}';
const refused = (app: App, wid: string) => until(() => app.room.status(wid).link === "out", `${app.name} is refused`);
const invite = async (from: App, wid: string): Promise<string> =>
  (await from.room.handlers["invite.create"]({ wid, role: "member", label: "", expiresInMs: 3_600_000, uses: 1 }, main))
    .link ?? "";
const enter = (app: App, link: string) => app.room.handlers["invite.join"]({ link }, main);
const own = (app: App, wid: string) => app.room.team(wid).members.find((member) => member.me);

describe("[T24] somebody who was removed", () => {
  test("joins again from the same install, with a new key, and what they asked before never runs", async () => {
    const { wid, ada, ben } = await startTeam();
    const before = own(ben, wid);
    const threads = createThreadStore(ben.store);
    threads.add({ id: "private", wid, title: "Mine alone", at: 1 });
    const call = ben.call(wid, SERVER, ARGS);
    await ben.room.authority.ask(call);
    await ada.decide(wid, (await ada.card(wid)).request, "approve");
    await until(() => ben.room.authority.standing(call.id)?.state === "approved", "approved");
    await ada.room.handlers["member.remove"]({ wid, member: before?.id ?? "" }, main);
    await refused(ben, wid);

    const link = await invite(ada, wid);
    expect((await ben.room.handlers["invite.inspect"]({ link }, main)).alreadyMember).toBe(false);
    expect(await enter(ben, link)).toEqual({ wid });
    await ben.inSync(wid);
    const after = own(ben, wid);
    expect(after?.id).not.toBe(before?.id);
    expect(after?.devices.map(({ id, current }) => [id === before?.devices[0]?.id, current])).toEqual([[false, true]]);
    expect(ben.room.authority.standing(call.id)).toMatchObject({
      state: "refused",
      reason: { code: "joined-again" },
    });
    expect(ben.room.authority.permit(call)).toMatchObject({ ok: false, error: { code: "refused" } });

    // Memory stays with its owner, whoever they are in the team now.
    expect(threads.list(wid).map(({ title }) => title)).toEqual(["Mine alone"]);

    // They are somebody who can work again, now and after a restart.
    const next = ben.call(wid, SERVER, ARGS);
    await ben.room.authority.ask(next);
    await ada.decide(
      wid,
      (await ada.sees(wid, ben.room.authority.standing(next.id)?.request ?? "")).request,
      "approve",
    );
    await until(() => ben.room.authority.standing(next.id)?.state === "approved", "approved");
    await ben.permitted(next);
    await ben.close();
    const again = await openApp("Ben", { dir: ben.dir });
    await again.inSync(wid);
    expect(own(again, wid)?.id).toBe(after?.id);
    await again.permitted(next);
  });

  test("joins again after the workspace was forgotten here, and leaves no key behind where that is refused", async () => {
    const { wid, ada, ben } = await startTeam();
    const ring = async (): Promise<number> => ((await ben.shell.request("keys.list", {})) as unknown[]).length;
    await ada.room.handlers["member.remove"]({ wid, member: own(ben, wid)?.id ?? "" }, main);
    await refused(ben, wid);
    const used = await invite(ada, wid);
    await enter(await openApp("Cleo"), used);
    await expect(enter(ben, used)).rejects.toMatchObject({ code: "server-says" });
    expect(await ring()).toBe(1);
    await ben.room.handlers["workspace.forget"]({ wid }, main);
    expect(await enter(ben, await invite(ada, wid))).toEqual({ wid });
    await ben.inSync(wid);
    expect(await ring()).toBe(2);
  });

  test("is one member, also where the answer to the second join was lost", async () => {
    const { wid, ada, ben } = await startTeam();
    await ada.room.handlers["member.remove"]({ wid, member: own(ben, wid)?.id ?? "" }, main);
    await refused(ben, wid);
    const old = ben.store.db.prepare("SELECT member, device FROM workspaces").get() as {
      member: string;
      device: string;
    };
    const link = await invite(ada, wid);
    const { id } = ada.room.invites(wid)[0] ?? { id: "" };
    await enter(ben, link);
    const mine = own(ben, wid);
    // As after a kill between the server's yes and our own note of it.
    const last = ben.store.db.prepare("SELECT entry FROM chain WHERE doc = 'log' ORDER BY seq DESC LIMIT 1").get() as {
      entry: string;
    };
    ben.store.db.prepare("UPDATE workspaces SET member = ?, device = ?").run(old.member, old.device);
    ben.store.db
      .prepare("INSERT INTO joins (wid, invite, member, jws, expires_at) VALUES (?, ?, ?, ?, ?)")
      .run(wid, id, mine?.id, (JSON.parse(last.entry) as { c: string }).c, Date.now() + 3_600_000);
    await ben.close();
    const again = await openApp("Ben", { dir: ben.dir });
    await refused(again, wid);
    expect(await enter(again, link)).toEqual({ wid });
    await again.inSync(wid);
    expect(own(again, wid)?.id).toBe(mine?.id);
    await until(() => ada.room.team(wid).members.some(({ id: each }) => each === mine?.id), "Ben again at Ada's");
    expect(ada.room.team(wid).members.filter((member) => member.active)).toHaveLength(2);
  });
});

test("[T24] a computer that lost its keys says that it is out, and can join again", async () => {
  const { wid, ada, ben } = await startTeam();
  await ben.close();
  rmSync(join(ben.dir, "device-keys.json"));
  const again = await openApp("Ben", { dir: ben.dir });
  expect(again.room.status(wid)).toMatchObject({ link: "out", reason: { code: "out-key-gone" } });
  expect(again.room.authority.judge(again.call(wid, SERVER, ARGS))).toMatchObject({ kind: "deny" });
  expect(await enter(again, await invite(ada, wid))).toEqual({ wid });
  await again.inSync(wid);
});
