/** What goes wrong between two people and a server: cuts, restarts, lies, clocks, and people who lose their rights. */
import { told } from "#bridge/told.ts";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { hashOf } from "#core/protocol/crypto.ts";
import type { StatusView } from "#bridge/workspace.ts";
import { callHash, callText } from "../../electron/host/gate/call-hash.ts";
import { NOTHING, sealedText } from "../../electron/host/gate/enclosure.ts";
import { clientCrypto } from "#node/client-crypto.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { seal } from "#client/keys/sealed.ts";
import { changePolicy, joinWith, main, openApp, SERVER, startTeam } from "../helpers/app.ts";
import type { App } from "../helpers/app.ts";
import { connectModified } from "../helpers/modified-client.ts";
import { until } from "../helpers/wait.ts";
import { worded, wordsOf, tells } from "../helpers/worded.ts";

const ARGS = '{"path":"/notes/a.txt","content":"hello"}';
const linkIs = (app: App, wid: string, link: StatusView["link"]) =>
  until(() => app.room.status(wid).link === link, `${app.name} ${link}`);
const stateIs = (app: App, call: string, state: string) =>
  until(() => app.room.authority.standing(call)?.state === state, `${app.name}'s call ${state}`);

describe("offline", () => {
  test("[T26] a call asked without a connection reaches the approver once, when there is one", async () => {
    const { wid, ada, ben } = await startTeam();
    await ben.room.handlers["workspace.pause"]({ wid, paused: true }, main);
    expect(ben.room.status(wid)).toMatchObject({ link: "offline", reason: { code: "paused" } });
    const call = ben.call(wid, SERVER, ARGS);
    await ben.room.authority.ask(call);
    expect(ben.room.authority.standing(call.id)?.state).toBe("queued");
    expect(ben.room.status(wid).queued).toBe(1);
    await expect(
      ben.room.handlers["invite.create"]({ wid, role: "member", label: "", expiresInMs: 60_000, uses: 1 }, main),
    ).rejects.toThrow();

    // The app goes down and comes up with the plug still pulled.
    await ben.close();
    const again = await openApp("Ben", { dir: ben.dir });
    expect(again.room.authority.standing(call.id)?.state).toBe("queued");
    expect(ada.room.cards(wid)).toEqual([]);
    await again.room.handlers["workspace.pause"]({ wid, paused: false }, main);
    const card = await ada.card(wid);
    await ada.decide(wid, card.request, "approve");
    await stateIs(again, call.id, "approved");
    expect(ada.room.cards(wid)).toHaveLength(1);
    expect(again.room.status(wid).queued).toBe(0);
    await again.permitted(call);
  });

  test("[T26] a server that dies in the middle loses and doubles nothing", async () => {
    const { server, wid, ada, ben } = await startTeam();
    await server.stop("SIGKILL");
    for (const app of [ada, ben]) await linkIs(app, wid, "offline");
    const calls = [ben.call(wid, SERVER, ARGS), ben.call(wid, SERVER, ARGS), ben.call(wid, SERVER, ARGS)];
    for (const call of calls) await ben.room.authority.ask(call);
    await expect(
      ada.room.handlers["member.setRole"]({ wid, member: ben.room.team(wid).me, role: "guest" }, main),
    ).rejects.toMatchObject({ code: "not-connected" });
    await server.start();
    await until(() => ada.room.cards(wid).length === 3, "three cards");
    await ada.decide(wid, ben.room.authority.standing(calls[1]?.id ?? "")?.request ?? "", "approve");
    await stateIs(ben, calls[1]?.id ?? "", "approved");
    expect(ada.room.cards(wid)).toHaveLength(3);
    expect(calls.map(({ id }) => ben.room.authority.standing(id)?.state)).toEqual(["waiting", "approved", "waiting"]);
  });

  test("[T26] an approval that was given runs only while the server shows that nothing was taken back", async () => {
    const { server, wid, ada, ben } = await startTeam();
    const call = ben.call(wid, SERVER, ARGS);
    await ben.room.authority.ask(call);
    await ada.decide(wid, (await ada.card(wid)).request, "approve");
    await stateIs(ben, call.id, "approved");
    await ben.permitted(call);
    await server.stop("SIGKILL");
    await linkIs(ben, wid, "offline");
    expect(ben.room.authority.permit(call)).toMatchObject({ ok: false, error: { code: "not-in-sync" } });
    await server.start();
    await linkIs(ben, wid, "in-sync");
    await ben.permitted(call);
  });

  test("[T26] a decision that comes too late is refused with the reason", async () => {
    const { wid, ada, ben } = await startTeam();
    const cleo = await openApp("Cleo");
    await joinWith(ada, cleo, wid, "approver");
    const call = ben.call(wid, SERVER, ARGS);
    await ben.room.authority.ask(call);
    const card = await cleo.card(wid);
    await cleo.room.handlers["workspace.pause"]({ wid, paused: true }, main);
    await cleo.decide(wid, card.request, "approve");
    expect(cleo.room.cards(wid)[0]?.canVote.why).toEqual(worded(/waits here/));
    await ada.sees(wid, card.request);
    await ada.decide(wid, card.request, "reject", "no");
    await stateIs(ben, call.id, "rejected");
    await cleo.room.handlers["workspace.pause"]({ wid, paused: false }, main);
    const told = await until(
      () => cleo.shell.notified.find((item) => item.title === "Your decision had no effect"),
      "the word about it",
    );
    expect(told.body).toContain("This was decided already.");
    expect(ben.room.authority.standing(call.id)).toMatchObject({ state: "rejected", decidedBy: worded("Ada") });
  });
});

