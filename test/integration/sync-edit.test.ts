/** Calls whose arguments the person changed before they began, over a real sync server. */
import { describe, expect, test } from "vitest";
import { hashOf } from "#core/protocol/crypto.ts";
import type { Rule } from "#core/protocol/command.ts";
import { createWorkspaceStore } from "../../electron/host/store/workspaces.ts";
import { nodeCrypto } from "#node/crypto.ts";
import type { ProposedCall } from "../../electron/host/seams.ts";
import { changePolicy, joinWith, main, openApp, SERVER, startTeam } from "../helpers/app.ts";
import type { App, Team } from "../helpers/app.ts";
import { connectModified } from "../helpers/modified-client.ts";
import { until } from "../helpers/wait.ts";
import { worded } from "../helpers/worded.ts";

const OLD = '{"path":"/notes/a.txt","content":"hello"}';
const NEW = '{"path":"/notes/a.txt","content":"hello, all"}';

interface Asked {
  readonly call: ProposedCall;
  readonly request: string;
}
const requestOf = (app: App, call: ProposedCall): string => app.room.authority.standing(call.id)?.request ?? "";
const asks = async (app: App, wid: string, args = OLD): Promise<Asked> => {
  const call = app.call(wid, SERVER, args);
  await app.room.authority.ask(call);
  return { call, request: requestOf(app, call) };
};
/** What the agent room does: one transaction for its part and the gate's. Answers the changed call. */
const edits = async (app: App, { call }: Pick<Asked, "call">, args = NEW): Promise<Asked & { verdict: string }> => {
  const changed = { ...call, args };
  let verdict = "";
  await app.room.authority.edit(changed, ({ kind }, work) => {
    app.store.write(work);
    verdict = kind;
  });
  return { call: changed, request: requestOf(app, changed), verdict };
};
const stateOf = (app: App, wid: string, request: string): string | undefined =>
  app.room.cards(wid).find((card) => card.request === request)?.state;
const cardIs = (app: App, wid: string, request: string, state: string) =>
  until(() => stateOf(app, wid, request) === state, `${app.name}'s card ${state}`);
const standingIs = (app: App, { call }: Pick<Asked, "call">, state: string) =>
  until(() => app.room.authority.standing(call.id)?.state === state, `${app.name}'s call ${state}`);
const permitCode = (app: App, call: ProposedCall): string => {
  const leave = app.room.authority.permit(call);
  return leave.ok ? "permitted" : leave.error.code;
};
const pause = (app: App, wid: string, paused: boolean) => app.room.handlers["workspace.pause"]({ wid, paused }, main);
const need = async (app: App, wid: string, n: number): Promise<void> => {
  const [queue] = app.room.queues(wid);
  if (queue === undefined) throw new Error("a workspace has a queue");
  await changePolicy(app, wid, {
    kind: "queue",
    queue: { ...queue, all: [{ n, roles: ["owner", "approver"], members: [] }] },
  });
};

