/**
 * A team whose clocks can be set: the server's in this process, over a store that outlives it, and each person's own. Only
 * wall clocks are set; what passes, passes for everybody.
 */
import { Refusal } from "#core/facts/refusal.ts";
import { onTestFinished } from "vitest";
import { openSqliteStore } from "../../sync-server/server/store/sqlite-store.ts";
import { startServer } from "../../sync-server/server/server.ts";
import type { RunningServer } from "../../sync-server/server/server.ts";
import { freePort } from "../../electron/shell/free-port.ts";
import { main, movedClock, openApp, SERVER, teamAt } from "./app.ts";
import type { App, MovedClock } from "./app.ts";
import { tempDir } from "./temp.ts";
import { until } from "./wait.ts";
import { wordsOf } from "./worded.ts";

export interface ClockServer {
  readonly url: string;
  readonly clock: MovedClock;
  /** Events of the log, with by how much. */
  readonly events: { readonly event: string; readonly ms?: number }[];
  stop(): Promise<void>;
  start(): Promise<void>;
}

export const startClockServer = async (clock: MovedClock = movedClock()): Promise<ClockServer> => {
  const dir = tempDir();
  const port = await freePort();
  const events: { event: string; ms?: number }[] = [];
  let running: RunningServer | null = null;
  const start = async (): Promise<void> => {
    running = await startServer({
      store: openSqliteStore(dir),
      host: "127.0.0.1",
      port,
      origins: [],
      create: "open",
      now: clock.now,
      monotonic: clock.monotonic,
      log: (fields) => void events.push(fields),
      headEveryMs: 100,
      limits: { authWithinMs: 600_000, strangersPerAddress: 4_096 },
    });
  };
  const stop = async (): Promise<void> => {
    const ending = running;
    running = null;
    await ending?.close();
  };
  await start();
  onTestFinished(stop);
  return { url: `http://127.0.0.1:${port}`, clock, events, start, stop };
};

export interface ClockTeam {
  readonly server: ClockServer;
  readonly wid: string;
  readonly ada: App;
  readonly ben: App;
}
export const startClockTeam = async (): Promise<ClockTeam> => {
  const server = await startClockServer();
  return { server, ...(await teamAt(server)) };
};

/** Stops the server, sets its clock, and starts it; the apps dial anew. */
export const restartAt = async ({ server, wid, ada, ben }: ClockTeam, ms: number): Promise<void> => {
  await server.stop();
  server.clock.wall(ms);
  await server.start();
  for (const app of [ada, ben]) await reconnected(app, wid);
};
export const reconnected = async (app: App, wid: string): Promise<void> => {
  await app.room.handlers["workspace.reconnect"]({ wid }, main);
  await app.inSync(wid);
};

/** What a refusal says, or "done". */
export const said = async (act: () => Promise<unknown>): Promise<string> =>
  act().then(
    () => "done",
    (error: unknown) => (error instanceof Refusal ? (wordsOf(error) ?? "") : String(error)),
  );

const ARGS = '{"path":"/notes/a.txt","content":"hello"}';
export const setRole = async ({ ada, ben, wid }: ClockTeam, role: string): Promise<unknown> =>
  ada.room.handlers["member.setRole"]({ wid, member: ben.room.team(wid).me, role }, main);
export const invite = async ({ ada, wid }: ClockTeam): Promise<string> =>
  (await ada.room.handlers["invite.create"]({ wid, role: "member", label: "", expiresInMs: 3_600_000, uses: 1 }, main))
    .link ?? "";
/** Until both apps have heard that the server's clock is right. */
export const seenRight = async ({ ada, ben, wid }: ClockTeam): Promise<void> => {
  for (const app of [ada, ben])
    await until(() => Math.abs(app.room.status(wid).serverAhead) < 1_200_000, `${app.name} sees the right time`);
};
/** Ben asks; answers the call and what Ada sees of it. */
export const ask = async ({ ben, wid }: ClockTeam) => {
  const call = ben.call(wid, SERVER, ARGS);
  await ben.room.authority.ask(call);
  return call;
};
/** Ada approves what stands first, and Ben's call gets its permit. */
export const approve = async ({ ada, ben, wid }: ClockTeam, call: Awaited<ReturnType<typeof ask>>): Promise<void> => {
  const request = await until(() => ben.room.authority.standing(call.id)?.request, "the request");
  await ada.sees(wid, request);
  await ada.decide(wid, request, "approve");
  await ben.permitted(call);
};

let people = 0;
/** All that a team does, with clocks that are right: nothing of it may be lost to what a clock had been. */
export const everythingWorks = async (team: ClockTeam): Promise<"all of it"> => {
  const { ada, wid } = team;
  await seenRight(team);
  await approve(team, await ask(team));
  await setRole(team, "approver");
  await setRole(team, "member");
  const link = await invite(team);
  people += 1;
  const guest = await openApp(`Guest ${people}`);
  await guest.room.handlers["invite.join"]({ link }, main);
  await guest.inSync(wid);
  const { me } = guest.room.team(wid);
  await until(
    () => ada.room.team(wid).members.some(({ id, active }) => id === me && active),
    "the new member at Ada's",
  );
  await ada.room.handlers["member.remove"]({ wid, member: me }, main);
  await until(() => !ada.room.team(wid).members.some(({ id, active }) => id === me && active), "the removal");
  await guest.close();
  return "all of it";
};
