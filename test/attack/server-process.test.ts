/** The server as a process: started wrongly, killed, restarted, out of disk, and read by clients that do not read. */
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { copyFileSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import type { Ack } from "#core/protocol/wire.ts";
import { BACKUP, FILE, openSqliteStore } from "../../sync-server/server/store/sqlite-store.ts";
import type { ChainStore } from "../../sync-server/server/store/store.ts";
import { StoreProblem } from "../../sync-server/server/store/store.ts";
import { newStoreIn } from "../helpers/new-store.ts";
import { crypto } from "../helpers/node-crypto.ts";
import { genesisOf, lane, makePerson, QUEUE, requestBody, signCommand } from "../helpers/people.ts";
import { startProcess } from "../helpers/sync-process.ts";
import { foundAt, seenBy, startWorld } from "../helpers/sync-world.ts";
import { tempDir } from "../helpers/temp.ts";
import { open } from "../helpers/wire-client.ts";

const start = (...flags: string[]) => startProcess(flags);

describe("[SV40] a wrong start is one sentence and exit code 1", () => {
  const cases: [string, (folder: string) => string[], RegExp][] = [
    ["no port", (folder) => ["--data", folder], /^Say which port/],
    ["a port that is none", (folder) => ["--port", "70000", "--data", folder], /^Say which port/],
    ["no folder", () => ["--port", "0"], /^Say where to keep/],
    ["two places", (folder) => ["--port", "0", "--data", folder, "--postgres"], /^Choose one place/],
    ["a database without an address", () => ["--port", "0", "--postgres"], /^Set BULKHEAD_POSTGRES/],
    ["an unknown flag", (folder) => ["--port", "0", "--data", folder, "--admin"], /^Unknown option '--admin'\. Usage:/],
    [
      "an origin with a path",
      (folder) => ["--port", "0", "--data", folder, "--origin", "https://a.example/x"],
      /is not an origin/,
    ],
    [
      "an unknown policy",
      (folder) => ["--port", "0", "--data", folder, "--create", "maybe"],
      /^--create is open.*link.*closed/,
    ],
    [
      "an address of another machine",
      (folder) => ["--port", "0", "--data", folder, "--host", "192.0.2.1"],
      /is not an address of this computer/,
    ],
    [
      "a folder that cannot be made",
      (folder) => ["--data", join(folder, "file", "x"), "--new-store"],
      /^Cannot write to/,
    ],
    [
      "an empty folder",
      (folder) => ["--port", "0", "--data", folder],
      /^There is no store in .* run this once with --new-store added: .* check the path, and that its disk is there; nothing was changed\.$/m,
    ],
    [
      "a folder that is not there",
      (folder) => ["--port", "0", "--data", join(folder, "typo")],
      /^There is no store in .*typo\./,
    ],
    [
      "an empty file in place of the store",
      (folder) => ["--port", "0", "--data", join(folder, "empty")],
      /^There is no store in/,
    ],
    [
      "a store that lost its key",
      (folder) => ["--port", "0", "--data", join(folder, "keyless")],
      /^The store in .* has lost the server's key\. Restore it/,
    ],
    [
      "a new store where there is one",
      (folder) => ["--data", join(folder, "made"), "--new-store"],
      /^There is a store in .* already, and nothing was changed/,
    ],
    [
      "the usual port in an origin",
      (folder) => ["--port", "0", "--data", folder, "--origin", "https://sync.example.org:443"],
      /must be written as apps write it: https:\/\/sync\.example\.org$/m,
    ],
    ["a damaged store", (folder) => ["--port", "0", "--data", join(folder, "damaged")], /is damaged\. Restore it/],
  ];
  test.each(cases)("%s", async (title, flags, sentence) => {
    const folder = tempDir();
    writeFileSync(join(folder, "file"), "");
    if (title === "a damaged store") {
      await openSqliteStore(join(folder, "damaged")).close();
      writeFileSync(join(folder, "damaged", "workspaces.sqlite"), "x".repeat(10_000));
    }
    if (title === "a store that lost its key") await openSqliteStore(join(folder, "keyless")).close();
    if (title === "a new store where there is one") newStoreIn(join(folder, "made"));
    if (title === "an empty file in place of the store") {
      mkdirSync(join(folder, "empty"));
      writeFileSync(join(folder, "empty", FILE), "");
    }
    const server = startProcess(flags(folder), {}, title === "an address of another machine");
    expect(await server.exit).toBe(1);
    expect(server.output()).toBe("");
    expect(server.errors().trim().split("\n")).toHaveLength(1);
    expect(server.errors()).toMatch(sentence);
  });

  test("a port that is taken, and a folder that another server uses", async () => {
    const folder = tempDir();
    const taken = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void taken.close());
    await new Promise((resolve) => taken.once("listening", resolve));
    const address = taken.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const blocked = start("--port", String(port), "--data", folder);
    expect(await blocked.exit).toBe(1);
    expect(blocked.errors()).toContain(`Port ${port} is already in use`);
    await start("--port", "0", "--data", folder).url;
    const second = start("--port", "0", "--data", folder);
    expect(await second.exit).toBe(1);
    expect(second.errors()).toMatch(/^Another sync server is already using/);
  });
});

