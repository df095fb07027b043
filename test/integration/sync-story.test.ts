/** The story of two people over a real sync server process: found, invite, join, ask, decide, run. */
import { describe, expect, test } from "vitest";
import { joinWith, main, openApp, SERVER, startServerProcess, startTeam } from "../helpers/app.ts";
import { until } from "../helpers/wait.ts";
import { worded, noted, wordsOf } from "../helpers/worded.ts";

const ARGS = '{"path":"/notes/a.txt","content":"hello"}';

describe("a workspace", () => {
  test("[T17] a member has the catalogue and the rules at first sync, and the role of the invite", async () => {
    const { wid, ada, ben } = await startTeam();
    expect(ben.catalogue.get(wid)).toBe(1);
    const team = ben.room.team(wid);
    expect(team.name).toBe("Harbour");
    expect(team.members.map(({ name, role, me }) => [name, role, me])).toEqual([
      ["Ada", "owner", false],
      ["Ben", "member", true],
    ]);
    expect(ben.room.authority.judge(ben.call(wid, SERVER, ARGS))).toMatchObject({
      kind: "ask",
      rule: worded("Every tool of files asks Approvers."),
    });
    expect(ben.room.workspaces.mayEditTools(wid).allowed).toBe(false);
    expect(ben.room.invites(wid)).toEqual([]);
    await until(() => ada.room.invites(wid)[0]?.state === "used", "the used invite");
    for (const app of [ada, ben]) await app.inSync(wid);
    expect(ada.room.status(wid)).toMatchObject({ link: "in-sync", queued: 0, mayApprove: 0 });
    expect(ben.room.status(wid)).toMatchObject({ link: "in-sync", mayApprove: 1 });
  });

  test("a preview names server, workspace, inviter and role before anything happens", async () => {
    const { server, wid, ada } = await startTeam();
    const invite = await ada.room.handlers["invite.create"](
      { wid, role: "approver", label: "for Cleo", expiresInMs: 3_600_000, uses: 2 },
      main,
    );
    const cleo = await openApp("Cleo");
    const preview = await cleo.room.handlers["invite.inspect"]({ link: invite.appLink ?? "" }, main);
    expect(preview).toEqual({
      server: server.url,
      workspace: "Harbour",
      wid,
      inviter: "Ada",
      role: "Approver",
      roleDefined: false,
      confirm: true,
      expiresAt: invite.expiresAt,
      usesLeft: 2,
      back: null,
      alreadyMember: false,
    });
    expect(cleo.room.summaries()).toEqual([]);
  });

  test("[T28] joining twice, also at the same time, is joining once", async () => {
    const { wid, ada } = await startTeam();
    const invite = await ada.room.handlers["invite.create"](
      { wid, role: "member", label: "", expiresInMs: 3_600_000, uses: 5 },
      main,
    );
    const cleo = await openApp("Cleo");
    const link = invite.link ?? "";
    const joined = await Promise.all([
      cleo.room.handlers["invite.join"]({ link }, main),
      cleo.room.handlers["invite.join"]({ link }, main),
    ]);
    expect(joined).toEqual([{ wid }, { wid }]);
    expect(await cleo.room.handlers["invite.join"]({ link }, main)).toEqual({ wid });
    expect((await cleo.room.handlers["invite.inspect"]({ link }, main)).alreadyMember).toBe(true);
    await until(() => ada.room.team(wid).members.length === 3, "three members");
    expect(ada.room.invites(wid).find((item) => item.id === invite.id)?.used).toBe(1);
  });

  test("an invite for a role with more rights is confirmed by an Admin after joining", async () => {
    const { wid, ada } = await startTeam();
    const cleo = await openApp("Cleo");
    const invite = await ada.room.handlers["invite.create"](
      { wid, role: "approver", label: "", expiresInMs: 3_600_000, uses: 1 },
      main,
    );
    await cleo.room.handlers["invite.join"]({ link: invite.link ?? "" }, main);
    const me = cleo.room.team(wid).members.find((item) => item.me);
    expect(me?.role).toBe("guest");
    const seen = await until(() => ada.room.team(wid).members.find((item) => item.id === me?.id), "Cleo at Ada's");
    expect(seen.roleRule).toContainEqual(worded(/^Invited as Approver:/));
  });

  test("links and folds survive a restart of the app", async () => {
    const { wid, ada } = await startTeam();
    const invite = await ada.room.handlers["invite.create"](
      { wid, role: "member", label: "again", expiresInMs: 3_600_000, uses: 1 },
      main,
    );
    await ada.close();
    const again = await openApp("Ada", { dir: ada.dir });
    expect(again.room.team(wid).name).toBe("Harbour");
    expect(again.room.invites(wid).find((item) => item.id === invite.id)?.link).toBe(invite.link);
    await again.inSync(wid);
  });
});