describe("[AP15] [T20] a changed call", () => {
  test("is asked anew while it waits: the old card closes as replaced, the new one shows both, and only the new arguments run", async () => {
    const { wid, ada, ben } = await startTeam();
    const old = await asks(ben, wid);
    await cardIs(ada, wid, old.request, "pending");
    const fresh = await edits(ben, old);
    expect(fresh).toMatchObject({ verdict: "ask" });
    expect(fresh.request).not.toBe(old.request);
    await cardIs(ada, wid, fresh.request, "pending");
    for (const app of [ada, ben]) await cardIs(app, wid, old.request, "replaced");
    const card = await ada.room.handlers["card.get"]({ wid, request: fresh.request }, main);
    expect(card).toMatchObject({
      args: NEW,
      replaces: { request: old.request, args: OLD },
      canVote: { allowed: true },
      votes: [],
    });
    await expect(ada.decide(wid, old.request, "approve")).rejects.toMatchObject({ code: "resolved" });
    expect(permitCode(ben, fresh.call)).toBe("not-decided");
    await ada.decide(wid, fresh.request, "approve");
    await standingIs(ben, fresh, "approved");
    expect(permitCode(ben, old.call)).toBe("call-changed");
    await ben.permitted(fresh.call);
    ben.room.authority.used(fresh.call.id, "ok");
    await cardIs(ada, wid, fresh.request, "used");
    await expect(edits(ben, fresh, OLD)).rejects.toMatchObject({ code: "change-too-late" });
  });

  test("starts without the vote that the first arguments had", async () => {
    const { wid, ada, ben } = await startTeam();
    const cleo = await openApp("Cleo");
    await joinWith(ada, cleo, wid, "approver");
    await need(ada, wid, 2);
    await until(() => ben.room.queues(wid)[0]?.all[0]?.n === 2, "the rule at Ben's");
    const old = await asks(ben, wid);
    await cardIs(ada, wid, old.request, "pending");
    await ada.decide(wid, old.request, "approve");
    await until(() => ben.room.authority.standing(old.call.id)?.votes === 1, "the first vote");
    const fresh = await edits(ben, old);
    await cardIs(cleo, wid, fresh.request, "pending");
    await cleo.decide(wid, fresh.request, "approve");
    await until(() => ben.room.authority.standing(fresh.call.id)?.votes === 1, "the vote on the changed call");
    expect(ben.room.authority.standing(fresh.call.id)?.state).toBe("waiting");
    expect(permitCode(ben, fresh.call)).toBe("not-decided");
    await cardIs(ada, wid, fresh.request, "pending");
    await ada.decide(wid, fresh.request, "approve");
    await standingIs(ben, fresh, "approved");
    await ben.permitted(fresh.call);
  });

  test("loses an approval that was not used yet", async () => {
    const { wid, ada, ben } = await startTeam();
    const old = await asks(ben, wid);
    await cardIs(ada, wid, old.request, "pending");
    await ada.decide(wid, old.request, "approve");
    await standingIs(ben, old, "approved");
    await ben.permitted(old.call);
    const fresh = await edits(ben, old);
    for (const call of [old.call, fresh.call]) expect(permitCode(ben, call)).toBe("not-decided");
    await cardIs(ada, wid, old.request, "replaced");
    await cardIs(ada, wid, fresh.request, "pending");
    await ada.decide(wid, fresh.request, "approve");
    await standingIs(ben, fresh, "approved");
    await ben.permitted(fresh.call);
  });

  test("may be changed again, also while the change before is on its way", async () => {
    const { wid, ada, ben } = await startTeam();
    const first = await asks(ben, wid);
    const [second, third] = await Promise.all([edits(ben, first), edits(ben, first, '{"path":"/notes/c.txt"}')]);
    await cardIs(ada, wid, third.request, "pending");
    expect(ada.room.cards(wid).filter((card) => card.state === "pending")).toHaveLength(1);
    expect(second.request).not.toBe(third.request);
    expect(await ada.room.handlers["card.get"]({ wid, request: third.request }, main)).toMatchObject({
      args: '{"path":"/notes/c.txt"}',
      replaces: { args: NEW },
    });
  });
});

describe("[T26] [AP15] a call that is changed offline", () => {
  test("replaces the old one on reconnect, once, also after a restart and after an answer that was lost", async () => {
    const { wid, ada, ben } = await startTeam();
    const old = await asks(ben, wid);
    await cardIs(ada, wid, old.request, "pending");
    // Its answer is kept, or the disk below would refuse that one instead.
    await until(() => ben.room.status(wid).queued === 0, "the answer to the first request");
    await pause(ben, wid, true);
    const fresh = await edits(ben, old);
    await ben.close();
    const again = await openApp("Ben", { dir: ben.dir });
    expect(again.room.authority.standing(old.call.id)).toMatchObject({ state: "queued", request: fresh.request });
    expect(permitCode(again, old.call)).toBe("not-decided");
    // The server's answer comes, and the disk refuses to keep it: the command is sent again by the next start.
    again.store.db.exec("CREATE TEMP TRIGGER full BEFORE UPDATE ON main.outbox BEGIN SELECT RAISE(ABORT, 'full'); END");
    await pause(again, wid, false);
    await cardIs(ada, wid, fresh.request, "pending");
    await again.close();
    const third = await openApp("Ben", { dir: ben.dir });
    await third.inSync(wid);
    await until(() => third.room.status(wid).queued === 0, "the answer");
    expect(Object.fromEntries(ada.room.cards(wid).map((card) => [card.request, card.state]))).toEqual({
      [fresh.request]: "pending",
      [old.request]: "replaced",
    });
    await ada.decide(wid, fresh.request, "approve");
    await standingIs(third, fresh, "approved");
    expect(permitCode(third, old.call)).toBe("call-changed");
    await third.permitted(fresh.call);
  });

  test("takes over a rejection that came first, with its reason", async () => {
    const { wid, ada, ben } = await startTeam();
    const old = await asks(ben, wid);
    await cardIs(ada, wid, old.request, "pending");
    await pause(ben, wid, true);
    const fresh = await edits(ben, old);
    await ada.decide(wid, old.request, "reject", "not on a Friday");
    await pause(ben, wid, false);
    await standingIs(ben, fresh, "rejected");
    expect(ben.room.authority.standing(fresh.call.id)).toMatchObject({
      decidedBy: worded("Ada"),
      reason: worded("This was decided before the change of the arguments arrived. not on a Friday"),
    });
    await cardIs(ada, wid, old.request, "rejected");
    expect(ada.room.cards(wid)).toHaveLength(1);
  });

  test("voids an approval that came first: the changed call was approved by nobody", async () => {
    const { wid, ada, ben } = await startTeam();
    const old = await asks(ben, wid);
    await cardIs(ada, wid, old.request, "pending");
    await pause(ben, wid, true);
    const fresh = await edits(ben, old);
    await ada.decide(wid, old.request, "approve");
    await pause(ben, wid, false);
    await cardIs(ada, wid, fresh.request, "pending");
    await standingIs(ben, fresh, "waiting");
    expect(stateOf(ada, wid, old.request)).toBe("replaced");
    for (const call of [old.call, fresh.call]) expect(permitCode(ben, call)).toBe("not-decided");
  });

  test("a decision that comes after the change has no effect, and who made it is told", async () => {
    const { wid, ada, ben } = await startTeam();
    const old = await asks(ben, wid);
    await cardIs(ada, wid, old.request, "pending");
    await pause(ada, wid, true);
    await ada.decide(wid, old.request, "approve");
    const fresh = await edits(ben, old);
    await standingIs(ben, fresh, "waiting");
    await pause(ada, wid, false);
    await until(
      () => ada.shell.notified.some((item) => item.title === "Your decision had no effect"),
      "the word about it",
    );
    expect(ben.room.authority.standing(fresh.call.id)).toMatchObject({ state: "waiting", votes: 0 });
  });
});

