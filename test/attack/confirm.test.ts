/**
 * Somebody who wants an own call to run that its person did not confirm: a main window that was taken over, a row that
 * was written into the store, a yes to other bytes, a yes from before a change. The positive control is the same call,
 * confirmed as it stands.
 */
import { noted } from "../helpers/worded.ts";
import { describe, expect } from "vitest";
import { LEASE_MS } from "#client/keys/lease.ts";
import type { ProposedCall } from "../../electron/host/seams.ts";
import { createActs } from "../../electron/shell/acts.ts";
import { createConfirmations } from "../../electron/shell/confirm.ts";
import { createPairings } from "../../electron/shell/pairing.ts";
import { createRelay } from "../../electron/shell/relay.ts";
import type { Effect } from "#bridge/policy.ts";
import { changePolicy, joinWith, openApp, SERVER, startAlone } from "../helpers/app.ts";
import type { App } from "../helpers/app.ts";
import { attack } from "../helpers/hostile.ts";
import { until } from "../helpers/wait.ts";

const ARGS = '{"path":"/notes/a.txt","content":"hello"}';
const OTHER = '{"path":"/etc/passwd","content":"root::0:0"}';

const asked = async (app: App, wid: string, args = ARGS): Promise<{ call: ProposedCall; card: string }> => {
  const call = app.call(wid, SERVER, args);
  await app.room.authority.ask(call);
  return { call, card: app.room.authority.standing(call.id)?.request ?? "" };
};
const permitCode = (app: App, call: ProposedCall): string => {
  const answer = app.room.authority.permit(call);
  return answer.ok ? "permit" : answer.error.code;
};
const decide = (app: App, wid: string, request: string, window: "main" | "popup" = "popup") =>
  app.room.handlers["card.decide"]({ wid, request, vote: "approve", note: "" }, { window });
const confirmed = async (app: App, wid: string, args = ARGS) => {
  const own = await asked(app, wid, args);
  await app.decide(wid, own.card, "approve");
  return own;
};
const setEffect = async (app: App, wid: string, effect: Effect): Promise<void> => {
  await changePolicy(app, wid, { kind: "effects", server: SERVER, effects: { write_file: effect } });
  await until(() => app.room.authority.judge(app.call(wid, SERVER, ARGS)).kind === effect.kind, "the rule");
};

describe("[T32] [CF3] no yes without the person's click", () => {
  attack("a main window that was taken over confirms nothing", async ({ control }) => {
    const { wid, ada } = await startAlone();
    const { call, card } = await asked(ada, wid);
    await expect(decide(ada, wid, card, "main")).rejects.toMatchObject({ code: "wrong-window" });
    // Even where it could pass for the popup window, the shell signs nothing without its click.
    await expect(decide(ada, wid, card)).rejects.toMatchObject({ code: "not-confirmed" });
    ada.shell.confirm(wid, card, "reject");
    await expect(decide(ada, wid, card)).rejects.toMatchObject({ code: "not-confirmed" });
    expect(permitCode(ada, call)).toBe("call-not-confirmed");
    await control(async () => {
      await ada.decide(wid, card, "approve");
      expect(permitCode(ada, call)).toBe("permit");
    });
  });

  attack("the shell takes a yes from no main window, and from a popup only for its own card", async ({ control }) => {
    const confirmations = createConfirmations(() => 0);
    const posted: unknown[] = [];
    const relay = createRelay(
      (message) => void posted.push(message),
      { confirmations, pairings: createPairings(() => 0), acts: createActs(() => () => undefined) },
      { state: "ready", error: null },
    );
    const [wid, card] = ["w".repeat(22), "h".repeat(43)];
    const answers: unknown[] = [];
    const mainWindow = relay.open({ kind: "main" }, (frame) => void answers.push(frame));
    const popup = relay.open(
      { kind: "popup", card: { wid, request: "o".repeat(43) } },
      (frame) => void answers.push(frame),
    );
    const frame = {
      f: "call",
      id: 1,
      method: "card.decide",
      params: { wid, request: card, vote: "approve", note: "" },
    };
    posted.length = 0;
    mainWindow.frame(frame);
    popup.frame(frame);
    expect(posted).toEqual([]);
    expect(answers).toMatchObject(
      expect.arrayContaining(
        [
          { f: "error", id: 1, error: { code: "popup-only" } },
          { f: "error", id: 1, error: { code: "other-card" } },
        ].map((each) => expect.objectContaining({ f: each.f, error: expect.objectContaining(each.error) })),
      ),
    );
    await control(() => {
      relay.open({ kind: "popup", card: { wid, request: card } }, () => undefined).frame(frame);
      expect(posted.at(-1)).toMatchObject({ s: "window.frame", frame });
    });
  });

  attack("a row written into the store by somebody without the keys lets nothing run", async ({ control }) => {
    const { wid, ada } = await startAlone();
    const { call, card } = await asked(ada, wid);
    const device = ada.room.team(wid).members[0]?.devices[0]?.id ?? "";
    const forge = (signature: string) =>
      ada.store.db
        .prepare("UPDATE confirms SET state = 'approved', device = ?, signature = ? WHERE call = ?")
        .run(device, signature, call.id);
    for (const signature of ["", "A".repeat(86), card]) {
      forge(signature);
      expect(permitCode(ada, call)).toBe("call-not-confirmed");
    }
    await control(async () => {
      ada.store.db
        .prepare("UPDATE confirms SET state = 'confirming', device = NULL, signature = NULL WHERE call = ?")
        .run(call.id);
      await ada.decide(wid, card, "approve");
      expect(permitCode(ada, call)).toBe("permit");
    });
  });
});

