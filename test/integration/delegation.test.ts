/** Deciding in somebody's place, over a real sync server process: who sees it, whose vote counts, and when it ends. */
import { describe, expect, test } from "vitest";
import { changePolicy, main, passTime, SERVER } from "../helpers/app.ts";
import type { App } from "../helpers/app.ts";
import { startFour } from "../helpers/four.ts";
import type { Four } from "../helpers/four.ts";
import { connectVoter } from "../helpers/modified-voter.ts";
import { until } from "../helpers/wait.ts";
import { worded } from "../helpers/worded.ts";

const ARGS = '{"path":"/notes/a.txt","content":"hello"}';
const HOUR = 3_600_000;

const needs = async (
  { wid, ada, ben, cleo, dora }: Four,
  n: number,
  roles: string[],
  members: string[] = [],
  oneForTwo = true,
): Promise<void> => {
  await changePolicy(ada, wid, {
    kind: "queue",
    queue: {
      id: "approvers",
      name: "Approvers",
      all: [{ n, roles, members }],
      deny: 1,
      decideMs: 24 * HOUR,
      useMs: HOUR,
      steps: [],
      practice: false,
      oneForTwo,
      independent: false,
    },
  });
  for (const app of [ben, cleo, dora])
    await until(
      () =>
        app.room.queues(wid)[0]?.all[0]?.n === n && app.room.queues(wid)[0]?.all[0]?.members.length === members.length,
      `the queue at ${app.name}'s`,
    );
};
const memberOf = (app: App, wid: string): string => app.room.team(wid).me;
const delegate = (app: App, wid: string, to: App, ms = HOUR) =>
  app.room.handlers["delegation.set"]({ wid, to: memberOf(to, wid), until: app.clock.now() + ms }, main);
/** Resolves once every app knows who stands in: what is asked before is sealed without them. */
const standsIn = async ({ wid, ada, ben, cleo, dora }: Four, from: App, to: App): Promise<void> => {
  await delegate(from, wid, to);
  const [member, other] = [memberOf(from, wid), memberOf(to, wid)];
  for (const app of [ada, ben, cleo, dora])
    await until(
      () => app.room.team(wid).standIns.some((each) => each.member === member && each.to === other),
      `the delegation at ${app.name}'s`,
    );
};