test("[SV40] a store is made by a run of its own, which serves nobody, and once", async () => {
  const folder = join(tempDir(), "new", "data");
  const make = () => startProcess(["--data", folder, "--new-store"], {}, false);
  const first = make();
  expect([await first.exit, first.output(), first.errors()]).toEqual([
    0,
    `${JSON.stringify({ event: "store-made" })}\n`,
    "",
  ]);
  expect(statSync(join(folder, FILE)).mode & 0o077).toBe(0);
  const again = make();
  expect([await again.exit, again.output()]).toEqual([1, ""]);
  // What was made before is served, under the key that it got then, and founded in.
  const url = await startProcess(["--port", "0", "--data", folder], {}, false).url;
  const world = await foundAt(url);
  expect(await world.log.synced()).toHaveLength(1);
  // Keeping the flag in a unit cannot make a store by the way: with it nothing is ever served.
  const kept = startProcess(["--port", "0", "--data", folder, "--new-store"], {}, false);
  expect(await kept.exit).toBe(1);
  const elsewhere = startProcess(["--port", "0", "--data", join(folder, "moved"), "--new-store"], {}, false);
  expect([await elsewhere.exit, elsewhere.output()]).toEqual([0, `${JSON.stringify({ event: "store-made" })}\n`]);
});

test("[SV41] SIGTERM, and the end of the parent, stop it cleanly with exit code 0", async () => {
  const byParent = start("--port", "0", "--data", tempDir(), "--until-stdin-ends");
  await byParent.url;
  byParent.child.stdin?.end();
  expect(await byParent.exit).toBe(0);
  const server = start("--port", "0", "--data", tempDir());
  const url = await server.url;
  expect(server.output()).toBe(`${JSON.stringify({ event: "listening", url, port: Number(new URL(url).port) })}\n`);
  const ada = makePerson("Ada");
  const { wid, body } = genesisOf(ada);
  const founding = await open(url, wid, LOG, ada, "found");
  await founding.cmd(
    signCommand(ada, { w: wid, d: LOG, k: "genesis", b: body, seen: [0, ""], exp: Date.now() + 60_000 }),
  );
  const wire = await open(url, wid, LOG, ada);
  server.child.kill("SIGTERM");
  expect(await wire.closed).toMatchObject({ code: 1001 });
  expect(await server.exit).toBe(0);
  // Structured lines without names, keys or commands.
  for (const line of server.errors().trim().split("\n"))
    expect(
      Object.keys(JSON.parse(line) as object).every((key) =>
        ["time", "event", "workspace", "document", "code", "count", "bytes", "ms", "url", "port"].includes(key),
      ),
    ).toBe(true);
  expect(server.errors()).not.toContain("Ada");
  expect(server.errors()).not.toContain(wid);
});