describe("[T32] a yes binds exact bytes", () => {
  attack("a yes is not worth anything for other arguments, or for the same ones again", async ({ control }) => {
    const { wid, ada } = await startAlone();
    const { call, card } = await confirmed(ada, wid);
    const victim = await asked(ada, wid, OTHER);
    const twin = await asked(ada, wid, ARGS);
    // The signature and all are copied over; only the unique hash stays each call's own.
    for (const other of [victim.call, twin.call]) {
      ada.store.db
        .prepare(
          "UPDATE confirms SET (state, device, signature) = (SELECT state, device, signature FROM confirms WHERE call = ?) WHERE call = ?",
        )
        .run(call.id, other.id);
      expect(permitCode(ada, other)).toBe("call-not-confirmed");
    }
    expect(permitCode(ada, { ...call, args: OTHER })).toBe("confirmed-other-call");
    expect(permitCode(ada, { ...call, args: ` ${ARGS}` })).toBe("confirmed-other-call");
    expect(permitCode(ada, { ...call, thread: "thread-2" })).toBe("confirmed-other-call");
    // A tool that nobody accepted asks others.
    expect(permitCode(ada, { ...call, tool: "move_file" })).toBe("rule-stricter");
    await control(() => expect(permitCode(ada, call)).toBe("permit"));
    // Made once, it is never made again.
    ada.ledger.open({
      call: call.id,
      wid,
      request: null,
      confirmed: card,
      launch: "launch-1",
      schema: "s".repeat(43),
      rule: noted(""),
      argsHash: "",
      at: 1,
    });
    expect(permitCode(ada, call)).toBe("already-run");
  });

  attack(
    "a yes from before the tool or its launch changed is worth nothing, and a card of before takes none",
    async ({ control }) => {
      const { wid, ada } = await startAlone();
      const { call } = await confirmed(ada, wid);
      const waiting = await asked(ada, wid, OTHER);
      await control(() => expect(permitCode(ada, call)).toBe("permit"));
      ada.tool.launch = "launch-2";
      expect(permitCode(ada, call)).toBe("confirmed-tool-changed");
      ada.shell.confirm(wid, waiting.card, "approve");
      await expect(decide(ada, wid, waiting.card)).rejects.toMatchObject({ code: "confirmed-tool-changed" });
      expect(ada.room.authority.standing(waiting.call.id)?.state).toBe("refused");
      ada.tool.launch = "launch-1";
      await control(() => expect(permitCode(ada, call)).toBe("permit"));
    },
  );

  attack("a popup that shows the call as it was before an edit decides nothing", async ({ control }) => {
    const { wid, ada } = await startAlone();
    const { call, card } = await asked(ada, wid);
    const changed = { ...call, args: OTHER };
    ada.proposed.set(call.id, changed);
    // Swapped without an edit, as by somebody who writes into the store: the bytes at hand are not those of the card.
    ada.shell.confirm(wid, card, "approve");
    await expect(decide(ada, wid, card)).rejects.toMatchObject({ code: "confirmed-other-call" });
    expect(permitCode(ada, changed)).toBe("call-not-confirmed");
    ada.proposed.set(call.id, call);
    await ada.room.authority.edit(changed, (_, work) => {
      ada.store.write(work);
      ada.proposed.set(call.id, changed);
    });
    ada.shell.confirm(wid, card, "approve");
    await expect(decide(ada, wid, card)).rejects.toMatchObject({
      code: expect.stringMatching(/^own-call-|no-such-request/) as string,
    });
    expect(permitCode(ada, changed)).toBe("call-not-confirmed");
    await control(async () => {
      await ada.decide(wid, ada.room.authority.standing(call.id)?.request ?? "", "approve");
      expect(permitCode(ada, changed)).toBe("permit");
    });
  });
});

