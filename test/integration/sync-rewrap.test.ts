/** Arguments that are sealed again for people and devices that came while a request waited. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { COPIES_MAX } from "#core/rules/approval.ts";
import { deviceProofText } from "#core/protocol/command.ts";
import { hashOf } from "#core/protocol/crypto.ts";
import { openStore } from "../../electron/host/store/open.ts";
import { createWorkspaceStore } from "../../electron/host/store/workspaces.ts";
import { clientCrypto } from "#node/client-crypto.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { addressees } from "#client/keys/jwe.ts";
import { seal } from "#client/keys/sealed.ts";
import { noKeychain } from "../../electron/shell/key-file.ts";
import { createKeys } from "../../electron/shell/keys.ts";
import { changePolicy, joinWith, main, openApp, SERVER, startTeam } from "../helpers/app.ts";
import type { App, Team } from "../helpers/app.ts";
import { connectModified } from "../helpers/modified-client.ts";
import { tempDir } from "../helpers/temp.ts";
import { until } from "../helpers/wait.ts";
import { keptRow } from "../helpers/kept-row.ts";
import { tells } from "../helpers/worded.ts";

const ARGS = '{"path":"/notes/a.txt","content":"hello"}';
const asks = async (app: App, wid: string): Promise<string> => {
  const call = app.call(wid, SERVER, ARGS);
  await app.room.authority.ask(call);
  return until(
    () =>
      app.room.authority.standing(call.id)?.state === "waiting" ? app.room.authority.standing(call.id)?.request : null,
    "the request at the server",
  );
};
const opens = async (
  app: App,
  wid: string,
  request: string,
): Promise<{ args: string | null; code: string | undefined }> => {
  const card = await app.room.handlers["card.get"]({ wid, request }, main);
  return { args: card.args, code: card.argsProblem?.code };
};
const sealedTimes = (app: App, wid: string, request: string): number =>
  app.room.cards(wid).find((card) => card.request === request)?.sealed ?? 0;

const commandsOf = (
  app: App,
  wid: string,
  doc: string,
): { k: string; b: { request?: string; jwe?: string; member?: string; x?: string } }[] =>
  createWorkspaceStore(app.store)
    .entries(wid, doc)
    .map((text) => JSON.parse(nodeCrypto.decode((JSON.parse(text) as { c: string }).c.split(".")[1] ?? "") ?? "{}"));
const copiesIn = (app: App, wid: string): string[][] =>
  commandsOf(app, wid, "queue:approvers").flatMap(({ k, b }) =>
    k === "approval.rewrap" ? [addressees(b.jwe ?? "")] : [],
  );
/** Waits until `at` holds a copy that is sealed to `app`. */
const copyFor = (app: App, at: App, wid: string) =>
  until(() => copiesIn(at, wid).flat().includes(deviceOf(app)), `the copy for ${app.name} at ${at.name}'s`);
const devicesOf = (app: App): string[] =>
  createKeys(join(app.dir, "device-keys.json"), noKeychain)
    .list()
    .map(({ device }) => device);
const deviceOf = (app: App): string => devicesOf(app)[0] ?? "";

/** Another computer of the same person: its key is added by the first one, and it has the workspace already. */
const secondDevice = async ({ server, wid }: Team, of: App): Promise<App> => {
  const dir = tempDir();
  const keys = createKeys(join(dir, "device-keys.json"), noKeychain);
  const [{ device, x, enc } = keys.make()] = keys.list();
  const member = of.room.team(wid).me;
  const log = await connectModified(server.url, wid, "log", of.dir);
  const pop = keys.sign(device, deviceProofText(wid as never, member, x, enc));
  expect(await log.send(log.command("device.add", { x, enc, pop, kind: "desktop", name: null }))).toMatchObject({
    ok: true,
  });
  log.close();
  const store = openStore({ dir });
  createWorkspaceStore(store).add(keptRow({ wid, member, device, server: server.url }), 1);
  store.close();
  const app = await openApp(`${of.name}'s other computer`, { dir });
  await app.inSync(wid);
  return app;
};