describe("a disk that refuses", () => {
  test("ends nothing: the decision is worth what it says, and is kept when there is room again", async () => {
    const { wid, ada, ben } = await startTeam();
    const call = ben.call(wid, SERVER, ARGS);
    await ben.room.authority.ask(call);
    const { request } = await ada.card(wid);
    // The entry itself, after which nothing is said until the decision.
    await ben.sees(wid, request);
    await stateIs(ben, call.id, "waiting");
    ben.store.db.exec("CREATE TEMP TRIGGER full BEFORE UPDATE ON main.holds BEGIN SELECT RAISE(ABORT, 'full'); END");
    await ada.decide(wid, request, "reject", "no");
    await stateIs(ben, call.id, "rejected");
    const kept = () => ben.store.db.prepare("SELECT state FROM holds WHERE call = ?").get(call.id);
    expect(kept()).toEqual({ state: "waiting" });
    expect(ben.room.status(wid).link).toBe("in-sync");
    const heard: string[] = [];
    ben.room.authority.onStanding((id) => heard.push(id));
    ben.store.db.exec("DROP TRIGGER temp.full");
    expect(ben.room.authority.standing(call.id)?.state).toBe("rejected");
    await until(() => heard.length > 0, "the word about it");
    await until(() => (kept() as { state: string }).state === "rejected", "the decision on the disk");
  });
});

test("a copy that the disk refuses says so in the status line, and is in sync again by itself", async () => {
  const { wid, ada, ben } = await startTeam();
  ben.store.db.exec("CREATE TEMP TRIGGER full BEFORE INSERT ON main.chain BEGIN SELECT RAISE(ABORT, 'full'); END");
  await joinWith(ada, await openApp("Cleo"), wid);
  await until(() => ben.room.status(wid).reason?.code === "store-failed", "the word about the disk");
  expect(ben.room.status(wid).link).toBe("offline");
  await ben.room.handlers["workspace.reconnect"]({ wid }, main);
  ben.store.db.exec("DROP TRIGGER temp.full");
  await until(() => ben.room.status(wid).link === "in-sync", "in sync");
  await until(() => ben.room.team(wid).members.length === 3, "the new member");
  expect(ben.store.db.prepare("SELECT code FROM evidence").all()).toEqual([]);
});

/** A call of Ben's that Cleo approved. */
const approvedByCleo = async () => {
  const { wid, ada, ben } = await startTeam();
  const cleo = await openApp("Cleo");
  await joinWith(ada, cleo, wid, "approver");
  const call = ben.call(wid, SERVER, ARGS);
  await ben.room.authority.ask(call);
  await cleo.decide(wid, (await cleo.card(wid)).request, "approve");
  await stateIs(ben, call.id, "approved");
  return { wid, ada, ben, cleo, call };
};

