/** What each app says in the log of its version and of the newest level that it knows. */
import { expect, test } from "vitest";
import { parseCommand } from "#core/protocol/command.ts";
import { KNOWS } from "#core/protocol/levels.ts";
import type { Knows } from "#core/rules/state.ts";
import { VERSION } from "#bridge/version.ts";
import { createWorkspaceStore } from "../../electron/host/store/workspaces.ts";
import { main, openApp, startTeam } from "../helpers/app.ts";
import type { App } from "../helpers/app.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { until } from "../helpers/wait.ts";

/** All that was said of it in the log as this app has it, oldest first. */
const said = (app: App, wid: string): unknown[] =>
  createWorkspaceStore(app.store)
    .entries(wid, "log")
    .flatMap((entry) => {
      const payload = parseCommand(nodeCrypto, (JSON.parse(entry) as { c: string }).c)?.payload;
      return payload?.k === "device.knows" ? [payload.b] : [];
    });
/** Resolves when the app has looked at what it owes the log once more: a key that is there already is struck off after all else. */
const looked = async (app: App, wid: string, before: () => Promise<App>): Promise<App> => {
  app.store.db.prepare("UPDATE workspaces SET owed_key = 'there already' WHERE wid = ?").run(wid);
  const next = await before();
  await until(() => createWorkspaceStore(next.store).owedKey(wid) === null, "a look");
  return next;
};
const again = (app: App, wid: string, build?: Knows): Promise<App> =>
  looked(app, wid, async () => {
    await app.close();
    return openApp(app.name, { dir: app.dir, tickMs: 20, ...(build === undefined ? {} : { build }) });
  });
const later = (app: App, wid: string): Promise<App> =>
  looked(app, wid, () => {
    app.clock.pass(61_000);
    return Promise.resolve(app);
  });

const OLDER = { version: "0.0.9", knows: KNOWS };

test("LV3 BU2 a device says what it knows where the log says otherwise, and not again with the same version", async () => {
  const { wid, ada, ben } = await startTeam();
  // Who joins says it with that.
  const same = await again(ben, wid);
  expect(said(same, wid)).toEqual([]);
  const older = await again(same, wid, OLDER);
  expect(said(older, wid)).toEqual([OLDER]);
  await later(older, wid);
  const still = await again(older, wid, OLDER);
  expect(said(still, wid)).toEqual([OLDER]);
  const now = await again(still, wid);
  expect(said(now, wid)).toEqual([OLDER, { version: VERSION, knows: KNOWS }]);
  await until(() => said(ada, wid).length === 2, "both at a teammate's");
});

test("LV3 a Guest says it of the own device too", async () => {
  const { wid, ada, ben } = await startTeam();
  const { me } = ben.room.team(wid);
  await ada.room.handlers["member.setRole"]({ wid, member: me, role: "guest" }, main);
  await until(() => !ben.room.workspaces.may(wid, "tools.use").allowed, "the role at the Guest's");
  const guest = await again(ben, wid, OLDER);
  expect(guest.room.workspaces.may(wid, "tools.use").allowed).toBe(false);
  expect(said(guest, wid)).toEqual([OLDER]);
});

test("LV3 SG1 an Owner whose app knows more sees who is behind until they say otherwise, and no host raises without the shell's click", async () => {
  const { wid, ada, ben } = await startTeam();
  const newer = { version: "9.9.9", knows: KNOWS + 1 };
  const step = { from: 1, to: 2 };
  const owner = await again(ada, wid, newer);
  const behind = (): string[] =>
    owner.room.team(wid).members.flatMap(({ name, devices }) => devices.flatMap((each) => (each.behind ? [name] : [])));
  expect(owner.room.team(wid).level).toEqual({ now: 1, next: 2, mayRaise: true });
  expect(behind()).toEqual(["Ben"]);
  const updated = await again(ben, wid, newer);
  await until(() => behind().length === 0, "Ben's app as new");
  const raise = (app: App) => app.room.handlers["workspace.raise"]({ wid, ...step }, main);
  await expect(raise(updated)).rejects.toMatchObject({ code: "owner-signs" });
  owner.shell.clicks = "no";
  await expect(raise(owner)).rejects.toMatchObject({ code: "not-confirmed" });
  // With the click it is signed and sent; today's server knows no such level.
  owner.shell.clicks = "yes";
  await expect(raise(owner)).rejects.toMatchObject({ code: "above-level" });
  expect(owner.room.team(wid).level.now).toBe(1);
});
