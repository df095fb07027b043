/** Queues and lanes that are continued: requests on both sides of the change, and one that waits across it. */
import { expect, test } from "vitest";
import { laneDoc, LOG, queueDoc } from "#core/protocol/ids.ts";
import type { MemberId, QueueId } from "#core/protocol/ids.ts";
import { main, openApp, SERVER, startTeam } from "../helpers/app.ts";
import type { App, Team } from "../helpers/app.ts";
import { connectModified } from "../helpers/modified-client.ts";
import { until } from "../helpers/wait.ts";

const ARGS = '{"path":"/notes/a.txt","content":"hello"}';
const QUEUE = "approvers" as QueueId;

/** Ada's app opens the next epoch of the queue and of Ben's lane. */
const roll = async ({ server, wid, ada }: Team, me: string, n = 2): Promise<void> => {
  const device = await connectModified(server.url, wid, LOG, ada.dir);
  for (const [index, doc] of [queueDoc(QUEUE), laneDoc(me as MemberId)].entries()) {
    const command = device.command("epoch.open", { doc, n }, { n: 1_000_000 + 10 * n + index });
    expect(await device.send(command)).toMatchObject({ ok: true });
  }
  device.close();
};
const stateOf = (app: App, call: string): string | undefined => app.room.authority.standing(call)?.state;

test("[EP3] [T18] [T19] [T26] a request of the old epoch is decided there, one that was signed for it offline moves to the new one, each runs once", async () => {
  const team = await startTeam();
  const { wid, ada, ben } = team;
  const early = ben.call(wid, SERVER, ARGS);
  await ben.room.authority.ask(early);
  const old = await ada.card(wid);
  await ben.room.handlers["workspace.pause"]({ wid, paused: true }, main);
  const offline = ben.call(wid, SERVER, ARGS);
  await ben.room.authority.ask(offline);
  const signed = ben.room.authority.standing(offline.id)?.request;
  await roll(team, ben.room.team(wid).me);
  await ben.room.handlers["workspace.pause"]({ wid, paused: false }, main);

  const moved = await ada.card(wid, (card) => card.state === "pending" && card.request !== old.request);
  await until(() => ben.room.authority.standing(offline.id)?.request === moved.request, "the new id at Ben's");
  expect(moved.request).not.toBe(signed);
  expect(ada.room.cards(wid)).toHaveLength(2);
  const late = ben.call(wid, SERVER, ARGS);
  await ben.room.authority.ask(late);
  await until(() => ada.room.cards(wid).length === 3, "a request in the new epoch");
  for (const card of ada.room.cards(wid)) await ada.decide(wid, card.request, "approve");
  for (const call of [early, offline, late]) {
    await until(() => stateOf(ben, call.id) === "approved", "the decision at Ben's");
    await ben.permitted(call);
    ben.room.authority.used(call.id, "ok");
  }
  await until(() => ada.room.cards(wid).every((card) => card.state === "used"), "how each ended, in its own epoch");
  expect(ada.room.cards(wid)).toHaveLength(3);
  for (const call of [early, offline, late]) expect(ben.room.authority.permit(call).ok).toBe(false);
});

test("[EP3] [T24] both epochs are there after a restart, also where the app was closed across the change with a request under way", async () => {
  const team = await startTeam();
  const { wid, ada, ben } = team;
  const early = ben.call(wid, SERVER, ARGS);
  await ben.room.authority.ask(early);
  await ada.card(wid);
  await ben.room.handlers["workspace.pause"]({ wid, paused: true }, main);
  const offline = ben.call(wid, SERVER, ARGS);
  await ben.room.authority.ask(offline);
  const { me } = ben.room.team(wid);
  await ben.close();
  await roll(team, me);
  await roll(team, me, 3);

  const again = await openApp("Ben", { dir: ben.dir });
  await again.room.handlers["workspace.pause"]({ wid, paused: false }, main);
  await until(() => ada.room.cards(wid).length === 2, "both at Ada's");
  for (const card of ada.room.cards(wid)) await ada.decide(wid, card.request, "approve");
  for (const call of [early, offline])
    await until(() => stateOf(again, call.id) === "approved", "the decision at Ben's");
  await again.close();
  await ada.close();
  const bens = await openApp("Ben", { dir: ben.dir });
  const adas = await openApp("Ada", { dir: ada.dir });
  expect([bens.room.cards(wid).length, adas.room.cards(wid).length]).toEqual([2, 2]);
  expect([stateOf(bens, early.id), stateOf(bens, offline.id)]).toEqual(["approved", "approved"]);
});
