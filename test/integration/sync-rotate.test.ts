/** A new key for the same computer: what was asked goes on, and a kill at any step leaves one key in force. */
import { noted } from "../helpers/worded.ts";
import { describe, expect, test } from "vitest";
import { deviceProofText } from "#core/protocol/command.ts";
import type { PublicKeys } from "#bridge/shell-port.ts";
import { joinWith, main, openApp, SERVER, startTeam } from "../helpers/app.ts";
import type { App } from "../helpers/app.ts";
import { connectModified } from "../helpers/modified-client.ts";
import { until } from "../helpers/wait.ts";

const ARGS = '{"path":"/notes/a.txt","content":"hello"}';
const askKey = (app: App, wid: string) => app.room.handlers["device.replaceKey"]({ wid }, main);
/** Once nothing that the present key signed is on its way, as it is when a person has waited a moment. */
const replaceKey = async (app: App, wid: string): Promise<void> => {
  await app.inSync(wid);
  await until(() => app.room.status(wid).queued === 0, `the answers to ${app.name}`);
  await askKey(app, wid);
};
const mine = (app: App, wid: string) => app.room.team(wid).members.find((member) => member.me)?.devices ?? [];
const current = (app: App, wid: string) => mine(app, wid).find((device) => device.current);
const ring = async (app: App): Promise<string[]> =>
  ((await app.shell.request("keys.list", {})) as PublicKeys[]).map(({ device }) => device);
const row = (app: App) =>
  app.store.db.prepare("SELECT device, next_device AS next FROM workspaces").get() as {
    device: string;
    next: string | null;
  };
const stateIs = (app: App, call: string, state: string) =>
  until(() => app.room.authority.standing(call)?.state === state, `${app.name}'s call ${state}`);

describe("[T19] [T24] replacing a key", () => {
  test("one computer stays one device, connects by itself as the new key, and nobody says that it was removed", async () => {
    const { wid, ada, ben } = await startTeam();
    const before = current(ben, wid);
    await replaceKey(ben, wid);
    await ben.inSync(wid);
    const after = current(ben, wid);
    expect(after?.id).not.toBe(before?.id);
    expect(mine(ben, wid)).toMatchObject([
      { addedAt: before?.addedAt, current: true, revokedAt: null, canReplaceKey: { allowed: true } },
    ]);
    expect(after?.keyReplacedAt).not.toBeNull();
    expect(row(ben)).toEqual({ device: after?.id, next: null });
    await until(() => ada.room.team(wid).members[1]?.devices[0]?.id === after?.id, "Ada sees the new key");
    expect(ada.room.team(wid).members[1]?.devices).toHaveLength(1);
    // It works, and can be replaced again, also after a restart.
    await ben.close();
    const again = await openApp("Ben", { dir: ben.dir });
    await again.inSync(wid);
    await replaceKey(again, wid);
    await again.inSync(wid);
    expect(mine(again, wid)).toHaveLength(1);
    expect(mine(again, wid)[0]?.addedAt).toBe(before?.addedAt);
    expect(await ring(again)).toHaveLength(3);
  });

  test("a request that waits is approved afterwards, runs once, and is reported by the new key", async () => {
    const { wid, ada, ben } = await startTeam();
    const call = ben.call(wid, SERVER, ARGS);
    await ben.room.authority.ask(call);
    const { request } = await ada.card(wid);
    await replaceKey(ben, wid);
    await ben.inSync(wid);
    const asked = await ben.room.handlers["card.get"]({ wid, request }, main);
    expect(asked).toMatchObject({ args: ARGS, argsProblem: null });
    await ada.decide(wid, request, "approve");
    await stateIs(ben, call.id, "approved");
    await ben.inSync(wid);
    // Positive control: another text is still another call.
    expect(ben.room.authority.permit({ ...call, args: `${ARGS} ` })).toMatchObject({
      ok: false,
      error: { code: "call-changed" },
    });
    await ben.permitted(call);
    expect(ben.room.authority.permit(call)).toMatchObject({ ok: true, permit: { request } });
    ben.room.authority.used(call.id, "ok");
    await until(() => ada.room.cards(wid)[0]?.state === "used", "the used card");
    expect(ben.room.authority.permit(call)).toMatchObject({ ok: false, error: { code: "already-run" } });
  });

  test("an approver who replaced their key opens what was sealed to the old one, and decides", async () => {
    const { wid, ada, ben } = await startTeam();
    const [waits, next] = [ben.call(wid, SERVER, ARGS), ben.call(wid, SERVER, `${ARGS} `)];
    await ben.room.authority.ask(waits);
    const { request } = await ada.card(wid);
    await replaceKey(ada, wid);
    await ada.inSync(wid);
    expect(await ada.room.handlers["card.get"]({ wid, request }, main)).toMatchObject({
      args: ARGS,
      canVote: { allowed: true },
    });
    await ada.decide(wid, request, "approve");
    await stateIs(ben, waits.id, "approved");
    // What is asked from now on is sealed to the new key.
    await ben.room.authority.ask(next);
    const card = await ada.card(wid, (each) => each.state === "pending" && each.request !== request);
    await ada.decide(wid, card.request, "reject", "enough");
    await stateIs(ben, next.id, "rejected");
    expect(ben.room.authority.standing(next.id)?.reason).toEqual(noted("enough"));
  });

  test("offline no key is made, and the reason is said", async () => {
    const { wid, ben } = await startTeam();
    await ben.room.handlers["workspace.pause"]({ wid, paused: true }, main);
    await expect(askKey(ben, wid)).rejects.toMatchObject({ code: "not-connected" });
    expect(await ring(ben)).toHaveLength(1);
  });

  test("twice at the same time is once", async () => {
    const { wid, ben } = await startTeam();
    await Promise.all([replaceKey(ben, wid), replaceKey(ben, wid)]);
    await ben.inSync(wid);
    expect(await ring(ben)).toHaveLength(2);
  });
});