describe("[AP20] [T18] [T20] arguments of a request that waits", () => {
  test("are opened by an approver who came later, and by a Member who was made one, who can then decide", async () => {
    const { wid, ada, ben } = await startTeam();
    const cleo = await openApp("Cleo");
    await joinWith(ada, cleo, wid);
    const request = await asks(ben, wid);
    const dora = await openApp("Dora");
    await joinWith(ada, dora, wid, "approver");
    await ada.room.handlers["member.setRole"]({ wid, member: cleo.room.team(wid).me, role: "approver" }, main);
    for (const app of [dora, cleo]) {
      await app.card(wid, (card) => card.request === request);
      // Both are told before the copy is there, and see the arguments when it is.
      await copyFor(app, app, wid);
      expect(await opens(app, wid, request)).toEqual({ args: ARGS, code: undefined });
    }
    for (const app of [dora, cleo]) await copyFor(app, ada, wid);
    expect(copiesIn(ada, wid).flat().toSorted()).toEqual([deviceOf(cleo), deviceOf(dora)].toSorted());
    await cleo.decide(wid, request, "approve");
    await until(() => ben.room.cards(wid)[0]?.state === "approved", "the decision");
  });

  test("are opened on a second computer of an approver", async () => {
    const team = await startTeam();
    const request = await asks(team.ben, team.wid);
    const other = await secondDevice(team, team.ada);
    await other.card(team.wid, (card) => card.request === request);
    await until(() => sealedTimes(other, team.wid, request) === 2, "the copy");
    expect(await opens(other, team.wid, request)).toEqual({ args: ARGS, code: undefined });
    expect(copiesIn(other, team.wid)).toEqual([[deviceOf(other)]]);
  });

  test("[T24] are opened with the new key of an approver who replaced theirs, and the old one is not needed", async () => {
    const { wid, ada, ben } = await startTeam();
    const request = await asks(ben, wid);
    const old = deviceOf(ada);
    await ada.card(wid, (card) => card.request === request);
    await ada.inSync(wid);
    await ada.room.handlers["device.replaceKey"]({ wid }, main);
    await ada.inSync(wid);
    const [, next = ""] = devicesOf(ada);
    await until(() => sealedTimes(ada, wid, request) === 2, "the copy");
    expect(copiesIn(ada, wid)).toEqual([[next]]);
    await ada.shell.request("keys.drop", { device: old });
    expect(devicesOf(ada)).toEqual([next]);
    expect(await opens(ada, wid, request)).toEqual({ args: ARGS, code: undefined });
    await ada.decide(wid, request, "approve");
    await until(() => ben.room.cards(wid)[0]?.state === "approved", "the decision");
  });

  test("[IN11] [T24] are opened by an approver who lost their device and came back with another, and nothing more is sealed to the lost one", async () => {
    const { wid, ada, ben } = await startTeam();
    const cleo = await openApp("Cleo");
    await joinWith(ada, cleo, wid, "approver");
    const request = await asks(ben, wid);
    await cleo.card(wid, (card) => card.request === request);
    const { link } = await ada.room.handlers["member.letBack"](
      { wid, member: cleo.room.team(wid).me, expiresInMs: 3_600_000 },
      main,
    );
    const laptop = await openApp("Cleo");
    await laptop.room.handlers["invite.join"]({ link: link ?? "" }, main);
    await laptop.inSync(wid);
    // Whoever decides for others comes back as a Guest until an Admin gives the role again.
    expect(laptop.room.cards(wid)).toEqual([]);
    await until(
      () => ada.room.team(wid).members.some(({ name, role }) => name === "Cleo" && role === "guest"),
      "Cleo back at Ada's",
    );
    await ada.room.handlers["member.setRole"]({ wid, member: laptop.room.team(wid).me, role: "approver" }, main);
    await laptop.card(wid, (card) => card.request === request);
    await until(() => sealedTimes(laptop, wid, request) === 2, "the copy");
    expect(await opens(laptop, wid, request)).toEqual({ args: ARGS, code: undefined });
    expect(copiesIn(laptop, wid)).toEqual([[deviceOf(laptop)]]);
    await laptop.decide(wid, request, "approve");
    await until(() => ben.room.cards(wid)[0]?.state === "approved", "the decision");
  });

  test("[AP16] are opened by whoever came to stand in for an approver", async () => {
    const { wid, ada, ben } = await startTeam();
    const cleo = await openApp("Cleo");
    await joinWith(ada, cleo, wid, "approver");
    const [queue] = ada.room.queues(wid);
    if (queue === undefined) throw new Error("a workspace has a queue");
    await changePolicy(ada, wid, {
      kind: "queue",
      queue: { ...queue, all: [{ n: 1, roles: ["owner"], members: [] }] },
    });
    await until(() => ben.room.queues(wid)[0]?.all[0]?.roles.join() === "owner", "the rule at Ben's");
    const request = await asks(ben, wid);
    await ada.room.handlers["delegation.set"]({ wid, to: cleo.room.team(wid).me, until: Date.now() + 3_600_000 }, main);
    await until(() => sealedTimes(cleo, wid, request) === 2, "the copy");
    expect(await opens(cleo, wid, request)).toEqual({ args: ARGS, code: undefined });
    await copyFor(cleo, ada, wid);
    expect(copiesIn(ada, wid)).toEqual([[deviceOf(cleo)]]);
    await cleo.decide(wid, request, "approve");
    await until(() => ben.room.cards(wid)[0]?.state === "approved", "the decision");
  });

  test("reach newcomers who came close together in one copy for all of them, each person once", async () => {
    const { wid, ada, ben } = await startTeam();
    const request = await asks(ben, wid);
    const pause = (paused: boolean) => ben.room.handlers["workspace.pause"]({ wid, paused }, main);
    const people: App[] = [];
    for (const group of [
      ["Cleo", "Dora"],
      ["Emil", "Fay", "Gus"],
    ]) {
      // However long their joining takes, to Ben's app they come at once.
      await pause(true);
      for (const name of group) {
        const app = await openApp(name);
        await joinWith(ada, app, wid, "approver");
        people.push(app);
      }
      await pause(false);
      for (const app of people) await copyFor(app, ada, wid);
    }
    const devices = people.map(deviceOf);
    expect(copiesIn(ada, wid).map((to) => to.toSorted())).toEqual(
      [devices.slice(0, 2), devices.slice(2)].map((group) => group.toSorted()),
    );
    for (const app of people) {
      await copyFor(app, app, wid);
      expect((await opens(app, wid, request)).args).toBe(ARGS);
    }
  });

  test("are sealed again on reconnect where the requester was away, and not for who was removed meanwhile", async () => {
    const { wid, ada, ben } = await startTeam();
    const request = await asks(ben, wid);
    await ben.room.handlers["workspace.pause"]({ wid, paused: true }, main);
    const [cleo, dora] = [await openApp("Cleo"), await openApp("Dora")];
    await joinWith(ada, cleo, wid, "approver");
    await joinWith(ada, dora, wid, "approver");
    await dora.card(wid, (card) => card.request === request);
    expect(await opens(dora, wid, request)).toEqual({ args: null, code: "not-sealed-for-device" });
    await ada.room.handlers["member.remove"]({ wid, member: cleo.room.team(wid).me }, main);
    await ben.room.handlers["workspace.pause"]({ wid, paused: false }, main);
    await until(() => sealedTimes(dora, wid, request) === 2, "the copy");
    expect((await opens(dora, wid, request)).args).toBe(ARGS);
    await copyFor(dora, ada, wid);
    expect(copiesIn(ada, wid)).toEqual([[deviceOf(dora)]]);
  });

  test("are not sealed again once the request is decided, nor by another computer of the requester", async () => {
    const team = await startTeam();
    const { wid, ada, ben } = team;
    const first = await asks(ben, wid);
    await ada.decide(wid, first, "reject", "no");
    const second = await asks(ben, wid);
    await secondDevice(team, ben);
    await joinWith(ada, await openApp("Cleo"), wid, "approver");
    await until(
      () => sealedTimes(ada, wid, second) >= 2 && copiesIn(ada, wid).flat().length === 2,
      "copies of the one that waits",
    );
    const rewrapped = commandsOf(ada, wid, "queue:approvers").flatMap(({ k, b }) =>
      k === "approval.rewrap" ? [b.request] : [],
    );
    expect(new Set(rewrapped)).toEqual(new Set([second]));
    expect(ben.store.db.prepare("SELECT count(*) AS n FROM outbox WHERE kind = 'approval.rewrap'").get()).toEqual({
      n: rewrapped.length,
    });
  });
});