describe("a delegation", () => {
  test("[T20] [AP22] one person who stands in for another is one of two, until somebody else agrees", async () => {
    const four = await startFour();
    const { wid, ben, cleo, dora, ada } = four;
    await needs(four, 2, ["approver", "owner"], [], false);
    await standsIn(four, cleo, dora);
    const call = ben.call(wid, SERVER, ARGS);
    await ben.room.authority.ask(call);
    await dora.decide(wid, (await dora.card(wid)).request, "approve");
    await until(() => ben.room.authority.standing(call.id)?.votes === 1, "the first vote");
    expect(ben.room.authority.standing(call.id)).toMatchObject({ state: "waiting", votes: 1, needed: 2 });
    expect(ben.room.authority.permit(call)).toMatchObject({ ok: false });
    await ada.decide(wid, (await ada.card(wid)).request, "approve");
    await until(() => ben.room.authority.standing(call.id)?.state === "approved", "the decision");
    await ben.permitted(call);
  });

  test("[T20] [AP16] everybody sees who stands in for whom, and where the queue says so one vote counts for both people, each once", async () => {
    const four = await startFour();
    const { wid, ben, cleo, dora } = four;
    await needs(four, 2, ["approver"]);
    await standsIn(four, cleo, dora);

    const call = ben.call(wid, SERVER, ARGS);
    await ben.room.authority.ask(call);
    const card = await dora.card(wid);
    expect(card).toMatchObject({ canVote: { allowed: true }, standsFor: ["Cleo"], thresholds: [{ need: 2, have: 0 }] });
    expect((await cleo.card(wid)).standsFor).toEqual([]);
    await dora.decide(wid, card.request, "approve");
    await until(() => ben.room.authority.standing(call.id)?.state === "approved", "the decision");
    await ben.permitted(call);
    const decided = await cleo.card(wid, (one) => one.request === card.request && one.state === "approved");
    expect(decided.votes.map(({ name, by }) => [name, by?.name ?? null])).toEqual([
      ["Dora", null],
      ["Cleo", "Dora"],
    ]);
    await expect(cleo.decide(wid, card.request, "approve")).rejects.toMatchObject({ code: "resolved" });
  });

  test("[T20] [AP16] where both voted, the quorum still counts each person once", async () => {
    const four = await startFour();
    const { wid, ada, ben, cleo, dora } = four;
    await needs(four, 3, ["approver", "owner"]);
    await standsIn(four, cleo, dora);
    const call = ben.call(wid, SERVER, ARGS);
    await ben.room.authority.ask(call);
    const { request } = await cleo.card(wid);
    await cleo.decide(wid, request, "approve");
    const open = await dora.card(wid, (card) => card.votes.length === 1);
    // Cleo voted: nothing is left to be done in her place.
    expect(open.standsFor).toEqual([]);
    await dora.decide(wid, request, "approve");
    await until(() => ben.room.authority.standing(call.id)?.votes === 2, "two votes");
    expect(ben.room.authority.permit(call)).toMatchObject({ ok: false, error: { code: "not-decided" } });
    await ada.sees(wid, request);
    await ada.decide(wid, request, "approve");
    await until(() => ben.room.authority.standing(call.id)?.state === "approved", "the third person");
  });

  test("[T20] [AP16] whose delegate voted first may not vote again, and is told who did", async () => {
    const four = await startFour();
    const { wid, ada, ben, cleo, dora } = four;
    await needs(four, 3, ["approver", "owner"]);
    await standsIn(four, cleo, dora);
    await ben.room.authority.ask(ben.call(wid, SERVER, ARGS));
    const { request } = await dora.card(wid);
    await dora.decide(wid, request, "approve");
    const seen = await cleo.card(wid, (card) => card.votes.length === 2);
    expect(seen.canVote).toEqual({ allowed: false, why: worded("Dora voted in your place already.") });
    await until(() => cleo.shell.badges.at(-1) === 0, "no badge for Cleo");
    await expect(cleo.decide(wid, request, "reject")).rejects.toMatchObject({ code: "voted-for-you" });
    // Positive control: the card is open for the one person who has not voted.
    expect((await ada.card(wid, (card) => card.votes.length === 2)).canVote.allowed).toBe(true);
    expect(dora.room.cards(wid).map((card) => card.request)).toEqual([request]);
  });

  test("[T20] [AP16] the delegate of whoever asked never counts for them", async () => {
    const four = await startFour();
    const { wid, cleo, dora } = four;
    await needs(four, 2, ["approver"]);
    await standsIn(four, cleo, dora);
    const call = cleo.call(wid, SERVER, ARGS);
    await cleo.room.authority.ask(call);
    // Dora alone may decide what Cleo asks, so two can never agree.
    expect(cleo.room.authority.standing(call.id)).toMatchObject({ state: "refused" });
    await needs(four, 1, ["approver"]);
    const second = cleo.call(wid, SERVER, ARGS);
    await cleo.room.authority.ask(second);
    const card = await dora.card(wid);
    expect(card.standsFor).toEqual([]);
    await dora.decide(wid, card.request, "approve");
    const decided = await dora.card(wid, (one) => one.request === card.request && one.state !== "pending");
    expect(decided.votes.map(({ name }) => name)).toEqual(["Dora"]);
  });

  test("[T20] [AP17] it ends by time while a request waits: list, badge and card follow without an entry, and a modified app's vote is refused", async () => {
    const four = await startFour();
    const { server, wid, ada, ben, cleo, dora } = four;
    // Cleo is named in person, so Dora is here only in her place.
    await needs(four, 1, [], [memberOf(cleo, wid)]);
    await standsIn(four, cleo, dora);
    const call = ben.call(wid, SERVER, ARGS);
    await ben.room.authority.ask(call);
    const card = await dora.card(wid);
    expect(card).toMatchObject({
      canVote: { allowed: true, why: worded("This person stands in for Cleo.") },
      standsFor: ["Cleo"],
    });
    expect((await dora.room.handlers["card.get"]({ wid, request: card.request }, main)).args).toBe(ARGS);
    await until(() => dora.shell.badges.at(-1) === 1, "the badge");
    expect(dora.shell.notified.at(-1)).toEqual({
      title: "Ben asks to run write_file",
      body: "files, in the place of Cleo",
      card: { wid, request: card.request },
    });
    await passTime(HOUR + 60_000, server, wid, [ada, ben, cleo, dora]);
    await until(() => dora.room.team(wid).standIns.length === 0, "the end in the list");
    await until(() => ada.room.team(wid).standIns.length === 0, "the end at Ada's");
    await until(() => dora.shell.badges.at(-1) === 0, "the badge at zero");
    expect(dora.room.cards(wid).filter(({ state }) => state === "pending")).toEqual([]);
    await expect(dora.decide(wid, card.request, "approve")).rejects.toMatchObject({ code: "no-such-request" });

    const me = memberOf(dora, wid);
    await dora.close();
    const hostile = await connectVoter(server.url, wid, me, dora.dir);
    expect(await hostile.vote(card.request, "approve", HOUR + 60_000)).toEqual({ ok: false, code: "not-approver" });
    hostile.close();
    // Positive control: the request is as open as before, for the one who is named.
    await cleo.sees(wid, card.request);
    await cleo.decide(wid, card.request, "approve");
    await until(() => ben.room.authority.standing(call.id)?.state === "approved", "Cleo's own vote");
  });

  test("[T20] [AP16] a modified app's vote in somebody's place counts while the delegation holds", async () => {
    const four = await startFour();
    const { server, wid, ben, cleo, dora } = four;
    await needs(four, 1, [], [memberOf(cleo, wid)]);
    await standsIn(four, cleo, dora);
    const call = ben.call(wid, SERVER, ARGS);
    await ben.room.authority.ask(call);
    const { request } = await dora.card(wid);
    const me = memberOf(dora, wid);
    await dora.close();
    const modified = await connectVoter(server.url, wid, me, dora.dir);
    expect(await modified.vote(request)).toMatchObject({ ok: true });
    modified.close();
    await until(() => ben.room.authority.standing(call.id)?.state === "approved", "the decision");
  });

  test("[T18] [T20] one that is given while a request waits brings the card, told once, with arguments that open", async () => {
    const four = await startFour();
    const { wid, ben, cleo, dora } = four;
    await needs(four, 1, [], [memberOf(cleo, wid)]);
    const call = ben.call(wid, SERVER, ARGS);
    await ben.room.authority.ask(call);
    const { request } = await cleo.card(wid);
    expect(dora.room.cards(wid)).toEqual([]);
    await delegate(cleo, wid, dora);
    expect((await dora.card(wid)).request).toBe(request);
    await until(() => dora.shell.notified.length === 1, "the notification");
    // The app of whoever asked seals the arguments again for the people who came later.
    await dora.card(wid, (card) => card.sealed > 1);
    expect((await dora.room.handlers["card.get"]({ wid, request }, main)).args).toBe(ARGS);
    await dora.decide(wid, request, "approve");
    await until(() => ben.room.authority.standing(call.id)?.state === "approved", "the decision");
    expect(dora.shell.notified).toHaveLength(1);
  });

  test("[T20] only who may decide can be chosen, and one that is taken back ends at once", async () => {
    const { wid, ada, ben, cleo, dora } = await startFour();
    const at = (app: App) => cleo.room.team(wid).members.find((member) => member.id === memberOf(app, wid))?.canStandIn;
    await until(() => at(dora)?.allowed, "Dora's role at Cleo's");
    expect(at(ben)).toEqual({ allowed: false, why: worded("The role Member may not decide approvals.") });
    expect(at(cleo)).toMatchObject({ allowed: false, why: worded("Nobody stands in for themselves.") });
    await expect(delegate(cleo, wid, ben)).rejects.toMatchObject({ code: "role-may-not" });
    await expect(delegate(ben, wid, dora)).rejects.toMatchObject({ code: "not-permitted" });
    await expect(delegate(cleo, wid, dora, 91 * 24 * HOUR)).rejects.toMatchObject({ code: "bad-end" });
    await delegate(cleo, wid, dora);
    await until(() => ada.room.team(wid).standIns.length === 1, "the delegation");
    await cleo.room.handlers["delegation.clear"]({ wid }, main);
    await until(() => ada.room.team(wid).standIns.length === 0, "the end");
    await cleo.room.handlers["delegation.clear"]({ wid }, main);
  });
});