describe("[T19] [T24] killed in the middle of a rotation", () => {
  /** Stops the app at the signature of its rotation, as a kill there would, and answers the command that was signed. */
  const killedAtSigning = async (app: App, wid: string): Promise<string> => {
    const real = app.shell.request;
    const jws = await new Promise<string>((resolve) => {
      app.shell.request = async (method, params) => {
        const answer = await real(method, params);
        const { input } = params as { input?: string };
        if (
          method !== "keys.sign" ||
          input === undefined ||
          input.startsWith("[") ||
          !Buffer.from(input.split(".")[1] ?? "", "base64url")
            .toString()
            .includes('"device.rotate"')
        )
          return answer;
        resolve(`${input}.${String(answer)}`);
        return new Promise(() => undefined);
      };
      void replaceKey(app, wid).catch(() => undefined);
    });
    await app.close();
    return jws;
  };
  const worksAs = async (app: App, ada: App, wid: string): Promise<void> => {
    await app.inSync(wid);
    const call = app.call(wid, SERVER, ARGS);
    await app.room.authority.ask(call);
    await ada.decide(
      wid,
      (await ada.sees(wid, app.room.authority.standing(call.id)?.request ?? "")).request,
      "approve",
    );
    await stateIs(app, call.id, "approved");
  };

  test("before it was sent: the old key speaks, and the next attempt uses the key that was made", async () => {
    const { wid, ada, ben } = await startTeam();
    const old = row(ben).device;
    await killedAtSigning(ben, wid);
    const again = await openApp("Ben", { dir: ben.dir });
    await worksAs(again, ada, wid);
    expect(current(again, wid)?.id).toBe(old);
    const { next } = row(again);
    expect(await ring(again)).toEqual([old, next]);
    await replaceKey(again, wid);
    await again.inSync(wid);
    expect(row(again)).toEqual({ device: next, next: null });
    expect(await ring(again)).toEqual([old, next]);
  });

  test("after it was sent, without an answer: the new key finds its way in", async () => {
    const { server, wid, ada, ben } = await startTeam();
    const call = ben.call(wid, SERVER, ARGS);
    await ben.room.authority.ask(call);
    const { request } = await ada.card(wid);
    const jws = await killedAtSigning(ben, wid);
    const wire = await connectModified(server.url, wid, "log", ben.dir, "first");
    expect(await wire.send(jws)).toMatchObject({ ok: true });
    expect(await wire.closed).toBe(4415);
    const again = await openApp("Ben", { dir: ben.dir });
    // What this computer knows ends before the rotation: only the server can show it.
    expect(row(again).next).not.toBeNull();
    await again.inSync(wid);
    expect(row(again)).toEqual({ device: current(again, wid)?.id, next: null });
    await ada.decide(wid, request, "approve");
    await stateIs(again, call.id, "approved");
    await again.permitted(call);
    await worksAs(again, ada, wid);
  });

  test("after the answer, before the row was written: the log says it", async () => {
    const { wid, ada, ben } = await startTeam();
    const old = row(ben).device;
    await replaceKey(ben, wid);
    await ben.inSync(wid);
    const replaced = row(ben).device;
    ben.store.db.prepare("UPDATE workspaces SET device = ?, next_device = ?").run(old, null);
    await ben.close();
    const again = await openApp("Ben", { dir: ben.dir });
    expect(row(again)).toEqual({ device: replaced, next: null });
    await worksAs(again, ada, wid);
  });

  test("a key that was named and never came into force does not keep a removed person in", async () => {
    const { wid, ada, ben } = await startTeam();
    const member = ben.room.team(wid).me;
    await killedAtSigning(ben, wid);
    await ada.room.handlers["member.remove"]({ wid, member }, main);
    const again = await openApp("Ben", { dir: ben.dir });
    await until(() => again.room.status(wid).link === "out", "refused");
    expect(again.room.status(wid).reason?.code).toBe("out-removed");
    expect(again.room.authority.judge(again.call(wid, SERVER, ARGS))).toMatchObject({ kind: "deny" });
  });
});

describe("[T15] a host that was taken over", () => {
  test("gets no signature by a key that is not in the ring, and moves its device to none of its own", async () => {
    const { wid, ada, ben } = await startTeam();
    const stranger = await openApp("Cleo");
    const [theirs] = (await stranger.shell.request("keys.list", {})) as [PublicKeys];
    const proof = deviceProofText(wid as never, ben.room.team(wid).me as never, theirs.x, theirs.enc);
    await expect(ben.shell.request("keys.sign", { device: theirs.device, input: proof })).rejects.toMatchObject({
      code: "no-such-key",
    });
    await expect(ben.shell.request("keys.drop", { device: row(ben).device })).rejects.toMatchObject({
      code: "only-key",
    });
    await joinWith(ada, stranger, wid);
    // Positive control: the same shell signs for the key that is there.
    const [own] = (await ben.shell.request("keys.list", {})) as [PublicKeys];
    expect(
      await ben.shell.request("keys.sign", {
        device: own.device,
        input: deviceProofText(wid as never, ben.room.team(wid).me as never, own.x, own.enc),
      }),
    ).toHaveLength(86);
  });
});
