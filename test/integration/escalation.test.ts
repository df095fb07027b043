/** Escalation over a real sync server process: who is asked when, and that time alone only ever denies. */
import { describe, expect, test, vi } from "vitest";
import type { Refusal } from "#core/facts/refusal.ts";
import { main, SERVER } from "../helpers/app.ts";
import type { App } from "../helpers/app.ts";
import { ARGS, asks, MINUTE, OVER, startLadder } from "../helpers/ladder.ts";
import { connectVoter } from "../helpers/modified-voter.ts";
import { PATIENCE_MS, until } from "../helpers/wait.ts";
import { worded } from "../helpers/worded.ts";

const cardAt = (app: App, wid: string, request: string) => app.room.handlers["card.get"]({ wid, request }, main);
const opensAt = async (app: App, wid: string, request: string): Promise<string | null> =>
  (await cardAt(app, wid, request)).args;
/** What deciding is refused for, or null: an app that says so has folded the request. */
const refusedAt = async (app: App, wid: string, request: string): Promise<string | null> => {
  try {
    await app.decide(wid, request, "approve");
    return null;
  } catch (error) {
    return (error as Refusal).code;
  }
};
const eventually = async (code: string, app: App, wid: string, request: string): Promise<void> =>
  void (await expect.poll(() => refusedAt(app, wid, request), { timeout: PATIENCE_MS }).toBe(code));
const pendingAt = (app: App, wid: string): string[] =>
  app.room
    .cards(wid)
    .filter(({ state }) => state === "pending")
    .map(({ request }) => request);

