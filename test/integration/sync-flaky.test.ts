/** A real sync server whose store fails once: what a device signed arrives whole and in order all the same. */
import { expect, onTestFinished, test } from "vitest";
import { startServer } from "../../sync-server/server/server.ts";
import { openSqliteStore } from "../../sync-server/server/store/sqlite-store.ts";
import { StoreProblem } from "../../sync-server/server/store/store.ts";
import type { ChainStore } from "../../sync-server/server/store/store.ts";
import { SERVER, teamAt } from "../helpers/app.ts";
import { tempDir } from "../helpers/temp.ts";
import { until } from "../helpers/wait.ts";

const ARGS = '{"path":"/notes/a.txt","content":"hello"}';

/** A store whose next write takes a while and then fails, when told. */
const flaky = () => {
  const real = openSqliteStore(tempDir());
  const state = { failing: 0, begun: 0, failed: 0 };
  const append: ChainStore["append"] = async (...args) => {
    if (state.failing === 0) return real.append(...args);
    state.failing -= 1;
    state.begun += 1;
    // Long enough for the next commands to stand in line behind it.
    await new Promise((resolve) => setTimeout(resolve, 500));
    state.failed += 1;
    throw new StoreProblem("full", "There is no room.");
  };
  return { store: { ...real, append }, state };
};

test("[T26] a command that the server could not save is not overtaken by a later one, and none is lost or doubled", async () => {
  const { store, state } = flaky();
  const server = await startServer({
    store,
    host: "127.0.0.1",
    port: 0,
    origins: [],
    create: "open",
    now: Date.now,
    log: () => undefined,
  });
  onTestFinished(() => server.close());
  const { wid, ada, ben } = await teamAt(server);
  await ben.inSync(wid);

  state.failing = 1;
  const calls = [ben.call(wid, SERVER, ARGS), ben.call(wid, SERVER, ARGS), ben.call(wid, SERVER, ARGS)];
  for (const call of calls) {
    await ben.room.authority.ask(call);
    await until(() => state.begun === 1, "the write that fails");
  }
  await until(() => ben.room.status(wid).queued === 0, "an empty outbox");
  expect(state.failed).toBe(1);
  expect(calls.map(({ id }) => ben.room.authority.standing(id)?.state)).toEqual(["waiting", "waiting", "waiting"]);
  await until(() => ada.room.cards(wid).length === 3, "three cards");
  const order = ada.room
    .cards(wid)
    .toSorted((a, b) => a.requestedAt - b.requestedAt)
    .map(({ request }) => request);
  expect(new Set(order)).toEqual(new Set(calls.map(({ id }) => ben.room.authority.standing(id)?.request)));
});