describe("people who lose their rights", () => {
  test("[T26] a removed member's queued call does not run", async () => {
    const { wid, ada, ben } = await startTeam();
    await ben.room.handlers["workspace.pause"]({ wid, paused: true }, main);
    const call = ben.call(wid, SERVER, ARGS);
    await ben.room.authority.ask(call);
    await ada.room.handlers["member.remove"]({ wid, member: ben.room.team(wid).me }, main);
    await ben.room.handlers["workspace.pause"]({ wid, paused: false }, main);
    await linkIs(ben, wid, "out");
    expect(ben.room.status(wid).reason?.code).toBe("out-removed");
    await stateIs(ben, call.id, "refused");
    expect(ben.room.authority.permit(call)).toMatchObject({ ok: false, error: { code: "call-denied" } });
    expect(ada.room.cards(wid)).toEqual([]);
  });

  test("a role taken away between the decision and the run stops the run", async () => {
    const { wid, ada, ben, cleo, call } = await approvedByCleo();
    await ada.room.handlers["member.setRole"]({ wid, member: cleo.room.team(wid).me, role: "member" }, main);
    await until(
      () => ben.room.team(wid).members.find((item) => item.name === "Cleo")?.role === "member",
      "the new role at Ben's",
    );
    expect(ben.room.authority.permit(call)).toEqual({
      ok: false,
      error: told("votes-lost"),
    });
  });

  test("[T20] [AP9] a device closed between the decision and the run stops the run, though its person may still decide", async () => {
    const { wid, ada, ben, call } = await approvedByCleo();
    await ben.permitted(call);
    const lost = await until(
      () => ada.room.team(wid).members.find(({ name }) => name === "Cleo")?.devices[0],
      "Cleo's device at Ada's",
    );
    await ada.room.handlers["device.revoke"]({ wid, device: lost.id }, main);
    await until(
      () => ben.room.team(wid).members.find(({ name }) => name === "Cleo")?.devices[0]?.revokedAt !== null,
      "the closed device at Ben's",
    );
    expect(ben.room.authority.permit(call)).toEqual({
      ok: false,
      error: told("vote-device-closed"),
    });
  });

  test("[T5] a requester who lost tools.use gets no permit, and is told which rule says so", async () => {
    const { wid, ada, ben } = await startTeam();
    const call = ben.call(wid, SERVER, ARGS);
    await ben.room.authority.ask(call);
    await ada.decide(wid, (await ada.card(wid)).request, "approve");
    await stateIs(ben, call.id, "approved");
    await ada.room.handlers["member.setRole"]({ wid, member: ben.room.team(wid).me, role: "guest" }, main);
    await until(() => ben.room.team(wid).members.find((item) => item.me)?.role === "guest", "the guest role");
    expect(ben.room.authority.permit(call)).toEqual({
      ok: false,
      error: tells("call-denied", "The role Guest may not use tools."),
    });
  });
});

describe("time", () => {
  const approved = async () => {
    const team = await startTeam();
    const call = team.ben.call(team.wid, SERVER, ARGS);
    await team.ben.room.authority.ask(call);
    await team.ada.decide(team.wid, (await team.ada.card(team.wid)).request, "approve");
    await stateIs(team.ben, call.id, "approved");
    return { ...team, call };
  };

  test("an approval that is not used in time is over, also after the wall clock is set back and the app restarted", async () => {
    const { ben, call, wid } = await approved();
    await ben.permitted(call);
    ben.clock.wall(-86_400_000);
    ben.clock.pass(3_600_001);
    expect(ben.room.authority.permit(call)).toMatchObject({ ok: false, error: { code: "call-expired" } });
    expect(ben.room.authority.standing(call.id)?.state).toBe("expired");
    await ben.close();
    const again = await openApp("Ben", { dir: ben.dir });
    await again.inSync(wid);
    expect(again.room.authority.standing(call.id)?.state).toBe("expired");
  });

  test("a restart with the clock set back does not give the time again", async () => {
    const { ben, call, wid } = await approved();
    ben.clock.pass(3_000_000);
    expect(ben.room.authority.standing(call.id)?.state).toBe("approved");
    await ben.close();
    const again = await openApp("Ben", { dir: ben.dir });
    // Its own clock reads 50 minutes earlier than it did; the highest time seen was kept.
    again.clock.pass(700_000);
    await again.inSync(wid);
    expect(again.room.authority.permit(call)).toMatchObject({ ok: false, error: { code: "call-expired" } });
  });

  test("what nobody decides in time is denied", async () => {
    const { wid, ada, ben } = await startTeam();
    const call = ben.call(wid, SERVER, ARGS);
    await ben.room.authority.ask(call);
    const card = await ada.card(wid);
    await stateIs(ben, call.id, "waiting");
    ben.clock.pass(8 * 3_600_000 + 1_000);
    expect(ben.room.authority.standing(call.id)).toMatchObject({ state: "expired", reason: told("nobody-decided") });
    // A server that still takes the vote changes nothing any more.
    await ada.decide(wid, card.request, "approve");
    await until(() => ada.room.cards(wid)[0]?.state === "approved", "the late vote");
    expect(ben.room.authority.permit(call)).toMatchObject({ ok: false, error: { code: "call-expired" } });
  });
});

