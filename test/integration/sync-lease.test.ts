/** A member who stays away from the server: what goes on, what stops, and what brings it back. */
import { wordsOf } from "../helpers/worded.ts";
import { expect, test } from "vitest";
import { LEASE_ENDED, LEASE_MS } from "#client/keys/lease.ts";
import { changePolicy, main, openApp, SERVER, startTeam } from "../helpers/app.ts";
import type { App } from "../helpers/app.ts";
import { until } from "../helpers/wait.ts";

const ARGS = '{"path":"/notes/a.txt","content":"hello"}';
/** More than any test takes. */
const HOUR = 3_600_000;

/** Ben in a team whose policy lets `write_file` run without asking, with the network cut. */
const cutOff = async () => {
  const team = await startTeam();
  await changePolicy(team.ada, team.wid, {
    kind: "effects",
    server: SERVER,
    effects: { write_file: { kind: "allow" } },
  });
  await until(
    () => team.ben.room.authority.judge(team.ben.call(team.wid, SERVER, ARGS)).kind === "allow",
    "the policy at Ben's",
  );
  await team.ben.inSync(team.wid);
  await team.server.stop("SIGKILL");
  await until(() => team.ben.room.status(team.wid).link === "offline", "the cut");
  return team;
};
const permitOf = (app: App, wid: string) => {
  const answer = app.room.authority.permit(app.call(wid, SERVER, ARGS));
  return answer.ok ? "permit" : answer.error.code;
};

test("[T26] [T33] when the policy lease ends, tools stop, whatever they say of themselves; connecting restores at once", async () => {
  const { server, wid, ben } = await cutOff();
  ben.clock.pass(LEASE_MS - HOUR);
  expect(permitOf(ben, wid)).toBe("permit");
  expect(ben.room.status(wid).reason?.code).toBe("offline");

  ben.clock.pass(2 * HOUR);
  expect(permitOf(ben, wid)).toBe("lease-ended");
  expect(ben.room.authority.judge(ben.call(wid, SERVER, ARGS))).toEqual({
    kind: "deny",
    rule: LEASE_ENDED,
    passes: true,
  });
  await until(() => ben.room.status(wid).reason?.code === "lease-ended", "the status line");
  expect(wordsOf(ben.room.status(wid).reason)).toBe(wordsOf(LEASE_ENDED));
  ben.tool.readOnly = true;
  expect(permitOf(ben, wid)).toBe("lease-ended");
  ben.tool.readOnly = false;

  await server.start();
  await ben.room.handlers["workspace.reconnect"]({ wid }, main);
  await until(() => permitOf(ben, wid) === "permit", "the permit");
});

test("[T26] a wall clock set back, with or without a restart, gives no time again", async () => {
  const { wid, ben } = await cutOff();
  ben.clock.pass(LEASE_MS - HOUR);
  ben.clock.wall(-LEASE_MS);
  expect(permitOf(ben, wid)).toBe("permit");
  ben.clock.pass(2 * HOUR);
  expect(permitOf(ben, wid)).toBe("lease-ended");
  await ben.close();
  // The clock of this start reads seven days earlier than the last one did.
  const again = await openApp("Ben", { dir: ben.dir });
  expect(permitOf(again, wid)).toBe("lease-ended");
});
