/** A long log over real sockets: a checkpoint is signed, and a new device begins there and verifies the rest afterwards. */
import { describe, expect, test } from "vitest";
import { stateHashOf } from "#core/rules/checkpoint.ts";
import { ingestLog } from "#core/rules/fold.ts";
import { ADMIN, LOG } from "#core/protocol/ids.ts";
import type { Hash } from "#core/protocol/ids.ts";
import { writeCode } from "#core/protocol/link.ts";
import { newLog } from "#core/rules/state.ts";
import { INVITE_TYP } from "#core/protocol/command.ts";
import { inviteKey, random22 } from "#node/crypto.ts";
import { createWorkspaceStore } from "../../electron/host/store/workspaces.ts";
import { crypto } from "../helpers/node-crypto.ts";
import { main, openApp, startTeam } from "../helpers/app.ts";
import type { App } from "../helpers/app.ts";
import { jws } from "../helpers/people.ts";
import { seenBy, startWorld } from "../helpers/sync-world.ts";
import type { SyncWorld } from "../helpers/sync-world.ts";
import { until } from "../helpers/wait.ts";
import { worded } from "../helpers/worded.ts";
import { factWords } from "#text/facts.ts";

const MANY = 1_000_000;
const NO_LIMITS = {
  commandsPerSecond: MANY,
  commandBurst: MANY,
  memberCommandsPerSecond: MANY,
  memberCommandBurst: MANY,
  framesPerSecond: MANY,
  frameBurst: MANY,
  personFramesPerSecond: MANY,
  personFrameBurst: MANY,
};

/** Entries of the log until there are `length`, 100 under way at a time. */
const grow = async (world: SyncWorld, length: number): Promise<void> => {
  const { key: x } = await world.log.hello;
  while (world.log.entries().length < length) {
    const count = Math.min(100, length - world.log.entries().length);
    const acks = await Promise.all(
      Array.from({ length: count }, () =>
        world.send(world.log, world.ada, LOG, "server.key", { x }, { seen: [0, ""] }),
      ),
    );
    for (const ack of acks) if (!ack.ok) throw new Error(`the test takes these entries as given, but: ${ack.code}`);
    const last = Math.max(...acks.map((ack) => (ack.ok ? ack.s : 0)));
    await world.log.until(() => world.log.entries().length >= last);
  }
};
const sign = async (world: SyncWorld): Promise<number> => {
  const log = newLog(world.wid);
  for (const text of world.log.entries()) ingestLog({ crypto }, log, text, { trusted: true });
  const ack = await world.send(world.log, world.ada, LOG, "checkpoint", {
    v: 2,
    at: seenBy(world.log.entries()),
    stateHash: stateHashOf(crypto, log),
  });
  if (!ack.ok) throw new Error(`the test takes a checkpoint as given, but: ${ack.code}`);
  await world.log.until(() => world.log.entries().length >= ack.s);
  return ack.s;
};
/** A link of Ada's that pins the newest head. */
const linkFrom = async (world: SyncWorld, role = "member"): Promise<string> => {
  const seed = random22();
  const key = inviteKey(seed);
  const invite = jws(world.ada.key, world.ada.device, INVITE_TYP, {
    v: 1,
    w: world.wid,
    id: key.id,
    x: key.x,
    role,
    exp: world.now() + 3_600_000,
    uses: 1,
    mode: role === "member" ? "direct" : "confirm",
    member: null,
  });
  const admin = await world.open(world.ada, ADMIN);
  expect(await world.send(admin, world.ada, ADMIN, "invite.create", { invite, label: "" })).toMatchObject({ ok: true });
  admin.close();
  const code = writeCode(crypto, {
    wid: world.wid,
    head: seenBy(world.log.entries()) as [number, Hash],
    seed,
    server: world.url,
  });
  return `${world.url}/join#${code}`;
};
const rowsOf = (app: App) => createWorkspaceStore(app.store);

describe("[CK3] [CK4] a workspace of 1,500 entries with a checkpoint", () => {
  test("is joined from the checkpoint: in use at once, the audit waits, and in the end everything is verified and kept", async () => {
    const world = await startWorld({ limits: NO_LIMITS });
    await grow(world, 1_500);
    const seq = await sign(world);
    await grow(world, 1_520);
    const ben = await openApp("Ben");
    const { wid } = await ben.room.handlers["invite.join"]({ link: await linkFrom(world, "admin") }, main);
    const behind = ben.room.team(wid).checkpoint.behind;
    expect([
      behind?.of,
      ben.room.team(wid).members.map(({ name }) => name),
      ben.room.team(wid).checkpoint.last?.by,
    ]).toEqual([seq - 1, ["Ada", "Ben"], "Ada"]);
    const me = ben.room.team(wid).me;
    const given = await world.send(world.log, world.ada, LOG, "member.role", {
      member: me,
      from: "guest",
      to: "admin",
    });
    expect(given.ok).toBe(true);
    await world.log.until(() => given.ok && world.log.entries().length >= given.s);
    await until(
      () => ben.room.team(wid).members.find((each) => each.me)?.role === "admin",
      "the role, while the history is on its way or behind",
    );
    await until(() => ben.room.team(wid).checkpoint.behind === null, "the history");
    expect(rowsOf(ben).entries(wid, LOG)).toEqual(world.log.entries());
    await until(() => ben.room.audit(wid).rows >= 1_520, "the audit");
    await ben.close();
    const again = await openApp("Ben", { dir: ben.dir });
    await again.inSync(wid);
    expect([again.room.team(wid).name, again.room.team(wid).checkpoint.behind]).toEqual(["Harbour", null]);
  });

  test("stays in use over a restart before its history is there, whose audit says that it waits", async () => {
    const world = await startWorld({ limits: NO_LIMITS });
    await grow(world, 800);
    await sign(world);
    const ben = await openApp("Ben");
    const { wid } = await ben.room.handlers["invite.join"]({ link: await linkFrom(world) }, main);
    await ben.close();
    await world.server.close();
    const again = await openApp("Ben", { dir: ben.dir });
    const { behind } = again.room.team(wid).checkpoint;
    expect([again.room.team(wid).name, again.room.status(wid).link === "tampered"]).toEqual(["Harbour", false]);
    if (behind !== null) expect(factWords(again.room.audit(wid).canRead.why)).toContain("still verifying");
  });
});

test("[CK2] an Owner signs a checkpoint from the settings, everybody sees by whom, and nobody else can", async () => {
  const { wid, ada, ben } = await startTeam();
  expect(ada.room.team(wid).checkpoint).toMatchObject({ last: null, sign: { allowed: true } });
  await ada.room.handlers["workspace.checkpoint"]({ wid }, main);
  const seen = await until(() => ben.room.team(wid).checkpoint.last, "the checkpoint at Ben's");
  expect(seen).toMatchObject({ by: "Ada" });
  expect(ben.room.team(wid).checkpoint.sign).toEqual({ allowed: false, why: worded("Only an Owner can do this.") });
  await expect(ben.room.handlers["workspace.checkpoint"]({ wid }, main)).rejects.toMatchObject({ code: "owner-signs" });
  // Again and at the same time: two that race are harmless.
  await Promise.all([
    ada.room.handlers["workspace.checkpoint"]({ wid }, main),
    ada.room.handlers["workspace.checkpoint"]({ wid }, main),
  ]);
  await ben.inSync(wid);
});