describe("a ladder", () => {
  test("[T20] [AP18] the next people get card, notification, popup and badge when their step begins, by time alone, and not before", async () => {
    const ladder = await startLadder();
    const { wid, ada, ben, cleo, dora } = ladder;
    const { call, request } = await asks(ladder);
    const first = await cleo.card(wid);
    expect(first.rung).toMatchObject({
      now: 0,
      of: 2,
      next: { at: first.requestedAt + 10 * MINUTE, all: [{ n: 1, who: ["Dora"] }] },
    });
    expect((await ben.card(wid)).rung).toEqual(first.rung);
    // Both hold the entry, so that nothing has to arrive later; neither is shown it or told of it.
    for (const app of [dora, ada]) {
      await eventually("queue-names-later", app, wid, request);
      expect(app.room.cards(wid)).toEqual([]);
      expect([app.shell.notified, app.shell.popups, app.shell.badges.at(-1)]).toEqual([[], [], 0]);
    }
    await ladder.pass(10 * MINUTE + OVER);
    const second = await dora.card(wid);
    expect(second).toMatchObject({
      request,
      canVote: { allowed: true },
      rung: { now: 1, of: 2, next: { all: [{ n: 1, who: ["Ada"] }] } },
      thresholds: [{ need: 1, have: 0, who: ["Dora"] }],
    });
    // With a moved clock the last head is old, and the next one may be 15 s away.
    await until(() => dora.shell.popups.length === 1, "the popup");
    await until(() => dora.shell.badges.at(-1) === 1, "the badge");
    expect(dora.shell.notified).toEqual([
      { title: "Ben asks to run write_file", body: "files", card: { wid, request } },
    ]);
    expect(pendingAt(ada, wid)).toEqual([]);
    expect(ben.room.authority.standing(call.id)).toMatchObject({ state: "waiting", votes: 0, needed: 1 });
    // Sealed when it was asked, for every step: nobody has to seal it again.
    expect(await opensAt(dora, wid, request)).toBe(ARGS);

    await ladder.pass(10 * MINUTE);
    await ada.inSync(wid);
    await ada.card(wid);
    expect(await opensAt(ada, wid, request)).toBe(ARGS);
    await until(() => ada.shell.notified.length === 1, "one notification");
    await ada.inSync(wid);
    await ada.decide(wid, request, "approve");
    await until(() => ben.room.authority.standing(call.id)?.state === "approved", "the decision");
    await until(() => ben.room.authority.permit(call).ok, "the permit");
    expect(dora.shell.notified).toHaveLength(1);
  });

  test("[T18] [AP21] a card is neither listed nor opened on a device of a later step before that begins, also when it is asked for by its id", async () => {
    const ladder = await startLadder();
    const { wid, ada, ben, cleo, dora } = ladder;
    const { request } = await asks(ladder);
    for (const app of [dora, ada]) await eventually("queue-names-later", app, wid, request);
    const later = worded("The queue Approvers asks this person only in a later step, if nobody decides before.");
    for (const app of [dora, ada]) {
      const shell = vi.spyOn(app.shell, "request");
      await expect(cardAt(app, wid, request)).rejects.toEqual(later);
      await expect(app.room.handlers["card.show"]({ wid, request }, main)).rejects.toEqual(later);
      await expect(app.decide(wid, request, "approve")).rejects.toEqual(later);
      expect([app.room.cards(wid), app.shell.popups]).toEqual([[], []]);
      expect(shell).not.toHaveBeenCalledWith("keys.open", expect.anything());
    }
    // Positive control: the same bytes are open to whoever asked, to whom it asks now, and on the next step to the next.
    for (const app of [ben, cleo]) {
      const shell = vi.spyOn(app.shell, "request");
      expect(await opensAt(app, wid, request)).toBe(ARGS);
      expect(shell).toHaveBeenCalledWith("keys.open", expect.anything());
    }
    await ladder.pass(10 * MINUTE + OVER);
    await dora.inSync(wid);
    await dora.card(wid);
    expect(await opensAt(dora, wid, request)).toBe(ARGS);
    await expect(cardAt(ada, wid, request)).rejects.toEqual(later);
  });

  test("[T18] [AP21] what is over before their step begins never shows to the people of that step, nor in the card that follows it", async () => {
    const ladder = await startLadder();
    const { wid, ada, ben, cleo, dora } = ladder;
    const { call, request } = await asks(ladder);
    const changed = ben.call(wid, SERVER, ARGS.replace("hello", "goodbye"), call.id);
    await ben.room.authority.edit(changed, (_judged, write) => write());
    const next = (await cleo.card(wid, (card) => card.state === "pending" && card.request !== request)).request;
    expect((await cardAt(cleo, wid, next)).replaces).toEqual({ request, args: ARGS });
    await eventually("queue-names-later", dora, wid, next);
    await ladder.pass(10 * MINUTE + OVER);
    await dora.inSync(wid);
    await dora.card(wid);
    expect(await cardAt(dora, wid, next)).toMatchObject({ args: changed.args, replaces: { request, args: null } });
    await dora.decide(wid, next, "reject", "no");
    for (const app of [ada, cleo]) await eventually("resolved", app, wid, next);
    expect(
      [ada, cleo, dora].map((app) =>
        app.room
          .cards(wid)
          .map((card) => card.request)
          .toSorted(),
      ),
    ).toEqual([[], [next, request].toSorted(), [next]]);
    await expect(cardAt(ada, wid, next)).rejects.toMatchObject({
      code: expect.stringMatching(/^queue-names-/) as string,
    });
  });

  test("[T20] [AP18] time alone approves nothing: the last step denies, the cards go, and whoever asked is told", async () => {
    const ladder = await startLadder();
    const { wid, ada, ben, cleo, dora } = ladder;
    const { call, request } = await asks(ladder);
    const changes: string[] = [];
    ben.room.authority.onStanding((id) => changes.push(`${id} ${ben.room.authority.standing(id)?.state ?? ""}`));
    for (const minutes of [11, 10]) {
      await ladder.pass(minutes * MINUTE);
      await until(() => (ben.room.cards(wid)[0]?.rung.now ?? 0) === (minutes === 11 ? 1 : 2), "the step");
      expect(ben.room.authority.permit(call)).toMatchObject({ ok: false, error: { code: "not-decided" } });
    }
    await ladder.pass(9 * MINUTE + OVER);
    const ended = await until(
      () => (ben.room.authority.standing(call.id)?.state === "expired" ? ben.room.authority.standing(call.id) : null),
      "the end",
    );
    expect(ended).toMatchObject({ state: "expired", reason: { code: "nobody-decided" } });
    expect(changes.at(-1)).toBe(`${call.id} expired`);
    expect(ben.room.authority.permit(call)).toMatchObject({ ok: false, error: { code: "call-expired" } });
    for (const app of [ada, cleo, dora]) {
      await until(() => app.shell.badges.at(-1) === 0, `the badge at ${app.name}'s`);
      await expect(app.decide(wid, request, "approve")).rejects.toMatchObject({ code: "expired" });
    }
  });

  test("[T20] [AP18] a modified app of a later step is refused before its step begins, and taken after", async () => {
    const ladder = await startLadder();
    const { server, wid, ben, dora } = ladder;
    const { call, request } = await asks(ladder);
    const me = dora.room.team(wid).me;
    await dora.close();
    const modified = await connectVoter(server.url, wid, me, dora.dir);
    expect(await modified.vote(request)).toEqual({ ok: false, code: "not-approver" });
    expect(ben.room.authority.standing(call.id)?.state).toBe("waiting");
    await ladder.pass(10 * MINUTE + OVER);
    expect(await modified.vote(request, "approve", 10 * MINUTE + OVER)).toMatchObject({ ok: true });
    modified.close();
    await until(() => ben.room.authority.standing(call.id)?.state === "approved", "the decision");
  });
});