test("[SV42] [T19] killed with -9 under load: every acknowledged command is there after the restart, none twice, and the rest can be sent again", async () => {
  const folder = tempDir();
  const first = start("--port", "0", "--data", folder);
  const url = await first.url;
  const ada = makePerson("Ada");
  const { wid, body } = genesisOf(ada);
  const founding = await open(url, wid, LOG, ada, "found");
  await founding.cmd(
    signCommand(ada, { w: wid, d: LOG, k: "genesis", b: body, seen: [0, ""], exp: Date.now() + 60_000 }),
  );
  const wire = await open(url, wid, LOG, ada);
  const seen = seenBy(await wire.synced());
  const commands = Array.from({ length: 80 }, (_, i) =>
    signCommand(ada, {
      w: wid,
      d: LOG,
      k: "server.key",
      b: { x: crypto.sha256(String(i)) },
      seen,
      exp: Date.now() + 600_000,
    }),
  );
  const acknowledged = new Map<string, number>();
  // One after the other in small groups, so that the kill falls between commits as well as into one.
  const load = async (): Promise<void> => {
    for (let i = 0; i < commands.length; i += 4) {
      const group = commands.slice(i, i + 4);
      const acks = await Promise.all(group.map((command) => wire.cmd(command)));
      acks.forEach((ack, at) => ack.ok && acknowledged.set(group[at] ?? "", ack.s));
      if (acknowledged.size >= 24) first.child.kill("SIGKILL");
    }
  };
  await load().catch(() => undefined);
  await first.exit;
  expect(acknowledged.size).toBeGreaterThanOrEqual(24);
  expect(acknowledged.size).toBeLessThan(commands.length);

  const again = await start("--port", "0", "--data", folder).url;
  const back = await open(again, wid, LOG, ada);
  const stored = (await back.synced()).map((entry) => (JSON.parse(entry) as { c: string }).c);
  for (const [command, s] of acknowledged) expect(stored[s - 1]).toBe(command);
  const acks: Ack[] = [];
  for (const command of commands) acks.push(await back.cmd(command));
  expect(acks.every((ack) => ack.ok)).toBe(true);
  const whole = (await back.synced()).map((entry) => (JSON.parse(entry) as { c: string }).c);
  expect(whole).toHaveLength(1 + commands.length);
  expect(whole.slice(1)).toEqual(commands);
});

test("[SV46] SIGUSR2 copies the store under load: a server on the copy has everything acknowledged before, and its key", async () => {
  const folder = tempDir();
  const server = start("--port", "0", "--data", folder);
  const url = await server.url;
  const world = await foundAt(url);
  const command = (i: number) =>
    world.send(
      world.log,
      world.ada,
      LOG,
      "server.key",
      { x: crypto.sha256(String(i)) },
      { seen: [1, seenBy(world.log.entries().slice(0, 1))[1]] },
    );
  for (let i = 0; i < 20; i += 1) expect(await command(i)).toMatchObject({ ok: true });
  server.child.kill("SIGUSR2");
  const during: Ack[] = [];
  while (!server.errors().includes('"backup"')) {
    during.push(await command(100 + during.length));
    await wait(50);
  }
  expect(during.every((ack) => ack.ok)).toBe(true);
  const copy = tempDir();
  copyFileSync(join(folder, BACKUP), join(copy, FILE));
  expect(statSync(join(folder, BACKUP)).mode & 0o077).toBe(0);
  const restored = await start("--port", "0", "--data", copy).url;
  const wire = await open(restored, world.wid, LOG, world.ada);
  const entries = await wire.synced();
  expect(entries.length).toBeGreaterThanOrEqual(21);
  await world.log.until(() => world.log.entries().length >= entries.length);
  expect(entries).toEqual(world.log.entries().slice(0, entries.length));
  expect((await wire.hello).key).toBe((await world.log.hello).key);
});

/** The real store, whose disk can be made to fail. */
const failing = (store: ChainStore) => {
  let broken = false;
  return {
    fail: (now: boolean) => {
      broken = now;
    },
    store: {
      ...store,
      append: (...args: Parameters<ChainStore["append"]>) =>
        broken ? Promise.reject(new StoreProblem("full", "The disk is full.")) : store.append(...args),
    },
  };
};

