/** What a person is told of by itself when a card became theirs while their app was closed, offline or asleep. */
import { expect, test } from "vitest";
import { changePolicy, joinWith, main, openApp, SERVER, startTeam } from "../helpers/app.ts";
import type { App } from "../helpers/app.ts";
import { ARGS, asks, MINUTE, OVER, startLadder } from "../helpers/ladder.ts";
import { until } from "../helpers/wait.ts";

/** Requests of which the app told, in order. */
const toldBy = (app: App): (string | undefined)[] => app.shell.notified.map(({ card }) => card?.request);
const startAgain = ({ name, dir, clock }: App): Promise<App> => openApp(name, { dir, clock });
const rejects = async (app: App, wid: string, request: string): Promise<void> => {
  await app.decide(wid, request, "reject", "no");
  await until(() => app.room.cards(wid).find((card) => card.request === request)?.state === "rejected", "the decision");
};
/** Both requests are in the app's own copy, so that nothing of them arrives later. */
const hasBoth = (app: App): Promise<unknown> =>
  until(
    () => app.store.db.prepare("SELECT 1 FROM chain WHERE doc = 'queue:approvers' AND seq = 2").get() !== undefined,
    `both requests at ${app.name}'s`,
  );
const pause = (app: App, wid: string, paused: boolean) => app.room.handlers["workspace.pause"]({ wid, paused }, main);

test("[T18] [T20] a card whose step began while the app was closed is told at its start, once for ever, and one that was decided meanwhile is not", async () => {
  const ladder = await startLadder();
  const { wid, ada, ben, cleo, dora } = ladder;
  const [gone, open] = [(await asks(ladder)).request, (await asks(ladder)).request];
  await until(() => toldBy(cleo).join() === [gone, open].join(), "both notifications at Cleo's");
  await hasBoth(dora);
  await dora.close();
  await rejects(cleo, wid, gone);
  await ladder.pass(10 * MINUTE + OVER);

  const second = await startAgain(dora);
  await until(() => second.shell.notified.length > 0, "the notification");
  expect(second.shell.notified).toEqual([
    { title: "Ben asks to run write_file", body: "files", card: { wid, request: open } },
  ]);
  expect(second.shell.popups).toEqual([{ wid, request: open }]);
  await second.close();

  const third = await startAgain(second);
  await third.card(wid, ({ request, canVote }) => request === open && canVote.allowed);
  const [queue] = ada.room.queues(wid);
  if (queue === undefined) throw new Error("a workspace has a queue");
  await changePolicy(ada, wid, {
    kind: "queue",
    queue: { ...queue, all: [{ n: 1, roles: ["approver"], members: [] }], steps: [] },
  });
  await until(() => ben.room.queues(wid)[0]?.steps.length === 0, "the queue at Ben's");
  const next = (await asks(ladder)).request;
  // What arrives brings along whatever of its list was not told.
  await until(() => third.shell.notified.length > 0, "the next notification");
  expect(toldBy(third)).toEqual([next]);
});

test("[T18] [T20] [T26] a step that begins while the app is offline is told when the server is heard again, and then only of what still waits", async () => {
  const ladder = await startLadder();
  const { wid, cleo, dora } = ladder;
  const [gone, open] = [(await asks(ladder)).request, (await asks(ladder)).request];
  await hasBoth(dora);
  await pause(dora, wid, true);
  await rejects(cleo, wid, gone);
  await ladder.pass(10 * MINUTE + OVER);
  // By time alone both are hers, as far as her app can know: they are in the list and the badge.
  await until(() => dora.shell.badges.at(-1) === 2, "the badge");
  expect([dora.shell.notified, dora.shell.popups]).toEqual([[], []]);
  await pause(dora, wid, false);
  await until(() => dora.shell.notified.length > 0, "the notification");
  expect(toldBy(dora)).toEqual([open]);
  await until(() => dora.shell.badges.at(-1) === 1, "the badge without the decided one");
});

test("[T18] [T20] after a sleep a step that began meanwhile is told when the server is heard, and not from sockets that only look open", async () => {
  const ladder = await startLadder();
  const { server, wid, dora } = ladder;
  const { request } = await asks(ladder);
  await until(
    () => dora.store.db.prepare("SELECT 1 FROM chain WHERE doc = 'queue:approvers'").get() !== undefined,
    "the request at Dora's",
  );
  server.freeze(true);
  dora.clock.pass(10 * MINUTE + OVER);
  await until(() => dora.shell.badges.at(-1) === 1, "the badge");
  expect([dora.shell.notified, dora.shell.popups]).toEqual([[], []]);
  server.freeze(false);
  await server.pass(10 * MINUTE + OVER);
  await until(() => dora.shell.notified.length > 0, "the notification");
  expect([toldBy(dora), dora.shell.popups]).toEqual([[request], [{ wid, request }]]);
});

test("[T18] cards that came while the app was closed are told at its start, each once, and none of those before", async () => {
  const { wid, ada, ben } = await startTeam();
  const cleo = await openApp("Cleo");
  await joinWith(ada, cleo, wid, "approver");
  const ask = async (): Promise<string> => {
    const call = ben.call(wid, SERVER, ARGS);
    await ben.room.authority.ask(call);
    return until(
      () =>
        ben.room.authority.standing(call.id)?.state === "waiting"
          ? ben.room.authority.standing(call.id)?.request
          : null,
      "the request at the server",
    );
  };
  const before = await ask();
  await until(() => cleo.shell.notified.length === 1, "the first notification");
  await cleo.close();
  const meanwhile = [await ask(), await ask()];
  const again = await startAgain(cleo);
  await until(() => again.shell.notified.length === 2, "both notifications");
  const after = await ask();
  await until(() => again.shell.notified.length === 3, "the last notification");
  expect([...toldBy(cleo), ...toldBy(again)]).toEqual([before, ...meanwhile, after]);
});

test("[T18] a role that was given while the app was closed brings its cards at the start, and a disk that keeps nothing hides none", async () => {
  const { wid, ada, ben } = await startTeam();
  const cleo = await openApp("Cleo");
  await joinWith(ada, cleo, wid);
  const call = ben.call(wid, SERVER, ARGS);
  await ben.room.authority.ask(call);
  const { request } = await ada.card(wid);
  await cleo.close();
  await ada.room.handlers["member.setRole"](
    { wid, member: ada.room.team(wid).members.find(({ name }) => name === "Cleo")?.id ?? "", role: "approver" },
    main,
  );
  const again = await startAgain(cleo);
  again.store.db.exec(
    "CREATE TEMP TRIGGER full BEFORE INSERT ON main.announced BEGIN SELECT RAISE(ABORT, 'full'); END",
  );
  // The new role is told too, and puts no card before her.
  const cards = (): unknown[] => toldBy(again).filter((card) => card !== undefined);
  await until(() => cards().length > 0, "the notification of the card");
  expect(cards()).toEqual([request]);
  expect(again.shell.popups).toEqual([{ wid, request }]);
});
