/** An agent that asks for more than its person may have open: it is told so, nothing is lost, and whoever decides is not flooded. */
import { worded } from "../helpers/worded.ts";
import { expect, test } from "vitest";
import { WAITING_MAX } from "#core/rules/waiting.ts";
import { main, SERVER, startTeam } from "../helpers/app.ts";
import type { App } from "../helpers/app.ts";
import { until } from "../helpers/wait.ts";

const argsOf = (n: number): string => `{"path":"/notes/${n}.txt","content":"hello"}`;
const callsOf = (app: App, wid: string, from: number, count: number) =>
  Array.from({ length: count }, (_, i) => app.call(wid, SERVER, argsOf(from + i)));
const states = (app: App, calls: ReturnType<typeof callsOf>): (string | undefined)[] =>
  calls.map(({ id }) => app.room.authority.standing(id)?.state);

test("[BU4] the eleventh call that would wait is refused at once with words for the agent, and one that was decided makes room", async () => {
  const { wid, ada, ben } = await startTeam();
  const calls = callsOf(ben, wid, 0, WAITING_MAX);
  for (const call of calls) await ben.room.authority.ask(call);
  await until(() => states(ben, calls).every((state) => state === "waiting"), "ten that wait");
  const [more] = callsOf(ben, wid, 10, 1);
  if (more === undefined) throw new Error("one more call");
  await ben.room.authority.ask(more);
  expect(ben.room.authority.standing(more.id)).toMatchObject({
    state: "refused",
    request: null,
    reason: worded(
      "10 of your calls wait for approval in Approvers already, as many as one person may have. Wait until some are decided, or withdraw some; then try again.",
    ),
  });
  expect(ben.room.authority.permit(more).ok).toBe(false);

  await ada.decide(wid, (await ada.card(wid)).request, "approve");
  await until(() => states(ben, calls).includes("approved"), "the decision");
  const [again] = callsOf(ben, wid, 11, 1);
  if (again === undefined) throw new Error("another call");
  await ben.room.authority.ask(again);
  await until(() => ben.room.authority.standing(again.id)?.state === "waiting", "the call for which there is room");
});

test("[BU4] [T26] of calls that were asked without a connection, those beyond the tenth are refused when the server is reached, in words", async () => {
  const { wid, ada, ben } = await startTeam();
  await ben.room.handlers["workspace.pause"]({ wid, paused: true }, main);
  const calls = callsOf(ben, wid, 0, WAITING_MAX + 2);
  for (const call of calls) await ben.room.authority.ask(call);
  expect(new Set(states(ben, calls))).toEqual(new Set(["queued"]));
  await ben.room.handlers["workspace.pause"]({ wid, paused: false }, main);
  await until(() => states(ben, calls).every((state) => state !== "queued"), "all answers");
  await until(() => states(ben, calls).filter((state) => state === "waiting").length === WAITING_MAX, "ten that wait");
  for (const call of calls.slice(WAITING_MAX))
    expect(ben.room.authority.standing(call.id)).toMatchObject({
      state: "refused",
      reason: worded(/As many of your calls wait for approval as may wait for one person\./),
    });
  await until(() => ada.room.cards(wid).length === WAITING_MAX, "the cards at Ada's");
});