test("[AP20] [T20] [T27] a copy that says something else than what was signed shows the mismatch, and nobody who has only it can decide", async () => {
  const { server, wid, ada, ben } = await startTeam();
  const request = await asks(ben, wid);
  const me = ben.room.team(wid).me;
  await ben.close();
  const cleo = await openApp("Cleo");
  await joinWith(ada, cleo, wid, "approver");
  const lane = await connectModified(server.url, wid, `lane:${me}`, ben.dir);
  const log = await connectModified(server.url, wid, "log", ben.dir);
  const joined = commandsOf(ada, wid, "log").findLast(({ k }) => k === "member.join")?.b as { x: string; enc: string };
  const jwe = await seal(clientCrypto, '{"harmless":true}', [{ id: deviceOf(cleo), enc: joined.enc } as never]);
  const seen = [log.entries().length, hashOf(nodeCrypto, log.entries().at(-1) ?? "")];
  expect(
    await lane.send(lane.command("approval.rewrap", { request, jwe }, { d: "queue:approvers", seen })),
  ).toMatchObject({ ok: true });
  lane.close();
  log.close();
  await until(() => sealedTimes(cleo, wid, request) === 2, "the copy");
  expect(await opens(cleo, wid, request)).toEqual({ args: null, code: "args-mismatch" });
  await expect(cleo.decide(wid, request, "approve")).rejects.toMatchObject({ code: "args-mismatch" });
  // Whoever was sealed what was signed still sees it, and decides that.
  expect(await opens(ada, wid, request)).toEqual({ args: ARGS, code: undefined });
  await ada.decide(wid, request, "approve");
});

