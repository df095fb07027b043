/** One person alone: what no rule names they confirm themselves, on the computer that runs it, with and without the server. */
import { describe, expect, test } from "vitest";
import { ANSWER_WITHIN_MS, RUN_WITHIN_MS } from "../../electron/host/gate/confirm.ts";
import type { ProposedCall } from "../../electron/host/seams.ts";
import { joinWith, main, openApp, SERVER, startAlone } from "../helpers/app.ts";
import type { App } from "../helpers/app.ts";
import { until } from "../helpers/wait.ts";
import { worded, noted, tells } from "../helpers/worded.ts";

const ARGS = '{"path":"/notes/a.txt","content":"hello"}';
const OTHER = '{"path":"/notes/b.txt","content":"hello"}';

const asked = async (
  app: App,
  wid: string,
  args = ARGS,
  id?: string,
): Promise<{ call: ProposedCall; card: string }> => {
  const call = app.call(wid, SERVER, args, id);
  await app.room.authority.ask(call);
  const card = app.room.authority.standing(call.id)?.request ?? "";
  return { call, card };
};
const permitCode = (app: App, call: ProposedCall): string => {
  const answer = app.room.authority.permit(call);
  return answer.ok ? "permit" : answer.error.code;
};
const cut = async (app: App, wid: string, server: { stop(signal: "SIGKILL"): Promise<void> }): Promise<void> => {
  await server.stop("SIGKILL");
  await until(() => app.room.status(wid).link === "offline", "the cut");
};