describe("[T15] lies", () => {
  /** Changes the newest entry of a document in the server's own database. */
  const tamper = (dir: string, doc: string, change: (entry: { c: string }) => void): void => {
    const db = new Sqlite(join(dir, "workspaces.sqlite"));
    const row = db
      .prepare<[string], { wid: string; seq: number; entry: string }>(
        "SELECT wid, seq, entry FROM chain_entry WHERE doc = ? ORDER BY seq DESC LIMIT 1",
      )
      .get(doc);
    if (row === undefined) throw new Error("nothing to change");
    const entry = JSON.parse(row.entry) as { c: string };
    change(entry);
    db.prepare("UPDATE chain_entry SET entry = ? WHERE wid = ? AND doc = ? AND seq = ?").run(
      JSON.stringify(entry),
      row.wid,
      doc,
      row.seq,
    );
    db.close();
  };
  const allowInstead = (entry: { c: string }): void => {
    const [head = "", payload = "", signature = ""] = entry.c.split(".");
    const text = (nodeCrypto.decode(payload) ?? "").replace('{"kind":"ask","queue":"approvers"}', '{"kind":"allow"}');
    entry.c = `${head}.${nodeCrypto.encode(text)}.${signature}`;
  };
  /** Removes the verified entries, as on a device that has just been added. */
  const forget = (dir: string): void => {
    const db = new Sqlite(join(dir, "bulkhead.db"));
    db.exec("DELETE FROM chain");
    db.close();
  };
  const strictPolicy = async (team: Awaited<ReturnType<typeof startTeam>>): Promise<void> => {
    await changePolicy(team.ada, team.wid, {
      kind: "effects",
      server: SERVER,
      effects: { write_file: { kind: "ask", queue: "approvers" } },
    });
    await until(
      () => team.ben.room.policy(team.wid).base === team.ada.room.policy(team.wid).base,
      "the policy at Ben's",
    );
  };

  test("a server whose store was edited stops the copies that notice, in words, and nothing is believed", async () => {
    const team = await startTeam();
    const { server, wid, ada, ben } = team;
    await strictPolicy(team);
    await server.stop();
    tamper(server.dir, "log", allowInstead);
    await server.start();
    await linkIs(ben, wid, "tampered");
    expect(wordsOf(ben.room.status(wid).reason)).toContain("cannot be trusted");
    expect(ben.room.authority.judge(ben.call(wid, SERVER, ARGS))).toMatchObject({ kind: "deny" });
    await linkIs(ada, wid, "tampered");
    expect(ben.store.db.prepare("SELECT code, doc FROM evidence").all()).toContainEqual({
      code: "log-fork",
      doc: "log",
    });

    // The halt outlives the app; a healed server ends it when the person connects again.
    await ben.close();
    const again = await openApp("Ben", { dir: ben.dir });
    expect(again.room.status(wid).link).toBe("tampered");
  });

  test("a copy that starts anew does not take an edited entry either; unedited, it does", async () => {
    for (const edited of [true, false]) {
      const team = await startTeam();
      const { server, wid, ben } = team;
      await strictPolicy(team);
      await ben.inSync(wid);
      await ben.close();
      await server.stop();
      if (edited) tamper(server.dir, "log", allowInstead);
      await server.start();
      forget(ben.dir);
      const again = await openApp("Ben", { dir: ben.dir });
      await linkIs(again, wid, edited ? "tampered" : "in-sync");
      const evidence = again.store.db.prepare("SELECT code FROM evidence").all();
      expect(evidence).toEqual(edited ? [{ code: "bad-signature" }] : []);
      expect(again.room.authority.judge(again.call(wid, SERVER, ARGS)).kind).toBe(edited ? "deny" : "ask");
    }
  });

  test("arguments that are not what was signed cannot be approved or rejected", async () => {
    const { server, wid, ada, ben } = await startTeam();
    const me = ben.room.team(wid).me;
    const readers = ada.room.team(wid);
    await ben.close();
    const client = await connectModified(server.url, wid, `lane:${me}`, ben.dir);
    const log = await connectModified(server.url, wid, "log", ben.dir);
    const facts = {
      workspace: wid,
      requester: me,
      device: deviceOf(log.entries(), me),
      server: { id: SERVER, launch: "launch-1" },
      tool: "write_file",
      schema: "s".repeat(43),
      salt: "saltsaltsaltsaltsaltsa",
    };
    const shown = callText({ ...facts, args: '{"path":"/notes/harmless.txt"}' });
    const meant = callText({ ...facts, args: '{"path":"/etc/passwd"}' });
    const jwe = await seal(
      clientCrypto,
      sealedText(shown, NOTHING),
      keysOf(
        log.entries(),
        readers.members.map(({ id }) => id),
      ),
    );
    const seen = [log.entries().length, hashOf(nodeCrypto, log.entries().at(-1) ?? "")];
    const body = {
      ttlMs: 3_600_000,
      server: "files",
      tool: "write_file",
      rule: "default",
      callHash: callHash(meant),
      jwe,
      replaces: null,
      practice: false,
    };
    expect(await client.send(client.command("approval.request", body, { d: "queue:approvers", seen }))).toMatchObject({
      ok: true,
    });
    client.close();
    log.close();

    const card = await ada.card(wid);
    const whole = await ada.room.handlers["card.get"]({ wid, request: card.request }, main);
    expect(whole).toMatchObject({ args: null, argsProblem: { code: "args-mismatch" }, canVote: { allowed: false } });
    await expect(ada.decide(wid, card.request, "approve")).rejects.toMatchObject({ code: "args-mismatch" });
    await expect(ada.decide(wid, card.request, "reject")).rejects.toMatchObject({ code: "args-mismatch" });
  });

  test("[T20] the other device of the requester decides nothing", async () => {
    const { server, wid, ada } = await startTeam();
    const cleo = await openApp("Cleo");
    await joinWith(ada, cleo, wid, "approver");
    const call = cleo.call(wid, SERVER, ARGS);
    await cleo.room.authority.ask(call);
    const card = await ada.card(wid);
    await cleo.close();
    const log = await connectModified(server.url, wid, "log", cleo.dir);
    const me = (ada.room.team(wid).members.find((item) => item.name === "Cleo")?.id ?? "") as string;
    const queue = await connectModified(server.url, wid, "queue:approvers", cleo.dir);
    const seen = [log.entries().length, hashOf(nodeCrypto, log.entries().at(-1) ?? "")];
    expect(me).not.toBe("");
    expect(
      await queue.send(queue.command("approval.vote", { request: card.request, v: "approve", note: null }, { seen })),
    ).toEqual({ ok: false, code: "own-request" });
    queue.close();
    log.close();
    const again = await openApp("Cleo", { dir: cleo.dir });
    await again.inSync(wid);
    expect(again.room.authority.permit(call)).toMatchObject({ ok: false, error: { code: "not-decided" } });
  });
});

interface Joined {
  readonly member: string;
  readonly x: string;
  readonly enc: string;
}
const joinsIn = (entries: readonly string[]): Joined[] =>
  entries.flatMap((text) => {
    const { k, b } = JSON.parse(
      nodeCrypto.decode((JSON.parse(text) as { c: string }).c.split(".")[1] ?? "") ?? "{}",
    ) as { k: string; b: Joined & { text: string } };
    return k === "member.join" ? [b] : k === "genesis" ? [JSON.parse(b.text) as Joined] : [];
  });
const idOf = (x: string): string => nodeCrypto.sha256(`bulkhead-device-v1\0${x}`).slice(0, 22);
const deviceOf = (entries: readonly string[], member: string): string =>
  idOf(joinsIn(entries).find((item) => item.member === member)?.x ?? "");
const keysOf = (entries: readonly string[], members: readonly string[]) =>
  joinsIn(entries)
    .filter((item) => members.includes(item.member))
    .map(({ x, enc, member }) => ({
      id: idOf(x) as never,
      member: member as never,
      x,
      enc,
      kind: "desktop" as const,
      name: null,
      knows: null,
      from: 1,
      addedAt: 0,
      to: null,
      revokedAt: null,
      rotatedFrom: null,
      recovered: null,
    }));