describe("[T20] [T19] the policy judges the changed call", () => {
  const rule = (id: string, folder: string, effect: Rule["effect"]) => ({
    id,
    server: null,
    tools: ["write_file"],
    except: false,
    args: [{ path: "path", op: "under", value: folder }],
    roles: [],
    effect,
  });
  /** Notes ask, the scratch folder is free, `/etc` is denied, and `/srv` asks another queue. */
  const withRules = async (): Promise<Team> => {
    const team = await startTeam();
    const { server, wid, ada, ben } = team;
    const log = await connectModified(server.url, wid, "log", ada.dir);
    const [queue] = ada.room.queues(wid);
    // What no screen shows yet stands in what is signed.
    const signed = { ...queue, phone: "reject", grants: "none" };
    const { base } = ada.room.policy(wid);
    const rules = [
      rule("notes", "/notes", { kind: "ask", queue: "approvers" as never }),
      rule("scratch", "/scratch", { kind: "allow" }),
      rule("etc", "/etc", { kind: "deny" }),
      rule("srv", "/srv", { kind: "ask", queue: "second" as never }),
    ];
    expect(
      await log.send(
        log.command("policy.set", {
          base,
          unnamed: "ask",
          rules,
          queues: [signed, { ...signed, id: "second", name: "Second" }],
        }),
      ),
    ).toMatchObject({ ok: true });
    log.close();
    await until(() => ben.room.queues(wid).length === 2 && ada.room.queues(wid).length === 2, "the rules");
    return team;
  };

  test("denied: refused with the rule, and what was asked stays as it was", async () => {
    const { wid, ada, ben } = await withRules();
    const old = await asks(ben, wid);
    await cardIs(ada, wid, old.request, "pending");
    await expect(edits(ben, old, '{"path":"/etc/passwd"}')).rejects.toEqual(
      worded(/is never run when path is under \/etc.*not changed/),
    );
    await ada.decide(wid, old.request, "approve");
    await standingIs(ben, old, "approved");
    await ben.permitted(old.call);
  });

  test("allowed: the request is withdrawn and the call runs without one", async () => {
    const { wid, ada, ben } = await withRules();
    const old = await asks(ben, wid);
    await cardIs(ada, wid, old.request, "pending");
    const fresh = await edits(ben, old, '{"path":"/scratch/a.txt"}');
    expect(fresh).toMatchObject({ verdict: "allow", request: "" });
    expect(ben.room.authority.permit(fresh.call)).toMatchObject({ ok: true, permit: { request: null } });
    expect(permitCode(ben, old.call)).toBe("must-ask");
    await cardIs(ada, wid, old.request, "canceled");
  });

  test("another queue: the first one's card is withdrawn in the same step, and the other is asked", async () => {
    const { wid, ada, ben } = await withRules();
    const old = await asks(ben, wid);
    await cardIs(ada, wid, old.request, "pending");
    const fresh = await edits(ben, old, '{"path":"/srv/a.txt"}');
    await cardIs(ada, wid, old.request, "canceled");
    await cardIs(ada, wid, fresh.request, "pending");
    const card = await ada.room.handlers["card.get"]({ wid, request: fresh.request }, main);
    expect(card).toMatchObject({ queue: "Second", replaces: null });
    await ada.decide(wid, fresh.request, "approve");
    await standingIs(ben, fresh, "approved");
    await ben.permitted(fresh.call);
  });
});

