/** A queue that is removed, in apps on a real server: what must be settled before, who still sees it, what goes on in it. */
import { expect, test } from "vitest";
import type { AuditMatch } from "#bridge/audit.ts";
import { changePolicy, joinWith, main, openApp, SERVER, startTeam } from "../helpers/app.ts";
import type { App } from "../helpers/app.ts";
import { until } from "../helpers/wait.ts";
import { worded, wordsOf } from "../helpers/worded.ts";
import { rowActWords } from "#text/facts.ts";

const ALL: AuditMatch = { member: null, kind: null, text: "" };
const audited = (app: App, wid: string) =>
  app.room.audit(wid).heads.find(({ doc }) => doc === "queue:approvers")?.seq ?? 0;
const removal = (app: App, wid: string, queue = "approvers") =>
  app.room.handlers["policy.queueRemoval"]({ wid, queue }, main);
const remove = (app: App, wid: string, queue = "approvers", base = app.room.policy(wid).base) =>
  app.room.handlers["policy.change"]({ wid, base, changes: [{ kind: "remove-queue", queue }] }, main);
const setQueue = (app: App, wid: string, part: { id: string; name: string }) => {
  const [queue] = app.room.queues(wid);
  if (queue === undefined) throw new Error("no queue");
  return changePolicy(app, wid, { kind: "queue", queue: { ...queue, ...part } });
};
const removeRules = async (app: App, wid: string) => {
  for (const { id } of app.room.policy(wid).rules) await changePolicy(app, wid, { kind: "remove-rule", rule: id });
};
const knowsPolicy = (app: App, wid: string, of: App) =>
  until(() => app.room.policy(wid).base === of.room.policy(wid).base, `the policy at ${app.name}'s`);

test("[PO6] [T14] a queue is removed once nothing stands in the way, and what stands there is said", async () => {
  const { wid, ada, ben } = await startTeam();
  const [rule] = ada.room.policy(wid).rules;
  expect(await removal(ada, wid)).toMatchObject({
    can: { allowed: false, why: worded("A workspace always keeps one queue. Add another one first.") },
    rules: [rule?.told],
    instead: null,
  });
  await expect(remove(ada, wid)).rejects.toMatchObject({
    code: expect.stringMatching(/^queue\.(?:last|asked)$/) as string,
  });
  await setQueue(ada, wid, { id: "second", name: "Second" });
  expect(await removal(ada, wid)).toMatchObject({
    can: { allowed: false, why: worded("A rule still asks this queue. Change or remove that rule first.") },
    rules: [rule?.told],
    instead: "Second",
  });
  await expect(remove(ada, wid)).rejects.toMatchObject({
    code: expect.stringMatching(/^queue\.(?:last|asked)$/) as string,
  });
  await removeRules(ada, wid);
  await knowsPolicy(ben, wid, ada);
  // Nobody gets past the right, the state that was on the screen, or the names.
  expect((await removal(ben, wid)).can).toEqual({
    allowed: false,
    why: worded("The role Member may not change rules and queues."),
  });
  await expect(remove(ben, wid)).rejects.toEqual(worded("The role Member may not change rules and queues."));
  await expect(remove(ada, wid, "approvers", 1)).rejects.toMatchObject({ code: "stale" });
  await expect(remove(ada, wid, "never")).rejects.toMatchObject({ code: "no-such-queue" });
  expect(await removal(ada, wid)).toMatchObject({ can: { allowed: true }, rules: [], waiting: 0 });
  await remove(ada, wid);
  expect(ada.room.queues(wid).map(({ id }) => id)).toEqual(["second"]);
  expect(ada.room.policy(wid).removedQueues).toEqual([{ id: "approvers", name: "Approvers" }]);
  await knowsPolicy(ben, wid, ada);
  expect(ben.room.authority.judge(ben.call(wid, SERVER, '{"path":"/a"}'))).toMatchObject({
    kind: "ask",
    queue: "second",
  });
  // Its id is not given again: the document of the new one would hold what was asked in the old one.
  await expect(setQueue(ada, wid, { id: "approvers", name: "Approvers" })).rejects.toMatchObject({
    code: "queue-id-used",
  });
  await setQueue(ada, wid, { id: "approvers-2", name: "Approvers" });
});

