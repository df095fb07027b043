/** A server is set back to an older copy of its store, and the apps give back what it lost: on SQLite and on PostgreSQL. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { changePolicy, joinWith, main, openApp, SERVER, teamAt } from "../helpers/app.ts";
import type { App } from "../helpers/app.ts";
import { READY_MS, startPostgres } from "../helpers/postgres.ts";
import type { Postgres } from "../helpers/postgres.ts";
import { onPostgres, onSqlite, proven, startKept, verifiedBy } from "../helpers/set-back.ts";
import type { Engine, KeptServer } from "../helpers/set-back.ts";
import { until, untilAnswered } from "../helpers/wait.ts";

const ARGS = '{"path":"/notes/a.txt","content":"hello"}';

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
}, READY_MS);
afterAll(() => postgres.remove());

const teamOn = async (engine: Engine): Promise<{ server: KeptServer; wid: string; ada: App; ben: App }> => {
  const server = await startKept(engine);
  return { server, ...(await teamAt(server)) };
};
const approved = async (ada: App, ben: App, wid: string): Promise<ReturnType<App["call"]>> => {
  const call = ben.call(wid, SERVER, ARGS);
  await ben.room.authority.ask(call);
  await ada.decide(wid, (await ada.card(wid)).request, "approve");
  await until(() => ben.room.authority.standing(call.id)?.state === "approved", "approved");
  await ben.permitted(call);
  return call;
};
/** The server has, byte for byte, everything that these apps verified, and no more. */
const hasAll = async (server: KeptServer, wid: string, ...apps: App[]): Promise<void> => {
  for (const app of apps)
    for (const [doc, entries] of Object.entries(verifiedBy(app, wid)))
      expect(await server.stored(wid, doc)).toEqual(entries);
};
const says = (app: App, wid: string) => app.room.status(wid).reason;
const lies = (app: App) => app.store.db.prepare("SELECT code FROM evidence").all();

describe.each([
  ["SQLite", async () => onSqlite()],
  ["PostgreSQL", () => onPostgres(postgres)],
] as const)("[T26] a server on %s that was set back to a copy", (_name, engine) => {
  test("[GB6] [GV3] gets everything back by itself: joins, roles, approvals; all apps are in sync and the next approval runs", async () => {
    const { server, wid, ada, ben } = await teamOn(await engine());
    await server.copy();
    for (const app of [ada, ben]) await app.inSync(wid);
    const before = (await server.stored(wid, "log")).length;

    const call = await approved(ada, ben, wid);
    const cleo = await openApp("Cleo");
    await joinWith(ada, cleo, wid, "approver");
    const team = [ada, ben, cleo];
    for (const app of team) await proven(app, wid);
    const truth = verifiedBy(ada, wid);

    await server.setBack();
    expect((await server.stored(wid, "log")).length).toBe(before);
    await until(() => server.lines.some((line) => line.includes('"recovered"')), "recovered");
    for (const app of team) await app.inSync(wid);
    await hasAll(server, wid, ...team);
    expect(verifiedBy(ada, wid)).toEqual(truth);
    expect(team.flatMap(lies)).toEqual([]);
    // What was approved before runs, and what is asked now.
    await ben.permitted(call);
    const second = ben.call(wid, SERVER, ARGS);
    await ben.room.authority.ask(second);
    await cleo.decide(wid, (await cleo.card(wid)).request, "approve");
    await until(() => ben.room.authority.standing(second.id)?.state === "approved", "approved by Cleo");
    await hasAll(server, wid, ...team);
    expect(team.map((app) => says(app, wid)?.code)).toContain("gave-back");
  });

  test("gets it back from the only app that is there, which holds everything", async () => {
    const { server, wid, ada, ben } = await teamOn(await engine());
    await server.copy();
    for (const app of [ada, ben]) await app.inSync(wid);
    await approved(ada, ben, wid);
    for (const app of [ada, ben]) await proven(app, wid);
    const truth = verifiedBy(ada, wid);
    await ada.close();
    await server.setBack();
    // Ben has his lane and the log; nobody here has the queue.
    await until(() => server.lines.some((line) => line.includes('"recovered"')), "recovered");
    await ben.inSync(wid);
    const again = await openApp("Ada", { dir: ada.dir });
    await again.inSync(wid);
    await hasAll(server, wid, ben, again);
    expect(verifiedBy(again, wid)).toEqual(truth);
    expect([ben, again].flatMap(lies)).toEqual([]);
  });

  test("gets parts from different apps, each as it comes: none holds all", async () => {
    const { server, wid, ada, ben } = await teamOn(await engine());
    await server.copy();
    for (const app of [ada, ben]) await app.inSync(wid);
    await proven(ben, wid);
    // Ben is away while things happen in the log, and Ada while Ben asks.
    await ben.close();
    await ada.room.handlers["invite.create"](
      { wid, role: "member", label: "for Dana", expiresInMs: 3_600_000, uses: 1 },
      main,
    );
    await proven(ada, wid);
    await ada.close();
    const again = await openApp("Ben", { dir: ben.dir });
    await again.inSync(wid);
    const call = again.call(wid, SERVER, ARGS);
    await again.room.authority.ask(call);
    await until(() => again.room.authority.standing(call.id)?.state === "waiting", "asked");
    await proven(again, wid);

    // Both come when it is set back.
    await server.setBack();
    const adaAgain = await openApp("Ada", { dir: ada.dir });
    await until(() => server.lines.some((line) => line.includes('"recovered"')), "recovered");
    for (const app of [again, adaAgain]) await app.inSync(wid);
    // What Ben asked reached nobody before: now it is in Ada's list.
    await adaAgain.decide(wid, (await adaAgain.card(wid)).request, "approve");
    await until(() => again.room.authority.standing(call.id)?.state === "approved", "approved");
    await again.permitted(call);
    await hasAll(server, wid, again, adaAgain);
    expect([again, adaAgain].flatMap(lies)).toEqual([]);
  });
});

