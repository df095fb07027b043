/**
 * A workspace is raised to a level that builds of tomorrow know: by an Owner's click in the shell's own window, through a
 * server of tomorrow, before the eyes of an app of today. What the builds know is handed in; no app or server takes it
 * from outside.
 */
import { expect, test } from "vitest";
import { factWords } from "#text/facts.ts";
import { BUILD, KNOWS } from "#core/protocol/levels.ts";
import { createWorkspaceStore } from "../../electron/host/store/workspaces.ts";
import { joinWith, main, openApp, SERVER } from "../helpers/app.ts";
import type { App } from "../helpers/app.ts";
import { createMemory } from "../helpers/memory-store.ts";
import { startWorld } from "../helpers/sync-world.ts";
import { until } from "../helpers/wait.ts";

const NEXT = KNOWS + 1;
const tomorrow = { version: "9.9.9", knows: NEXT };
const step = { from: KNOWS, to: NEXT };

/** Ada and Cleo have the app of tomorrow, Ben that of today; Ben may decide what Cleo asks. */
const started = async () => {
  const { url } = await startWorld({ build: { ...BUILD, knows: NEXT } });
  const ada = await openApp("Ada", { build: tomorrow });
  const { wid } = await ada.room.handlers["workspace.create"](
    { name: "Harbour", server: { kind: "url", url }, unnamed: "ask" },
    main,
  );
  const tools = [
    {
      name: "write_file",
      title: null,
      description: "",
      inputSchema: {},
      readOnly: false,
      destructive: true,
      schema: "s".repeat(43),
      definition: "{}",
    },
  ];
  await ada.room.workspaces.defineServer(
    wid,
    { id: SERVER, name: "files", launch: { kind: "stdio", command: "node", args: [], env: [], vars: [] } },
    tools,
    { write_file: { kind: "ask", queue: "approvers" } },
  );
  const ben = await openApp("Ben");
  await joinWith(ada, ben, wid, "approver");
  const cleo = await openApp("Cleo", { build: tomorrow });
  await joinWith(ada, cleo, wid);
  const raise = (app: App) => app.room.handlers["workspace.raise"]({ wid, ...step }, main);
  const level = (app: App) => app.room.team(wid).level.now;
  return { wid, ada, ben, cleo, raise, level };
};

test("[T30] LV2, LV5 and SG1 an Owner's click in the shell's window raises the level, and an app that is behind says so and decides nothing more", async () => {
  const { wid, ada, ben, cleo, raise, level } = await started();
  const call = cleo.call(wid, SERVER, "{}");
  await cleo.room.authority.ask(call);
  const { request } = await ben.card(wid);
  ada.shell.clicks = "yes";
  await raise(ada);
  expect(ada.shell.acts.at(-1)).toEqual({ kind: "workspace.level", workspace: "Harbour", ...step });
  expect(level(ada)).toBe(NEXT);
  await until(() => level(cleo) === NEXT, "the level at an app that knows it");
  await until(() => ben.room.status(wid).link === "update-app", "an app that is too old");
  expect([level(ben), createWorkspaceStore(ben.store).evidence(wid)]).toEqual([KNOWS, []]);
  // It signs nothing, whatever its person clicks.
  const before = ben.shell.signed.filter((typ) => typ.includes("cmd")).length;
  ben.shell.confirm(wid, request, "approve");
  await expect(
    ben.room.handlers["card.decide"]({ wid, request, vote: "approve", note: "" }, { window: "popup" }),
  ).rejects.toMatchObject({ code: "update-app" });
  expect(ben.shell.signed.filter((typ) => typ.includes("cmd"))).toHaveLength(before);
  // Who knows the level goes on, and the app that is behind does after its update, with what it had.
  await ada.decide(wid, request, "approve");
  await cleo.permitted(call);
  await ben.close();
  const updated = await openApp("Ben", { dir: ben.dir, build: tomorrow });
  await updated.inSync(wid);
  expect(level(updated)).toBe(NEXT);
  await updated.card(wid, (card) => card.request === request && card.state === "approved");
});

test("LV2 SG1 without the click nothing is signed: a no, a window that is closed or left, a host that asks by itself", async () => {
  const { ada, ben, raise, level } = await started();
  const commands = () => ada.shell.signed.filter((typ) => typ.includes("cmd")).length;
  const before = commands();
  ada.shell.clicks = "no";
  await expect(raise(ada)).rejects.toMatchObject({ code: "not-confirmed" });
  ada.shell.clicks = "nothing";
  const first = raise(ada);
  const second = raise(ada);
  // One window at a time: the second ends the first.
  await expect(first).rejects.toMatchObject({ code: "not-confirmed" });
  expect([commands(), level(ada), level(ben)]).toEqual([before, KNOWS, KNOWS]);
  ada.shell.leave();
  await expect(second).rejects.toMatchObject({ code: "not-confirmed" });
  expect([commands(), level(ada)]).toEqual([before, KNOWS]);
  // The same with the click.
  ada.shell.clicks = "yes";
  await raise(ada);
  expect(level(ada)).toBe(NEXT);
  await expect(raise(ada)).rejects.toMatchObject({ code: "stale" });
});

test("[T30] [LV11] an app at a server that is older than its workspace says who has to update what, and goes on when that is done", async () => {
  const memory = createMemory();
  const { url } = await startWorld({ build: { ...BUILD, knows: NEXT }, store: memory.connect() });
  const ada = await openApp("Ada", { build: tomorrow });
  const { wid } = await ada.room.handlers["workspace.create"](
    { name: "Harbour", server: { kind: "url", url }, unnamed: "ask" },
    main,
  );
  await ada.room.handlers["workspace.raise"]({ wid, ...step }, main);
  const older = await startWorld({ store: memory.connect() });
  const at = async (app: App, server: string): Promise<App> => {
    createWorkspaceStore(app.store).setServer(wid, server);
    await app.close();
    return openApp("Ada", { dir: app.dir, build: tomorrow });
  };
  const there = await at(ada, older.url);
  await until(() => there.room.status(wid).link === "refused", "a server that is too old");
  const reason = there.room.status(wid).reason;
  expect(reason === null ? [] : [reason.code, factWords(reason)]).toEqual([
    "server-too-old",
    expect.stringMatching(/server is older .* Nothing is lost\. Ask the person who runs the server/),
  ]);
  const back = await at(there, url);
  await back.inSync(wid);
  expect([back.room.team(wid).level.now, createWorkspaceStore(back.store).evidence(wid)]).toEqual([NEXT, []]);
});