test("[PO6] [AU4] [T6] [T18] what was asked in it stays with whoever audits and whoever asked, and leaves its approvers", async () => {
  const { wid, ada, ben } = await startTeam();
  const [cleo, eli] = [await openApp("Cleo"), await openApp("Eli")];
  await joinWith(ada, cleo, wid, "approver");
  await joinWith(ada, eli, wid, "auditor");
  const [approved, waiting, canceled] = [
    ben.call(wid, SERVER, '{"path":"/a"}'),
    ben.call(wid, SERVER, '{"path":"/b"}'),
    ben.call(wid, SERVER, '{"path":"/c"}'),
  ];
  await ben.room.authority.ask(approved);
  await cleo.decide(wid, (await cleo.card(wid)).request, "approve");
  await until(() => ben.room.authority.standing(approved.id)?.state === "approved", "the decision at Ben's");
  for (const call of [waiting, canceled]) await ben.room.authority.ask(call);
  await until(
    () => [ada, cleo].every((app) => app.room.cards(wid).filter(({ state }) => state === "pending").length === 2),
    "what waits, at those who decide",
  );
  await until(() => audited(eli, wid) === 4, "the queue at Eli's");

  await setQueue(ada, wid, { id: "second", name: "Second" });
  await removeRules(ada, wid);
  expect(await removal(ada, wid)).toMatchObject({ can: { allowed: true }, waiting: 2 });
  await remove(ada, wid);
  await until(() => cleo.room.cards(wid).length === 0, "no card of it at Cleo's");
  await knowsPolicy(ben, wid, ada);
  await knowsPolicy(eli, wid, ada);

  const gone = "The queue Approvers was removed after this was asked. Cancel this and ask again.";
  await until(
    () => wordsOf(ben.room.authority.standing(waiting.id)?.reason) === gone,
    "what became of the queue, on the call that waits",
  );
  // What was approved under the old rules is asked again. Who asked takes back what waits; Ada audits and was named, so she decides the other.
  expect(ben.room.authority.permit(approved)).toMatchObject({
    ok: false,
    error: worded("The rules changed after this was approved. No rule names this call, so it asks Second. Ask again."),
  });
  const left = ben.room.authority.standing(canceled.id)?.request ?? "";
  await ben.room.authority.cancel(canceled.id);
  await until(
    () => ada.room.cards(wid).some(({ request, state }) => request === left && state === "canceled"),
    "that Ben canceled, at Ada's",
  );
  const card = await ada.card(wid);
  expect([card.queue, card.queueGone]).toEqual(["Approvers", true]);
  await ada.decide(wid, card.request, "approve");
  await until(() => ben.room.authority.standing(waiting.id)?.state === "approved", "the other decision at Ben's");
  await until(() => audited(eli, wid) === 6, "all that happened, at Eli's");
  expect(cleo.room.cards(wid)).toEqual([]);

  // An auditor who comes now reads all of it, and so does a copy that starts again.
  const finn = await openApp("Finn");
  await joinWith(ada, finn, wid, "auditor");
  await until(() => audited(finn, wid) === 6, "the history of the removed queue at Finn's");
  const said = (
    await finn.room.handlers["audit.page"]({ wid, match: { ...ALL, text: "approved" }, from: null, limit: 50 }, main)
  ).rows.map((row) => `${row.who} ${rowActWords(row)}`);
  expect(said).toEqual([
    "Cleo approved what Ben asked (write_file on files)",
    "Ada approved what Ben asked (write_file on files)",
  ]);
  await eli.close();
  const again = await openApp("Eli", { dir: eli.dir });
  await until(() => audited(again, wid) === 6, "the same after a restart");
});
