/** A queue that asks one person after the other, over a real sync server process whose clock the test moves. */
import { changePolicy, passTime, SERVER } from "./app.ts";
import type { App } from "./app.ts";
import { startFour } from "./four.ts";
import type { Four } from "./four.ts";
import { until } from "./wait.ts";

export const ARGS = '{"path":"/notes/a.txt","content":"hello"}';
export const MINUTE = 60_000;
/** Clocks of server and apps differ by the age of the newest head; a minute more is past any of that. */
export const OVER = MINUTE;

export interface Ladder extends Four {
  pass(ms: number): Promise<void>;
}
/** Cleo is asked first, Dora after 10 minutes, Ada after 20; after 30 it is denied. Ben asks. */
export const startLadder = async (): Promise<Ladder> => {
  const four = await startFour();
  const { server, wid, ada, ben, cleo, dora } = four;
  const one = (app: App) => [{ n: 1, roles: [], members: [app.room.team(wid).me] }];
  const steps = [
    { afterMs: 10 * MINUTE, all: one(dora) },
    { afterMs: 20 * MINUTE, all: one(ada) },
  ];
  await changePolicy(ada, wid, {
    kind: "queue",
    queue: {
      id: "approvers",
      name: "Approvers",
      all: one(cleo),
      deny: 1,
      decideMs: 30 * MINUTE,
      useMs: 60 * MINUTE,
      steps,
      practice: false,
      oneForTwo: false,
      independent: false,
    },
  });
  const apps = [ada, ben, cleo, dora];
  for (const app of apps) await until(() => app.room.queues(wid)[0]?.steps.length === 2, `the queue at ${app.name}'s`);
  return { ...four, pass: (ms) => passTime(ms, server, wid, apps) };
};
/** Ben asks, and Cleo has the card. */
export const asks = async ({ ben, cleo, wid }: Ladder) => {
  const before = new Set(cleo.room.cards(wid).map(({ request }) => request));
  const call = ben.call(wid, SERVER, ARGS);
  await ben.room.authority.ask(call);
  await until(() => ben.room.authority.standing(call.id)?.state === "waiting", "the request at the server");
  return { call, request: (await cleo.card(wid, ({ request }) => !before.has(request))).request };
};