describe("[T32] a yes never outlives what bounds it", () => {
  attack("a rule that became stricter makes it worth nothing: it never stands in for a queue", async ({ control }) => {
    const { wid, ada } = await startAlone();
    const ben = await openApp("Ben");
    await joinWith(ada, ben, wid, "approver");
    const { call } = await confirmed(ada, wid);
    await control(() => expect(permitCode(ada, call)).toBe("permit"));
    for (const [effect, code] of [
      [{ kind: "ask", queue: "approvers" }, "rule-stricter"],
      [{ kind: "deny" }, "call-denied"],
    ] as const) {
      await setEffect(ada, wid, effect);
      expect(permitCode(ada, call)).toBe(code);
    }
    // A call that asks has no card of its own person, and no click makes one.
    await setEffect(ada, wid, { kind: "ask", queue: "approvers" });
    const own = await asked(ada, wid, OTHER);
    ada.shell.confirm(wid, own.card, "approve");
    await expect(decide(ada, wid, own.card)).rejects.toMatchObject({
      code: expect.stringMatching(/own-request|no-such-request/),
    });
    expect(permitCode(ada, own.call)).toBe("not-decided");
  });

  attack(
    "[CF2] beyond the lease it does not run, whatever the tool says of itself, and nothing new is confirmed",
    async ({ control }) => {
      const { server, wid, ada } = await startAlone();
      ada.tool.readOnly = true;
      await server.stop("SIGKILL");
      await until(() => ada.room.status(wid).link === "offline", "the cut");
      const { call } = await confirmed(ada, wid);
      const waiting = await asked(ada, wid, OTHER);
      await control(() => expect(permitCode(ada, call)).toBe("permit"));
      ada.clock.pass(LEASE_MS + 60_000);
      expect(permitCode(ada, call)).toBe("lease-ended");
      ada.shell.confirm(wid, waiting.card, "approve");
      await expect(decide(ada, wid, waiting.card)).rejects.toMatchObject({
        code: expect.stringMatching(/lease-ended|expired/),
      });
      expect(permitCode(ada, waiting.call)).toBe("lease-ended");
    },
  );

  attack("after a restart a yes is worth what it was, and a call that waited still needs one", async ({ control }) => {
    const { wid, ada } = await startAlone();
    const { call } = await confirmed(ada, wid);
    const waiting = await asked(ada, wid, OTHER);
    await ada.close();
    const again = await openApp("Ada", { dir: ada.dir, proposed: ada.proposed });
    await control(() => expect(permitCode(again, call)).toBe("permit"));
    expect(permitCode(again, waiting.call)).toBe("call-not-confirmed");
    // The click of before the restart is gone with the shell that saw it.
    await expect(decide(again, wid, waiting.card)).rejects.toMatchObject({ code: "not-confirmed" });
    expect(permitCode(again, { ...call, args: OTHER })).toBe("confirmed-other-call");
  });
});
