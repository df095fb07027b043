/** A name that changes: for teammates at once, and for those who cannot be reached once they can. */
import { expect, test } from "vitest";
import { startTeam } from "../helpers/app.ts";
import { until } from "../helpers/wait.ts";
import { main } from "../helpers/app.ts";

const nameAt = (app: Awaited<ReturnType<typeof startTeam>>["ada"], wid: string, member: string) =>
  app.room.team(wid).members.find(({ id }) => id === member)?.name;

test("[MB18] a name that is saved is what teammates see, also when the server was away while it was saved", async () => {
  const { server, wid, ada, ben } = await startTeam();
  const me = ben.room.team(wid).me;
  expect(await ben.room.rename("Benjamin")).toEqual({ told: 1, waiting: 0 });
  await until(() => nameAt(ada, wid, me) === "Benjamin", "the name at Ada's");
  await server.stop();
  await until(() => ben.room.status(wid).link === "offline", "no server");
  ben.settings.setPerson("Benno");
  expect(await ben.room.rename("Benno")).toEqual({ told: 0, waiting: 1 });
  await server.start();
  for (const app of [ada, ben]) await app.room.handlers["workspace.reconnect"]({ wid }, main);
  await until(() => nameAt(ada, wid, me) === "Benno", "the name at Ada's after the server is back");
});
