/** Practice over a real sync server process: the whole flow, marked everywhere, and nothing that could ever run. */
import type { Hash } from "#core/protocol/ids.ts";
import { describe, expect, test } from "vitest";
import { callHash, callText } from "../../electron/host/gate/call-hash.ts";
import { createHoldStore } from "../../electron/host/store/holds.ts";
import { connectVoter } from "../helpers/modified-voter.ts";
import { changePolicy, main, SERVER, startTeam } from "../helpers/app.ts";
import type { App, Team } from "../helpers/app.ts";
import { until } from "../helpers/wait.ts";
import { worded } from "../helpers/worded.ts";

const ARGS = '{"path":"/notes/a.txt","content":"hello"}';
const HOUR = 3_600_000;

const allow = async ({ wid, ada, ben }: Pick<Team, "wid" | "ada" | "ben">, practice: boolean): Promise<void> => {
  await changePolicy(ada, wid, {
    kind: "queue",
    queue: {
      id: "approvers",
      name: "Approvers",
      all: [{ n: 1, roles: ["owner", "admin", "approver"], members: [] }],
      deny: 1,
      decideMs: HOUR,
      useMs: HOUR,
      steps: [],
      practice,
      oneForTwo: false,
      independent: false,
    },
  });
  for (const app of [ada, ben]) await until(() => app.room.queues(wid)[0]?.practice === practice, "the queue");
};
const practise = async (
  app: App,
  wid: string,
  args = ARGS,
  server: string | null = SERVER,
  tool = "write_file",
): Promise<string> =>
  (await app.room.handlers["practice.ask"]({ wid, queue: "approvers", server, tool, args }, main)).request;