describe("[T26] a server that was set back to a copy", () => {
  test("[GB7] gets back, too, what it took in its last moment and never signed", async () => {
    const { server, wid, ada, ben } = await teamOn(onSqlite());
    await server.copy();
    for (const app of [ada, ben]) await app.inSync(wid);
    await changePolicy(ada, wid, { kind: "effects", server: SERVER, effects: { write_file: { kind: "deny" } } });
    for (const app of [ada, ben]) await proven(app, wid);
    // The head would come a quarter of a second later.
    await changePolicy(ada, wid, {
      kind: "effects",
      server: SERVER,
      effects: { write_file: { kind: "ask", queue: "approvers" } },
    });
    await server.setBack();
    await until(() => server.lines.some((line) => line.includes('"recovered"')), "recovered");
    for (const app of [ada, ben]) await app.inSync(wid);
    await hasAll(server, wid, ada, ben);
    await approved(ada, ben, wid);
    expect([ada, ben].flatMap(lies)).toEqual([]);
  });

  test("made before the workspace was founded gets the whole workspace", async () => {
    const server = await startKept();
    await server.copy();
    const { wid, ada, ben } = await teamAt(server);
    await approved(ada, ben, wid);
    for (const app of [ada, ben]) await proven(app, wid);
    await server.setBack();
    expect(await server.stored(wid, "log")).toEqual([]);
    await until(() => server.lines.some((line) => line.includes('"recovered"')), "recovered");
    for (const app of [ada, ben]) await app.inSync(wid);
    await hasAll(server, wid, ada, ben);
    await approved(ada, ben, wid);
  });

  test("[LY1] and took a command before it got back what stood there stays a second history: the app that was away says so", async () => {
    const { server, wid, ada, ben } = await teamOn(onSqlite());
    await ada.room.handlers["member.setRole"]({ wid, member: ben.room.team(wid).me, role: "admin" }, main);
    await server.copy();
    await until(() => ben.room.team(wid).members.find(({ me }) => me)?.role === "admin", "Ben an Admin");
    await proven(ben, wid);
    await ben.close();
    await changePolicy(ada, wid, { kind: "effects", server: SERVER, effects: { write_file: { kind: "allow" } } });
    await proven(ada, wid);
    await ada.close();
    // Only Ben is there, who saw nothing of it, and asks after the first minute.
    await server.setBack();
    const again = await openApp("Ben", { dir: ben.dir });
    await again.inSync(wid);
    await untilAnswered(
      async () =>
        Promise.resolve(
          changePolicy(again, wid, { kind: "effects", server: SERVER, effects: { write_file: { kind: "deny" } } }),
        ).then(
          () => true,
          () => null,
        ),
      "Ben's command",
    );
    const now = await server.stored(wid, "log");
    const adaAgain = await openApp("Ada", { dir: ada.dir });
    await until(() => adaAgain.room.status(wid).link === "tampered", "Ada is told");
    expect(lies(adaAgain)).not.toEqual([]);
    expect(await server.stored(wid, "log")).toEqual(now);
  });

  test("takes no command in the first minute, of anybody, and then as before", async () => {
    const server = await startKept(onSqlite(), { graceMs: 10_000 });
    const { wid, ada, ben } = await teamAt(server);
    await server.copy();
    for (const app of [ada, ben]) await proven(app, wid);
    await server.setBack(async () => void (await until(() => ada.room.status(wid).link !== "in-sync", "the cut")));
    await ada.inSync(wid);
    const told = new Set<string>();
    const give = () =>
      Promise.resolve(
        ada.room.handlers["member.setRole"]({ wid, member: ben.room.team(wid).me, role: "approver" }, main),
      );
    await untilAnswered(
      () =>
        give().then(
          () => true,
          ({ code }: { code: string }) => (told.add(code), null),
        ),
      "the command is taken",
    );
    expect([...told]).toContain("recovering");
    expect(server.lines.join("\n")).not.toContain('"set-back"');
  });
});