test("[T19] a change that cannot be kept whole is not kept at all", async () => {
  const { wid, ada, ben } = await startTeam();
  const old = await asks(ben, wid);
  await cardIs(ada, wid, old.request, "pending");
  const rows = () =>
    ben.store.db.prepare("SELECT (SELECT count(*) FROM outbox) AS sent, (SELECT request FROM holds) AS request").get();
  const before = rows();
  const call = { ...old.call, args: NEW };
  // A full disk, and a call that has begun while its change was being sealed.
  ben.store.db.exec("CREATE TEMP TRIGGER full BEFORE INSERT ON main.holds BEGIN SELECT RAISE(ABORT, 'full'); END");
  await expect(edits(ben, old)).rejects.toMatchObject({ code: "store-failed" });
  ben.store.db.exec("DROP TRIGGER temp.full");
  await expect(
    ben.room.authority.edit(call, () => {
      throw new Error("begun");
    }),
  ).rejects.toThrow("begun");
  expect(rows()).toEqual(before);
  await ada.decide(wid, old.request, "approve");
  await standingIs(ben, old, "approved");
  await ben.permitted(old.call);
  expect(permitCode(ben, call)).toBe("call-changed");
});

test("[AP15] [T15] [T20] a modified app edits nobody else's request, replays no vote into the new one, and uses nothing that was replaced", async () => {
  const { server, wid, ada, ben } = await startTeam();
  const cleo = await openApp("Cleo");
  await joinWith(ada, cleo, wid);
  const old = await asks(ben, wid);
  await cardIs(ada, wid, old.request, "pending");
  await ada.decide(wid, old.request, "approve");
  await standingIs(ben, old, "approved");
  const body = {
    ttlMs: 3_600_000,
    server: "files",
    tool: "write_file",
    rule: "default",
    callHash: "h".repeat(43),
    jwe: "sealed",
    replaces: old.request,
    practice: false,
  };

  const [benId, cleoId] = [ben, cleo].map((app) => app.room.team(wid).me);
  await cleo.close();
  const log = await connectModified(server.url, wid, "log", cleo.dir);
  const seen = [log.entries().length, hashOf(nodeCrypto, log.entries().at(-1) ?? "")];
  const at = { d: "queue:approvers", seen };
  const asCleo = await connectModified(server.url, wid, `lane:${cleoId}`, cleo.dir);
  expect(await asCleo.send(asCleo.command("approval.request", body, at))).toEqual({ ok: false, code: "not-requester" });
  // The same bytes ask for something of Cleo's own.
  expect(await asCleo.send(asCleo.command("approval.request", { ...body, replaces: null }, at))).toMatchObject({
    ok: true,
  });
  asCleo.close();

  const fresh = await edits(ben, old);
  await cardIs(ada, wid, fresh.request, "pending");
  const vote = createWorkspaceStore(ada.store)
    .entries(wid, "queue:approvers")
    .map((text) => (JSON.parse(text) as { c: string }).c)
    .find((jws) => nodeCrypto.decode(jws.split(".")[1] ?? "")?.includes('"approval.vote"'));
  await ada.close();
  const asAda = await connectModified(server.url, wid, "queue:approvers", ada.dir);
  await asAda.send(vote ?? "");
  expect(
    await asAda.send(asAda.command("approval.vote", { request: old.request, v: "approve", note: null }, { seen })),
  ).toEqual({ ok: false, code: "resolved" });
  await ben.inSync(wid);
  await standingIs(ben, fresh, "waiting");
  expect(ben.room.authority.standing(fresh.call.id)).toMatchObject({ state: "waiting", votes: 0 });
  expect(permitCode(ben, fresh.call)).toBe("not-decided");

  await ben.close();
  const asBen = await connectModified(server.url, wid, `lane:${benId}`, ben.dir);
  for (const request of [old.request, fresh.request])
    expect(await asBen.send(asBen.command("approval.used", { request, result: "ok" }, at))).toEqual({
      ok: false,
      code: "not-approved",
    });
  expect(
    await asAda.send(asAda.command("approval.vote", { request: fresh.request, v: "approve", note: null }, { seen })),
  ).toMatchObject({ ok: true });
  expect(await asBen.send(asBen.command("approval.used", { request: fresh.request, result: "ok" }, at))).toMatchObject({
    ok: true,
  });
  for (const client of [asAda, asBen, log]) client.close();
});