test("[SV43] when the disk is full a command is answered with storage, nobody sees it, and it succeeds later", async () => {
  const disk = failing(openSqliteStore(tempDir()));
  const world = await startWorld({ store: disk.store });
  const ben = await world.member("Ben");
  const before = world.log.entries().length;
  disk.fail(true);
  const command = world.sign(world.ada, LOG, "member.remove", { member: ben.member });
  expect(await world.log.cmd(command)).toEqual({ ok: false, code: "storage" });
  expect(world.lines.some((line) => line.includes('"append-failed"') && line.includes('"full"'))).toBe(true);
  // The removal was folded before it failed; it must not have any effect.
  const his = await world.open(ben, LOG);
  expect(await his.synced()).toHaveLength(before);
  disk.fail(false);
  expect(await world.log.cmd(command)).toMatchObject({ ok: true, dup: false, s: before + 1 });
  expect(await his.closed).toMatchObject({ code: 4416 });
});

test("[SV44] a workspace that nobody uses is dropped from memory and is the same when it comes back", async () => {
  const world = await startWorld({ headEveryMs: 20, idleMs: 0 });
  const ben = await world.member("Ben");
  const mine = await world.open(ben, lane(ben));
  await mine.synced();
  const asked = await world.send(mine, ben, QUEUE, "approval.request", requestBody());
  mine.close();
  world.log.close();
  await expect.poll(() => world.server.load()).toEqual({ workspaces: 0, sockets: 0 });
  const queue = await world.open(world.ada, QUEUE);
  await queue.synced();
  expect(
    await world.send(queue, world.ada, QUEUE, "approval.vote", {
      request: asked.ok ? asked.id : "",
      v: "approve",
      note: null,
    }),
  ).toMatchObject({ ok: true, s: 2 });
});

test("[SV45] heads come on their own, so that a stock client's watchdog is fed", async () => {
  const world = await startWorld({ headEveryMs: 30 });
  const before = world.log.heads.length;
  await world.log.until(() => world.log.heads.length >= before + 3);
  expect(world.log.heads.length).toBeGreaterThanOrEqual(before + 3);
});

test("[LI6] a reader that stops reading holds one page and is cut off; the others get everything meanwhile", async () => {
  const world = await startWorld({
    headEveryMs: 50,
    limits: {
      stallMs: 3_000,
      commandBurst: 1_000,
      memberCommandBurst: 1_000,
      frameBurst: 1_000,
      commandByteBurst: 64_000_000,
      personFrameBurst: 1_000,
    },
  });
  const ben = await world.member("Ben");
  const writer = await world.open(world.ada, LOG);
  await writer.synced();
  const tools = Array.from({ length: 60 }, (_, i) => ({
    name: `tool-${i}-${"x".repeat(150)}`,
    schema: crypto.sha256(String(i)),
    readOnly: false,
    destructive: false,
  }));
  const define = (i: number) =>
    world.send(
      writer,
      world.ada,
      LOG,
      "tool.define",
      {
        id: crypto.sha256(String(i)).slice(0, 22),
        name: `Server ${i}`,
        launch: { kind: "http", url: `https://tools.example/${i}`, headers: [], vars: [] },
        tools,
        policy: null,
      },
      { seen: [1, seenBy(world.log.entries().slice(0, 1))[1]] },
    );
  const stalled = await world.open(ben, LOG);
  stalled.step1();
  stalled.ws.pause();
  for (let i = 0; i < 500; i += 10) await Promise.all(Array.from({ length: 10 }, (_, k) => define(i + k)));
  await world.log.until(() => world.log.entries().length === 502);
  await expect.poll(() => world.server.load().sockets).toBe(2);
  stalled.ws.resume();
  expect((await stalled.closed).code).toBe(1006);
  const fresh = await world.open(ben, LOG);
  expect(await fresh.synced()).toEqual(world.log.entries());
});