describe("[T32] a person alone", () => {
  test("[CF1] [CF4] confirms on their own screen what no rule names, and the permit says so", async () => {
    const { wid, ada } = await startAlone();
    const call = ada.call(wid, SERVER, ARGS);
    expect(ada.room.authority.judge(call)).toEqual({
      kind: "confirm",
      rule: worded("No rule names this call, so it is confirmed by whoever runs it."),
    });
    expect(permitCode(ada, call)).toBe("call-not-confirmed");
    await ada.room.authority.ask(call);
    const card = await ada.card(wid);
    expect(card).toMatchObject({
      kind: "confirm",
      mine: true,
      tool: "write_file",
      server: "files",
      canVote: { allowed: true },
    });
    await until(() => ada.shell.popups.length === 1, "the popup");
    expect(ada.shell.popups).toEqual([{ wid, request: card.request }]);
    expect(ada.shell.notified).toEqual([
      {
        title: "Confirm write_file",
        body: "It would run on this computer, with files.",
        card: { wid, request: card.request },
      },
    ]);
    expect(ada.shell.badges.at(-1)).toBe(1);
    expect(ada.room.summaries()[0]?.waiting).toBe(1);
    expect(await ada.room.handlers["card.get"]({ wid, request: card.request }, main)).toMatchObject({
      args: ARGS,
      argsProblem: null,
      rule: worded("No rule names this call, so it is confirmed by whoever runs it."),
    });
    expect(permitCode(ada, call)).toBe("call-not-confirmed");

    ada.shell.confirm(wid, card.request, "approve");
    await ada.room.handlers["card.decide"](
      { wid, request: card.request, vote: "approve", note: "" },
      { window: "popup" },
    );
    expect(ada.room.authority.standing(call.id)).toMatchObject({ state: "approved", decidedBy: null });
    expect(ada.room.authority.permit(call)).toMatchObject({
      ok: true,
      permit: { call, request: null, confirmed: card.request },
    });
    await until(() => ada.shell.badges.at(-1) === 0, "the badge at zero");
    expect(ada.room.cards(wid)).toMatchObject([
      { request: card.request, state: "approved", canVote: { allowed: false } },
    ]);
    // Nothing of it left this computer.
    expect(ada.store.db.prepare("SELECT count(*) AS n FROM outbox WHERE kind LIKE 'approval.%'").get()).toEqual({
      n: 0,
    });
  });

  test("works without the server, and what waits is still there after a restart", async () => {
    const { server, wid, ada } = await startAlone();
    await cut(ada, wid, server);
    const { call, card } = await asked(ada, wid);
    await ada.close();
    const again = await openApp("Ada", { dir: ada.dir, proposed: ada.proposed });
    expect(again.room.authority.standing(call.id)).toMatchObject({ state: "confirming" });
    expect(permitCode(again, call)).toBe("call-not-confirmed");
    await again.decide(wid, card, "approve");
    await again.close();
    const third = await openApp("Ada", { dir: ada.dir, proposed: ada.proposed });
    expect(third.room.authority.permit(call)).toMatchObject({ ok: true, permit: { confirmed: card } });
  });

  test("says no with a reason for the agent, and nothing runs", async () => {
    const { wid, ada } = await startAlone();
    const { call, card } = await asked(ada, wid);
    await ada.room.handlers["card.decide"](
      { wid, request: card, vote: "reject", note: "Not that file." },
      { window: "popup" },
    );
    expect(ada.room.authority.standing(call.id)).toMatchObject({
      state: "rejected",
      reason: noted("Not that file."),
      decidedBy: null,
    });
    expect(permitCode(ada, call)).toBe("rejected-here");
    ada.shell.confirm(wid, card, "approve");
    await expect(
      ada.room.handlers["card.decide"]({ wid, request: card, vote: "approve", note: "" }, { window: "popup" }),
    ).rejects.toMatchObject({ code: "rejected-here" });
    expect(permitCode(ada, call)).toBe("rejected-here");
  });

  test("is asked anew for changed bytes, and the card of before decides nothing", async () => {
    const { wid, ada } = await startAlone();
    const { call, card } = await asked(ada, wid);
    await ada.decide(wid, card, "approve");
    expect(permitCode(ada, call)).toBe("permit");
    const changed = ada.call(wid, SERVER, OTHER, call.id);
    await ada.room.authority.edit(changed, ({ kind }, work) => {
      expect(kind).toBe("confirm");
      ada.store.write(work);
    });
    expect(permitCode(ada, changed)).toBe("call-not-confirmed");
    expect(permitCode(ada, call)).toBe("call-not-confirmed");
    ada.shell.confirm(wid, card, "approve");
    await expect(
      ada.room.handlers["card.decide"]({ wid, request: card, vote: "approve", note: "" }, { window: "popup" }),
    ).rejects.toMatchObject({ code: "no-such-request" });
    const second = ada.room.authority.standing(call.id)?.request ?? "";
    expect(second).not.toBe(card);
    await ada.decide(wid, second, "approve");
    expect(permitCode(ada, changed)).toBe("permit");
    expect(permitCode(ada, call)).toBe("confirmed-other-call");
  });

  test("has as long to answer, and their yes as long to run, as any limit of time: it only ever denies", async () => {
    const { wid, ada } = await startAlone();
    const late = await asked(ada, wid);
    ada.clock.pass(ANSWER_WITHIN_MS + 1_000);
    expect(ada.room.authority.standing(late.call.id)).toMatchObject({
      state: "expired",
      reason: worded("You did not answer in time."),
    });
    ada.shell.confirm(wid, late.card, "approve");
    await expect(
      ada.room.handlers["card.decide"]({ wid, request: late.card, vote: "approve", note: "" }, { window: "popup" }),
    ).rejects.toMatchObject({ code: "call-expired" });
    const idle = await asked(ada, wid, OTHER);
    await ada.decide(wid, idle.card, "approve");
    ada.clock.pass(RUN_WITHIN_MS + 1_000);
    expect(permitCode(ada, idle.call)).toBe("call-expired");
  });

  test("sees several one after the other: the next card opens when one was answered", async () => {
    const { wid, ada } = await startAlone();
    const [first, second] = [await asked(ada, wid), await asked(ada, wid, OTHER)];
    await until(() => ada.shell.popups.length === 1, "the first popup");
    ada.popup.open = true;
    expect(ada.shell.notified).toHaveLength(2);
    expect(ada.shell.badges.at(-1)).toBe(2);
    await ada.decide(wid, first.card, "approve");
    await until(() => ada.shell.popups.length === 2, "the second popup");
    expect(ada.shell.popups.map(({ request }) => request)).toEqual([first.card, second.card]);
  });

  test("[CF3] is asked no more once the rules ask others: what waits ends, and what was confirmed does not run", async () => {
    const { wid, ada } = await startAlone();
    const ben = await openApp("Ben");
    await joinWith(ada, ben, wid, "approver");
    expect(ada.room.policy(wid).others).toEqual(["Ben"]);
    const waits = await asked(ada, wid);
    const confirmed = await asked(ada, wid, OTHER);
    await ada.decide(wid, confirmed.card, "approve");
    expect(permitCode(ada, confirmed.call)).toBe("permit");
    await expect(
      ada.room.handlers["policy.change"]({ wid, changes: [{ kind: "unnamed", unnamed: "ask" }], base: 0 }, main),
    ).rejects.toMatchObject({ code: "stale" });
    await ada.room.handlers["policy.change"](
      { wid, changes: [{ kind: "unnamed", unnamed: "ask" }], base: ada.room.policy(wid).base },
      main,
    );
    await until(() => ada.room.policy(wid).unnamed === "ask", "the policy");
    expect(ada.room.authority.standing(waits.call.id)).toMatchObject({
      state: "refused",
      reason: tells("rule-stricter", "The rules changed"),
    });
    expect(permitCode(ada, confirmed.call)).toBe("rule-stricter");
    // Positive control: asked the right way, it runs once Ben approves.
    const { call } = await asked(ada, wid, ARGS);
    const card = await ben.card(wid);
    await ben.decide(wid, card.request, "approve");
    await ada.permitted(call);
  });
});
