/** A disk that is full at the moment somebody is removed. */
import { expect, test } from "vitest";
import { main, SERVER, startServerProcess, teamAt } from "../helpers/app.ts";
import { until } from "../helpers/wait.ts";

test("[T24] a removal that a full disk lets nobody keep ends nothing but the membership, and what waited is over once there is room", async () => {
  const server = await startServerProcess();
  const { wid, ada, ben } = await teamAt(server, server, { tickMs: 100 });
  await ben.room.handlers["workspace.pause"]({ wid, paused: true }, main);
  const call = ben.call(wid, SERVER, '{"path":"/notes/a.txt","content":"hello"}');
  await ben.room.authority.ask(call);
  await ada.room.handlers["member.remove"]({ wid, member: ben.room.team(wid).me }, main);
  const states = () => ben.store.db.prepare("SELECT state FROM outbox WHERE wid = ?").pluck().all(wid);
  ben.store.db.exec("CREATE TEMP TRIGGER full BEFORE UPDATE ON main.outbox BEGIN SELECT RAISE(ABORT, 'full'); END");
  await ben.room.handlers["workspace.pause"]({ wid, paused: false }, main);
  await until(() => ben.room.status(wid).link === "out", "Ben is out");
  expect([states(), ben.room.authority.permit(call).ok]).toEqual([["waiting"], false]);
  ben.store.db.exec("DROP TRIGGER temp.full");
  await until(() => states()[0] === "refused", "what waited is over");
  expect(ben.room.authority.permit(call).ok).toBe(false);
});
