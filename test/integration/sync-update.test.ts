/** A teammate's newer app sends a kind of command that this version does not know. */
import { wordsOf, worded } from "../helpers/worded.ts";
import { expect, test } from "vitest";
import { hashOf } from "#core/protocol/crypto.ts";
import { writeEntry } from "#core/protocol/entry.ts";
import { LOG } from "#core/protocol/ids.ts";
import { createWorkspaceStore } from "../../electron/host/store/workspaces.ts";
import { LEASE_MS } from "#client/keys/lease.ts";
import { crypto } from "../helpers/node-crypto.ts";
import { openApp, SERVER, startTeam } from "../helpers/app.ts";
import type { App } from "../helpers/app.ts";
import { connectModified } from "../helpers/modified-client.ts";
import { stateServer } from "../helpers/state-server.ts";
import { until } from "../helpers/wait.ts";

const ARGS = '{"path":"/notes/a.txt","content":"hello"}';
/** The same app started again, with another server behind the same workspace. */
const again = (app: App, wid: string, server: string): Promise<App> => {
  app.store.db.prepare("UPDATE workspaces SET server = ? WHERE wid = ?").run(server, wid);
  return app.close().then(() => openApp(app.name, { dir: app.dir }));
};

test("[CH13] [T26] [T30] stops asking and deciding with words, leaves reading, loses nothing, and the version that knows it goes on from what was kept", async () => {
  const { server, wid, ada, ben } = await startTeam();
  const asked = ben.call(wid, SERVER, ARGS);
  await ben.room.authority.ask(asked);
  await until(() => ben.room.cards(wid).length === 1, "the own request");
  const log = createWorkspaceStore(ben.store).entries(wid, LOG);
  const device = await connectModified(server.url, wid, LOG, ada.dir);
  const newest = log.at(-1) ?? "";
  const { t } = JSON.parse(newest) as { t: number };
  const unknown = writeEntry({
    s: log.length + 1,
    p: hashOf(crypto, newest),
    t,
    c: device.command("team.dance", { steps: 3 }, { n: 900_000 }),
    m: null,
  });
  device.close();
  const newer = await stateServer({ entries: [...log, unknown], state: null });

  const stopped = await again(ben, wid, newer.url);
  await until(() => stopped.room.status(wid).link === "update-app", "the word to update");
  expect(wordsOf(stopped.room.status(wid).reason)).toContain("Update this app");
  // Heard a moment ago, and not again: the lease is not renewed while it cannot read on.
  expect(Math.abs((stopped.room.status(wid).toolsUntil ?? 0) - Date.now() - LEASE_MS)).toBeLessThan(10 * 60_000);
  const call = stopped.call(wid, SERVER, ARGS);
  expect(stopped.room.authority.judge(call)).toMatchObject({
    kind: "deny",
    rule: worded(/Update this app/),
  });
  expect(stopped.room.authority.permit(call).ok).toBe(false);
  // What was read stays readable.
  expect([stopped.room.team(wid).name, stopped.room.cards(wid).length]).toEqual(["Harbour", 1]);
  expect(createWorkspaceStore(stopped.store).entries(wid, LOG)).toEqual(log);
  expect(createWorkspaceStore(stopped.store).evidence(wid)).toEqual([]);

  // For the version that knows it, what stands at that place folds: here, as the real server goes on.
  const updated = await again(stopped, wid, server.url);
  await updated.inSync(wid);
  await ada.decide(wid, (await ada.card(wid)).request, "approve");
  await until(() => updated.room.authority.standing(asked.id)?.state === "approved", "the decision");
  await updated.permitted(asked);
  expect(createWorkspaceStore(updated.store).entries(wid, LOG).slice(0, log.length)).toEqual(log);
});
