/** A queue that asks one person after the other, over a real sync server process whose clock the test moves. */
import { joinWith, main, openApp, passTime, SERVER, startServerProcess, teamAt } from "./app.ts";
import type { App, ServerProcess } from "./app.ts";
import { until } from "./wait.ts";

export const ARGS = '{"path":"/notes/a.txt","content":"hello"}';
export const MINUTE = 60_000;
/** Clocks of server and apps differ by the age of the newest head; a minute more is past any of that. */
export const OVER = MINUTE;

export interface Ladder {
  readonly server: ServerProcess;
  readonly wid: string;
  readonly ada: App;
  readonly ben: App;
  readonly cleo: App;
  readonly dora: App;
  pass(ms: number): Promise<void>;
}
/** Cleo is asked first, Dora after 10 minutes, Ada after 20; after 30 it is denied. Ben asks. */
export const startLadder = async (): Promise<Ladder> => {
  const server = await startServerProcess();
  const { wid, ada, ben } = await teamAt(server);
  const [cleo, dora] = [await openApp("Cleo"), await openApp("Dora")];
  await joinWith(ada, cleo, wid, "approver");
  await joinWith(ada, dora, wid, "approver");
  const one = (app: App) => [{ n: 1, roles: [], members: [app.room.team(wid).me] }];
  const steps = [{ afterMs: 10 * MINUTE, all: one(dora) }, { afterMs: 20 * MINUTE, all: one(ada) }];
  await ada.room.handlers["policy.setQueue"]({ wid, queue: { id: "approvers", name: "Approvers", all: one(cleo), deny: 1, decideMs: 30 * MINUTE, useMs: 60 * MINUTE, steps, practice: false } }, main);
  const apps = [ada, ben, cleo, dora];
  for (const app of apps) await until(() => app.room.queues(wid)[0]?.steps.length === 2, `the queue at ${app.name}'s`);
  return { server, wid, ada, ben, cleo, dora, pass: (ms) => passTime(ms, server, wid, apps) };
};
/** Ben asks, and Cleo has the card. */
export const asks = async ({ ben, cleo, wid }: Ladder) => {
  const before = new Set(cleo.room.cards(wid).map(({ request }) => request));
  const call = ben.call(wid, SERVER, ARGS);
  await ben.room.authority.ask(call);
  await until(() => ben.room.authority.standing(call.id)?.state === "waiting", "the request at the server");
  return { call, request: (await cleo.card(wid, ({ request }) => !before.has(request))).request };
};