describe("a practice request", () => {
  test("[T20] [AP19] [T23] goes the whole way between two people, marked for both, and ends as practised", async () => {
    const team = await startTeam();
    const { wid, ada, ben } = team;
    await allow(team, true);
    const request = await practise(ben, wid);
    const card = await ada.card(wid);
    expect(card).toMatchObject({
      request,
      practice: true,
      requester: "Ben",
      tool: "write_file",
      server: "files",
      canVote: { allowed: true },
    });
    await until(() => ada.shell.popups.length === 1, "the popup");
    expect(ada.shell.notified).toEqual([
      { title: "Practice: Ben asks to run write_file", body: "Practice: nothing will run.", card: { wid, request } },
    ]);
    expect(await ada.room.handlers["card.get"]({ wid, request }, main)).toMatchObject({
      args: ARGS,
      argsProblem: null,
      rule: worded("No rule asked: this is practice, and nothing will run."),
    });
    expect(await ben.card(wid)).toMatchObject({ practice: true, mine: true, canVote: { allowed: false } });
    await ada.decide(wid, request, "approve", "well done");
    const ended = await ben.card(wid, (one) => one.state === "practiced");
    expect(ended).toMatchObject({ practice: true, votes: [{ name: "Ada", v: "approve" }] });
    await until(() => ada.shell.badges.at(-1) === 0, "the badge at zero");
  });

  test("[T20] [AP19] one person alone asks with the built-in example, and decides where the queue names them", async () => {
    const team = await startTeam();
    const { wid, ada } = team;
    await allow(team, true);
    const request = await practise(ada, wid, '{"a":1}', null, "example");
    const card = await ada.card(wid);
    expect(card).toMatchObject({
      request,
      mine: true,
      practice: true,
      server: "Practice",
      tool: "example",
      canVote: { allowed: true },
    });
    expect((await ada.room.handlers["card.get"]({ wid, request }, main)).args).toBe('{"a":1}');
    await until(() => ada.shell.popups.length === 1, "the own popup");
    await ada.decide(wid, request, "reject", "just trying");
    expect((await ada.card(wid, (one) => one.state === "rejected")).votes).toMatchObject([
      { name: "Ada", v: "reject" },
    ]);
    const second = await practise(ada, wid, "{}", null, "example");
    await ada.card(wid, (one) => one.request === second && one.state === "pending");
    await ada.room.handlers["practice.withdraw"]({ wid, request: second }, main);
    await ada.card(wid, (one) => one.request === second && one.state === "canceled");
    // Positive control: what is no practice is decided by nobody who asked it.
    const call = ada.call(wid, SERVER, ARGS);
    await ada.room.authority.ask(call);
    expect(ada.room.authority.standing(call.id)).toMatchObject({ state: "refused" });
  });

  test("[T20] [T19] [AP19] mints no permit, also for a hold that was forged to point at it", async () => {
    const team = await startTeam();
    const { wid, ada, ben } = team;
    await allow(team, true);
    const asks = async (): Promise<string> => {
      const request = await practise(ben, wid);
      await ada.decide(wid, (await ada.card(wid, (card) => card.request === request)).request, "approve");
      await ben.card(wid, (card) => card.request === request && card.state === "practiced");
      return request;
    };
    const request = await asks();
    const call = ben.call(wid, SERVER, ARGS);
    expect(ben.room.authority.standing(call.id)).toBeNull();
    expect(ben.room.authority.permit(call)).toMatchObject({ ok: false, error: { code: "must-ask" } });

    const real = ben.call(wid, SERVER, ARGS);
    await ben.room.authority.ask(real);
    const asked = ben.room.authority.standing(real.id)?.request ?? "";
    await ada.decide(wid, (await ada.card(wid, (card) => card.request === asked)).request, "approve");
    await until(() => ben.room.authority.standing(real.id)?.state === "approved", "the real decision");
    // Positive control: exactly this hold, pointing at the real request, does give a permit.
    const holds = createHoldStore(ben.store);
    const hold = holds.get(real.id);
    if (hold === null) throw new Error("no hold");
    await ben.permitted(real);
    const forged = { ...ben.call(wid, SERVER, ARGS) };
    holds.add({ ...hold, call: forged.id, request: request as Hash });
    expect(ben.room.authority.permit(forged)).toMatchObject({ ok: false, error: { code: "canceled" } });
    await ben.permitted(real);
  });

  test("[T20] [AP19] is refused where the queue allows none, by the app and, from a modified one, by the server", async () => {
    const team = await startTeam();
    const { server, wid, ada, ben } = team;
    await allow(team, false);
    await expect(practise(ben, wid)).rejects.toMatchObject({ code: "no-practice" });
    const me = ben.room.team(wid).me;
    const device = ben.room.team(wid).members.find((member) => member.me)?.devices[0]?.id ?? "";
    await ben.close();
    const modified = await connectVoter(server.url, wid, me, ben.dir);
    const text = callText({
      workspace: wid,
      requester: me,
      device,
      server: { id: SERVER, launch: "launch-1" },
      tool: "write_file",
      schema: "s".repeat(43),
      args: ARGS,
      salt: "saltsaltsaltsaltsaltsa",
    });
    const body = (practice: boolean) => ({
      ttlMs: HOUR,
      server: "files",
      tool: "write_file",
      rule: "default",
      callHash: callHash(text),
      jwe: "sealed",
      replaces: null,
      practice,
    });
    expect(await modified.send("approval.request", body(true))).toEqual({ ok: false, code: "no-practice" });
    expect(await modified.send("approval.request", body(false))).toMatchObject({ ok: true });
    const real = await ada.card(wid);
    expect(real.practice).toBe(false);
    modified.close();
  });

  test("[T20] [AP19] a modified app cannot say that it used one, and can say so of a real one", async () => {
    const team = await startTeam();
    const { server, wid, ada, ben } = team;
    await allow(team, true);
    const request = await practise(ben, wid);
    const call = ben.call(wid, SERVER, ARGS);
    await ben.room.authority.ask(call);
    const asked = ben.room.authority.standing(call.id)?.request ?? "";
    for (const one of [request, asked])
      await ada.decide(wid, (await ada.card(wid, (card) => card.request === one)).request, "approve");
    await until(() => ben.room.authority.standing(call.id)?.state === "approved", "the real decision");
    const me = ben.room.team(wid).me;
    await ben.close();
    const modified = await connectVoter(server.url, wid, me, ben.dir);
    expect(await modified.send("approval.used", { request, result: "ok" })).toEqual({
      ok: false,
      code: "not-approved",
    });
    expect(await modified.send("approval.used", { request: asked, result: "ok" })).toMatchObject({ ok: true });
    modified.close();
    await ada.card(wid, (card) => card.request === asked && card.state === "used");
    expect((await ada.card(wid, (card) => card.request === request)).state).toBe("practiced");
  });
});