test("[AP20] [T20] whoever comes after the last copy reads why the arguments stay shut and whom to ask, and the card is still decided by others", async () => {
  const { server, wid, ada, ben } = await startTeam();
  const request = await asks(ben, wid);
  await ada.card(wid, (card) => card.request === request);
  const me = ben.room.team(wid).me;
  await ben.close();
  const lane = await connectModified(server.url, wid, `lane:${me}`, ben.dir);
  const log = await connectModified(server.url, wid, "log", ben.dir);
  const jwe = await seal(clientCrypto, "{}", [
    { id: deviceOf(ben), enc: createKeys(join(ben.dir, "device-keys.json"), noKeychain).list()[0]?.enc } as never,
  ]);
  const seen = [log.entries().length, hashOf(nodeCrypto, log.entries().at(-1) ?? "")];
  const sealAgain = () => lane.send(lane.command("approval.rewrap", { request, jwe }, { d: "queue:approvers", seen }));
  for (let copy = 0; copy < COPIES_MAX - 1; copy += 1) expect(await sealAgain()).toMatchObject({ ok: true });
  const cleo = await openApp("Cleo");
  await joinWith(ada, cleo, wid, "approver");
  await until(() => sealedTimes(cleo, wid, request) === COPIES_MAX, "all copies but one");
  expect(await opens(cleo, wid, request)).toEqual({ args: null, code: "not-sealed-for-device" });
  expect(await sealAgain()).toMatchObject({ ok: true });
  expect(await sealAgain()).toMatchObject({ ok: false, code: "too-many" });
  lane.close();
  log.close();
  for (const app of [cleo, ada])
    await until(() => sealedTimes(app, wid, request) === COPIES_MAX + 1, `the last copy at ${app.name}'s`);
  const { argsProblem } = await cleo.room.handlers["card.get"]({ wid, request }, main);
  expect(argsProblem).toEqual(
    tells(
      "copies-used-up",
      "sealed again 4 times for devices that came later, which is as often as a request allows. Ask Ben to cancel the call and make it again;",
    ),
  );
  await expect(cleo.decide(wid, request, "approve")).rejects.toMatchObject({ code: "copies-used-up" });
  expect(await opens(ada, wid, request)).toEqual({ args: ARGS, code: undefined });
  await ada.inSync(wid);
  await ada.decide(wid, request, "approve");
  await until(
    () => cleo.room.cards(wid).find((card) => card.request === request)?.state === "approved",
    "the decision",
  );
  expect(await opens(cleo, wid, request)).toEqual({ args: null, code: "not-sealed-for-device" });
});
