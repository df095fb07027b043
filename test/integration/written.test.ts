/** A store that another build wrote: what a build does not know it opens nothing of, and says which version wrote it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BUILD, KNOWS } from "#core/protocol/levels.ts";
import type { Knows } from "#core/rules/state.ts";
import { VERSION } from "#bridge/version.ts";
import { lastWriter } from "../../electron/host/store/writer.ts";
import { createWorkspaceStore } from "../../electron/host/store/workspaces.ts";
import { main, openApp } from "../helpers/app.ts";
import type { App } from "../helpers/app.ts";
import { startWorld } from "../helpers/sync-world.ts";

const next = { version: "2.0.0", knows: KNOWS + 1 };
const after = { version: "3.0.0", knows: KNOWS + 2 };

const founded = async (build: Knows) => {
  const { url } = await startWorld({ build: { ...BUILD, knows: after.knows } });
  const ada = await openApp("Ada", { build });
  const { wid } = await ada.room.handlers["workspace.create"](
    { name: "Harbour", server: { kind: "url", url }, unnamed: "ask" },
    main,
  );
  return { ada, wid };
};
/** Every file of the store, whole. The lock, what SQLite shares between processes and an empty journal hold nothing. */
const filesOf = (dir: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(dir)
      .filter((name) => name.startsWith("bulkhead.db") && !name.endsWith("-shm"))
      .map((name) => [name, readFileSync(join(dir, name)).toString("base64")] as const)
      .filter(([, bytes]) => bytes !== ""),
  );
const as = async (app: App, build?: Knows): Promise<App> => {
  await app.close();
  return openApp(app.name, { dir: app.dir, ...(build === undefined ? {} : { build }) });
};

test("[T30] LV10 a build that does not know the level of a log opens nothing, changes nothing, and says which version wrote it", async () => {
  const { ada, wid } = await founded(next);
  await ada.room.handlers["workspace.raise"]({ wid, from: KNOWS, to: KNOWS + 1 }, main);
  await ada.close();
  const before = filesOf(ada.dir);
  await expect(as(ada)).rejects.toMatchObject({
    view: { code: "store-above", args: [KNOWS + 1, VERSION, next.version] },
  });
  expect(filesOf(ada.dir)).toEqual(before);
  // Who knows it goes on, and accuses nobody of what the older one could not read.
  const newest = await as(ada, after);
  await newest.inSync(wid);
  expect([newest.room.team(wid).level.now, lastWriter(newest.store.db)]).toEqual([KNOWS + 1, after]);
  // One release back knows the level that the log has, though not all that the last writer knew.
  const back = await as(newest, next);
  await back.inSync(wid);
  expect([back.room.team(wid).level.now, lastWriter(back.store.db)]).toEqual([KNOWS + 1, next]);
  expect(createWorkspaceStore(back.store).evidence(wid)).toEqual([]);
});

test("LV10 LV12 a log that nobody raised opens in an older build, whatever the last writer knew", async () => {
  const { ada, wid } = await founded(after);
  const today = await as(ada);
  await today.inSync(wid);
  expect([today.room.team(wid).level.now, lastWriter(today.store.db)]).toEqual([
    KNOWS,
    { version: VERSION, knows: KNOWS },
  ]);
});