describe("an approval", () => {
  test("[T18] [T19] [T23] reaches the approver, and once approved gives a permit for exactly that call", async () => {
    const { wid, ada, ben } = await startTeam();
    const call = ben.call(wid, SERVER, ARGS);
    const changes: string[] = [];
    ben.room.authority.onStanding((id) => changes.push(`${id} ${ben.room.authority.standing(id)?.state ?? ""}`));
    expect(ben.room.authority.permit(call)).toMatchObject({ ok: false, error: { code: "must-ask" } });
    await ben.room.authority.ask(call);
    await ben.room.authority.ask(call);

    const card = await ada.card(wid);
    expect(card).toMatchObject({
      requester: "Ben",
      tool: "write_file",
      server: "files",
      mine: false,
      canVote: { allowed: true },
      thresholds: [{ need: 1, have: 0, who: ["Owner", "Admin", "Approver"] }],
    });
    expect(ada.room.cards(wid)).toHaveLength(1);
    await until(() => ada.shell.popups.length === 1, "the popup");
    expect(ada.shell.popups).toEqual([{ wid, request: card.request }]);
    expect(ada.shell.notified).toEqual([
      { title: "Ben asks to run write_file", body: "files", card: { wid, request: card.request } },
    ]);
    expect(ada.shell.badges.at(-1)).toBe(1);
    expect(ben.shell.popups).toEqual([]);
    expect(ben.room.authority.permit(call)).toMatchObject({ ok: false, error: { code: "not-decided" } });

    const whole = await ada.room.handlers["card.get"]({ wid, request: card.request }, main);
    expect(whole).toMatchObject({
      args: ARGS,
      argsProblem: null,
      rule: worded("Every tool of files asks Approvers."),
    });
    await ada.decide(wid, card.request, "approve");
    await until(() => ben.room.authority.standing(call.id)?.state === "approved", "the decision at Ben's");
    expect(ben.room.authority.standing(call.id)).toMatchObject({
      votes: 1,
      needed: 1,
      decidedBy: worded("Ada"),
      request: card.request,
    });
    await ben.permitted(call);
    expect(ben.room.authority.permit(call)).toMatchObject({
      ok: true,
      permit: { call, launch: "launch-1", request: card.request },
    });
    expect(changes).toContain(`${call.id} approved`);
    await until(() => ada.shell.badges.at(-1) === 0, "the badge at zero");

    ben.room.authority.used(call.id, "ok");
    await until(() => ada.room.cards(wid)[0]?.state === "used", "the used card");
    expect(ben.room.authority.permit(call)).toMatchObject({ ok: false, error: { code: "already-run" } });
  });

  test("[T18] [T27] a new card opens the popup unless one is open or on its way: a window that was closed hides nothing", async () => {
    const { wid, ada, ben } = await startTeam();
    const asks = async (): Promise<string> => {
      const call = ben.call(wid, SERVER, ARGS);
      await ben.room.authority.ask(call);
      const { request } = ben.room.authority.standing(call.id) ?? {};
      await ada.card(wid, (card) => card.request === request);
      return request ?? "";
    };
    const popups = () => ada.shell.popups.map(({ request }) => request);
    // A window is on its way for five seconds.
    ada.clock.stand();
    const first = await asks();
    // Its window is not there yet, then it is.
    await asks();
    ada.clock.pass(6_000);
    ada.popup.open = true;
    await asks();
    await expect.poll(popups).toEqual([first]);
    ada.popup.open = false;
    const fourth = await asks();
    await expect.poll(popups).toEqual([first, fourth]);
    // A window that shows what was decided already is no reason to wait.
    ada.popup.open = true;
    await ada.decide(wid, fourth, "reject", "no");
    const fifth = await asks();
    await expect.poll(popups).toEqual([first, fourth, fifth]);
    // One that the person opened counts like one that came by itself.
    await ada.room.handlers["card.show"]({ wid, request: first }, main);
    ada.clock.pass(6_000);
    await asks();
    await expect.poll(popups).toEqual([first, fourth, fifth, first]);
  });

  test("[T19] one changed character, another tool or another launch is not what was approved", async () => {
    const { wid, ada, ben } = await startTeam();
    const call = ben.call(wid, SERVER, ARGS);
    await ben.room.authority.ask(call);
    await ada.decide(wid, (await ada.card(wid)).request, "approve");
    await until(() => ben.room.authority.standing(call.id)?.state === "approved", "approval");
    const codeOf = (changed: Partial<typeof call>) => ben.room.authority.permit({ ...call, ...changed });
    expect(codeOf({ args: `${ARGS} ` })).toMatchObject({ ok: false, error: { code: "call-changed" } });
    expect(codeOf({ server: "otherotherotherotherot" })).toMatchObject({ ok: false });
    ben.tool.schema = "t".repeat(43);
    expect(codeOf({})).toMatchObject({ ok: false, error: { code: "approved-tool-changed" } });
    ben.tool.schema = "s".repeat(43);
    ben.tool.launch = "launch-2";
    expect(codeOf({})).toMatchObject({ ok: false, error: { code: "approved-tool-changed" } });
    ben.tool.launch = "launch-1";
    expect(codeOf({})).toMatchObject({ ok: true });
  });

  test("a rejection brings its reason to the one who asked", async () => {
    const { wid, ada, ben } = await startTeam();
    const call = ben.call(wid, SERVER, ARGS);
    await ben.room.authority.ask(call);
    await ada.decide(wid, (await ada.card(wid)).request, "reject", "not on a Friday");
    const standing = await until(() => {
      const now = ben.room.authority.standing(call.id);
      return now?.state === "rejected" ? now : null;
    }, "the rejection");
    expect(standing).toMatchObject({ decidedBy: worded("Ada"), reason: noted("not on a Friday") });
    expect(ben.room.authority.permit(call)).toMatchObject({
      ok: false,
      error: worded("Ada rejected this. not on a Friday"),
    });
  });

  test("a vote is signed only after the popup confirmed it, and only from there", async () => {
    const { wid, ada, ben } = await startTeam();
    await ben.room.authority.ask(ben.call(wid, SERVER, ARGS));
    const { request } = await ada.card(wid);
    await expect(
      ada.room.handlers["card.decide"]({ wid, request, vote: "approve", note: "" }, main),
    ).rejects.toMatchObject({ code: "wrong-window" });
    await expect(
      ada.room.handlers["card.decide"]({ wid, request, vote: "approve", note: "" }, { window: "popup" }),
    ).rejects.toMatchObject({ code: "not-confirmed" });
    ada.shell.confirm(wid, request, "reject");
    await expect(
      ada.room.handlers["card.decide"]({ wid, request, vote: "approve", note: "" }, { window: "popup" }),
    ).rejects.toMatchObject({ code: "not-confirmed" });
  });

  test("[T20] nobody decides their own request, Owners included", async () => {
    const { wid, ada, ben } = await startTeam();
    await joinWith(ada, await openApp("Cleo"), wid, "approver");
    await ada.room.authority.ask(ada.call(wid, SERVER, ARGS));
    const own = await ada.card(wid);
    expect(own).toMatchObject({
      mine: true,
      canVote: { allowed: false, why: worded("Nobody decides their own request.") },
    });
    await expect(ada.decide(wid, own.request, "approve")).rejects.toMatchObject({ code: "own-request" });
    expect(ben.room.cards(wid)).toEqual([]);
  });

  test("a request that nobody could ever approve is refused at once with what to do", async () => {
    const { wid, ada } = await startTeam();
    const call = ada.call(wid, SERVER, ARGS);
    await ada.room.authority.ask(call);
    expect(ada.room.authority.standing(call.id)).toMatchObject({ state: "refused", request: null });
    expect(wordsOf(ada.room.authority.standing(call.id)?.reason)).toContain("nobody else here may decide it");
  });

  test("cancelling closes the card everywhere", async () => {
    const { wid, ada, ben } = await startTeam();
    const call = ben.call(wid, SERVER, ARGS);
    await ben.room.authority.ask(call);
    const card = await ada.card(wid);
    await ben.room.authority.cancel(call.id);
    expect(ben.room.authority.standing(call.id)?.state).toBe("canceled");
    await until(
      () => ada.room.cards(wid).find((item) => item.request === card.request)?.state === "canceled",
      "the closed card",
    );
    await expect(ada.decide(wid, card.request, "approve")).rejects.toMatchObject({ code: "resolved" });
  });
});

test("a server that is not there, or is something else, is refused in words", async () => {
  const ada = await openApp("Ada");
  const create = (url: string) =>
    ada.room.handlers["workspace.create"]({ name: "Harbour", server: { kind: "url", url }, unnamed: "ask" }, main);
  await expect(create("http://127.0.0.1:1")).rejects.toMatchObject({ code: "server-unreachable" });
  await expect(create("http://127.0.0.1:1/path")).rejects.toMatchObject({ code: "server-address" });
  await expect(create("javascript:alert(1)")).rejects.toMatchObject({ code: "server-address" });
  const server = await startServerProcess();
  await server.stop();
  await expect(create(server.url)).rejects.toMatchObject({ code: "server-unreachable" });
});
