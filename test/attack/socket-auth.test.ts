/** Strangers, and people with a right to one thing who try to get another. Raw sockets against the running server. */
import { request } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import { HELLO, SYNC } from "#core/protocol/wire.ts";
import { startServer } from "../../sync-server/server/server.ts";
import { attack } from "../helpers/hostile.ts";
import { createMemory } from "../helpers/memory-store.ts";
import { crypto, randomId } from "../helpers/node-crypto.ts";
import { genesisOf, jws, lane, makePerson, QUEUE, signAuth, signCommand } from "../helpers/people.ts";
import type { Person } from "../helpers/people.ts";
import { startWorld } from "../helpers/sync-world.ts";
import type { SyncWorld } from "../helpers/sync-world.ts";
import { until } from "../helpers/wait.ts";
import { dial, dialAs, open } from "../helpers/wire-client.ts";
import type { Hello, Wire } from "../helpers/wire-client.ts";

/** Tried until the machine was fast enough. */
const inTime = (attempt: () => Promise<unknown>) =>
  expect
    .poll(() =>
      attempt().then(
        () => "in",
        () => "late",
      ),
    )
    .toBe("in");
const answer = (world: SyncWorld, { nonce }: Hello, over: Record<string, unknown> = {}) => ({
  v: 1,
  w: world.wid,
  d: LOG,
  nonce,
  aud: world.url,
  as: "device",
  x: world.ada.key.x,
  ...over,
});
const sign = (by: Person, body: unknown, typ = "bulkhead-auth+jws") => jws(by.key, by.device, typ, body);

attack(
  "[SV10] before AUTH nothing is answered: a SyncStep1 is held back, and the socket is closed with 4508",
  async ({ control }) => {
    const world = await startWorld();
    const { url } = await world.beside({ authWithinMs: 200 });
    const stranger = dial(url, world.wid, LOG);
    await stranger.hello;
    stranger.step1();
    expect(await stranger.closed).toMatchObject({ code: 4508 });
    expect(stranger.heard).toEqual([HELLO]);
    await control(() => inTime(() => open(url, world.wid, LOG, world.ada)));
  },
);

test("[SV10] the held SyncStep1 is answered once the device is known", async () => {
  const world = await startWorld();
  const wire = dial(world.url, world.wid, LOG);
  const { nonce } = await wire.hello;
  wire.step1();
  wire.auth(signAuth(world.ada, "device", { w: world.wid, d: LOG, nonce, aud: world.url }));
  await wire.until(() => wire.entries().length === 1);
  expect(wire.heard.indexOf(SYNC)).toBeGreaterThan(0);
});

test("[SV10] only one frame is held back", async () => {
  const world = await startWorld();
  const stranger = dial(world.url, world.wid, LOG);
  await stranger.hello;
  stranger.step1();
  stranger.step1();
  expect(await stranger.closed).toMatchObject({ code: 4509 });
});

describe("[SV11] an answer is refused", () => {
  const eve = makePerson("Eve");
  const cases: [string, number, (world: SyncWorld, hello: Hello) => Promise<string> | string][] = [
    ["with another nonce", 4411, (world, hello) => sign(world.ada, answer(world, hello, { nonce: randomId() }))],
    [
      "with the nonce of another socket",
      4411,
      async (world, hello) =>
        sign(world.ada, answer(world, { ...hello, nonce: (await dial(world.url, world.wid, LOG).hello).nonce })),
    ],
    [
      "made for another server, and relayed",
      4410,
      (world, hello) => sign(world.ada, answer(world, hello, { aud: "https://evil.example" })),
    ],
    [
      "made for another port of this machine",
      4410,
      (world, hello) => sign(world.ada, answer(world, hello, { aud: "http://127.0.0.1:1" })),
    ],
    ["made for another document", 4412, (world, hello) => sign(world.ada, answer(world, hello, { d: "admin" }))],
    ["made for another workspace", 4412, (world, hello) => sign(world.ada, answer(world, hello, { w: randomId() }))],
    ["signed for another purpose", 4412, (world, hello) => sign(world.ada, answer(world, hello), "bulkhead-cmd+jws")],
    ["of a device that nobody knows", 4414, (world, hello) => sign(eve, answer(world, hello, { x: eve.key.x }))],
    ["of a device that nobody knows, with Ada's key in it", 4413, (world, hello) => sign(eve, answer(world, hello))],
    [
      "of a device that nobody knows, signed by nobody who has its key",
      4413,
      (world, hello) => sign({ ...makePerson("Mallory"), device: eve.device }, answer(world, hello, { x: eve.key.x })),
    ],
    [
      "of Ada's device, signed by Eve",
      4413,
      (world, hello) => sign({ ...eve, device: world.ada.device }, answer(world, hello)),
    ],
    [
      "of Ada's device, signed by Eve with Eve's key in it",
      4413,
      (world, hello) => sign({ ...eve, device: world.ada.device }, answer(world, hello, { x: eve.key.x })),
    ],
    [
      "as an invite, with the key of a device",
      4413,
      (world, hello) => sign(eve, answer(world, hello, { as: "invite", x: eve.key.x })),
    ],
    ["of a later protocol", 4426, (world, hello) => sign(world.ada, answer(world, hello, { v: 2 }))],
    ["with one field too many", 4400, (world, hello) => sign(world.ada, answer(world, hello, { admin: true }))],
    ["that is no signature at all", 4400, () => "hello"],
    [
      "as founder of a workspace that exists",
      4418,
      (world, hello) => sign(world.ada, answer(world, hello, { as: "found" })),
    ],
  ];
  attack.for(cases)("%s, with %i", async ([_title, code, make], { control }) => {
    const world = await startWorld();
    const wire = dial(world.url, world.wid, LOG);
    wire.auth(await make(world, await hello(wire)));
    expect(await wire.closed).toMatchObject({ code });
    expect(wire.heard).toEqual([HELLO]);
    await control(() => open(world.url, world.wid, LOG, world.ada));
  });
});
const hello = async (wire: Wire): Promise<Hello> => {
  const heard = await wire.hello;
  await new Promise<void>((resolve) =>
    wire.ws.readyState === wire.ws.OPEN ? resolve() : wire.ws.once("open", resolve),
  );
  return heard;
};

attack("[SV11] an answer that was heard cannot be used again", async ({ control }) => {
  const world = await startWorld();
  const first = dial(world.url, world.wid, LOG);
  const heard = signAuth(world.ada, "device", {
    w: world.wid,
    d: LOG,
    nonce: (await first.hello).nonce,
    aud: world.url,
  });
  first.auth(heard);
  await control(() => first.welcome);
  const second = dial(world.url, world.wid, LOG);
  await second.hello;
  second.auth(heard);
  expect(await second.closed).toMatchObject({ code: 4411 });
});

attack("[SV12] a second answer, and a command before the first, close the socket", async ({ control }) => {
  const world = await startWorld();
  const twice = await open(world.url, world.wid, LOG, world.ada);
  twice.auth(signAuth(world.ada, "device", { w: world.wid, d: LOG, nonce: (await twice.hello).nonce, aud: world.url }));
  expect(await twice.closed).toMatchObject({ code: 4400 });
  const hasty = dial(world.url, world.wid, LOG);
  await hasty.hello;
  hasty.cmd(world.sign(world.ada, LOG, "server.key", { x: world.ada.key.x })).catch(() => undefined);
  expect(await hasty.closed).toMatchObject({ code: 4401 });
  await control(async () =>
    expect(await world.send(world.log, world.ada, LOG, "server.key", { x: world.ada.key.x })).toMatchObject({
      ok: true,
    }),
  );
});

describe("[SV13] [T18] a member opens their own documents and no others", () => {
  attack.for([
    ["the invites", () => "admin", 4403],
    ["a queue that does not name them", () => QUEUE, 4403],
    ["a queue that does not exist", () => "queue:nobody", 4403],
    ["somebody else's lane", (world: SyncWorld) => lane(world.ada), 4403],
  ] as const)("%s: %#", async ([_title, doc, code], { control }) => {
    const world = await startWorld();
    const ben = await world.member("Ben");
    const wire = await dialAs(world.url, world.wid, doc(world), ben);
    expect(await wire.closed).toMatchObject({ code });
    expect(wire.heard).toEqual([HELLO]);
    for (const mine of [LOG, lane(ben)]) await control(async () => (await world.open(ben, mine)).synced());
  });

  attack("a device of another workspace is a stranger here", async ({ control }) => {
    const [world, elsewhere] = [await startWorld(), await startWorld()];
    const wire = await dialAs(world.url, world.wid, LOG, elsewhere.ada);
    expect(await wire.closed).toMatchObject({ code: 4414 });
    await control(() => open(elsewhere.url, elsewhere.wid, LOG, elsewhere.ada));
  });

  attack("a workspace that is not here is 4404", async ({ control }) => {
    const world = await startWorld();
    const wire = await dialAs(world.url, genesisOf(world.ada).wid, LOG, world.ada);
    expect(await wire.closed).toMatchObject({ code: 4404 });
    await control(() => open(world.url, world.wid, LOG, world.ada));
  });
});

describe("[SV14] founding", () => {
  const genesis = (by: Person, w: string, body: unknown) =>
    signCommand(by, { w: w as never, d: LOG, k: "genesis", b: body, seen: [0, ""], exp: Date.now() + 60_000 });

  attack(
    "only the founding text whose hash is the workspace id founds it, and only a genesis may be sent",
    async ({ control }) => {
      const world = await startWorld();
      const eve = makePerson("Eve");
      const mine = genesisOf(eve);
      const wire = await open(world.url, mine.wid, LOG, eve, "found");
      expect(await wire.cmd(genesis(eve, mine.wid, genesisOf(eve, "Other").body))).toEqual({
        ok: false,
        code: "wrong-workspace",
      });
      expect(await wire.cmd(genesis(eve, genesisOf(eve).wid, mine.body))).toEqual({
        ok: false,
        code: "wrong-workspace",
      });
      expect(await wire.cmd(world.sign(eve, LOG, "server.key", { x: eve.key.x }))).toEqual({
        ok: false,
        code: "not-allowed",
      });
      expect(await wire.cmd(genesis(makePerson("Mallory"), mine.wid, mine.body))).toEqual({
        ok: false,
        code: "unknown-device",
      });
      expect(await wire.cmd(genesis(eve, mine.wid, mine.body))).toMatchObject({ ok: true, s: 1 });
      expect(await wire.closed).toMatchObject({ code: 4000 });
      await control(() => open(world.url, mine.wid, LOG, eve));
    },
  );

  attack("a lost acknowledgement of the genesis is had again, and a second founder is not", async ({ control }) => {
    const world = await startWorld();
    const eve = makePerson("Eve");
    const mine = genesisOf(eve);
    const [first, second] = [
      await open(world.url, mine.wid, LOG, eve, "found"),
      await open(world.url, mine.wid, LOG, eve, "found"),
    ];
    const command = genesis(eve, mine.wid, mine.body);
    expect(await first.cmd(command)).toMatchObject({ ok: true, s: 1, dup: false });
    await control(async () => expect(await second.cmd(command)).toMatchObject({ ok: true, s: 1, dup: true }));
    expect(await (await dialAs(world.url, mine.wid, LOG, eve, "found")).closed).toMatchObject({ code: 4418 });
  });

  attack("a founder's socket reads nothing", async ({ control }) => {
    const world = await startWorld();
    const eve = makePerson("Eve");
    const wire = await open(world.url, genesisOf(eve).wid, LOG, eve, "found");
    wire.step1();
    expect(await wire.closed).toMatchObject({ code: 4403 });
    await control(async () => (await open(world.url, world.wid, LOG, world.ada)).synced());
  });

  attack(
    "a server that is closed to new workspaces refuses the founder and still serves those it has",
    async ({ control }) => {
      const memory = createMemory();
      const world = await startWorld({ store: memory.connect() });
      const closed = await startServer({
        store: memory.connect(),
        host: "127.0.0.1",
        port: 0,
        origins: [],
        create: "closed",
        now: Date.now,
        log: () => undefined,
      });
      onTestFinished(() => closed.close());
      const eve = makePerson("Eve");
      expect(await (await dialAs(closed.url, genesisOf(eve).wid, LOG, eve, "found")).closed).toMatchObject({
        code: 4419,
      });
      await control(async () =>
        expect(await (await open(closed.url, world.wid, LOG, world.ada)).synced()).toHaveLength(1),
      );
    },
  );

  attack("one address founds only so many workspaces", async ({ control }) => {
    const world = await startWorld({ limits: { foundingBurst: 1, foundingsPerHour: 0 } });
    const eve = makePerson("Eve");
    expect(await (await dialAs(world.url, genesisOf(eve).wid, LOG, eve, "found")).closed).toMatchObject({ code: 4509 });
    await control(() => open(world.url, world.wid, LOG, world.ada));
  });
});

const upgradeWith = (url: string, path: string, headers: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, {
      headers: {
        connection: "upgrade",
        upgrade: "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
        ...headers,
      },
    });
    sent.on("response", (response) => resolve(response.statusCode ?? 0));
    sent.on("upgrade", (_response, socket) => {
      socket.destroy();
      resolve(101);
    });
    sent.on("error", reject);
    sent.end();
  });

attack(
  "[SV15] [T28] a page of another site, a foreign name and a path of no document do not get a socket",
  async ({ control }) => {
    const world = await startWorld();
    const path = `/${world.wid}/log`;
    await control(async () => expect(await upgradeWith(world.url, path, {})).toBe(101));
    expect(await upgradeWith(world.url, path, { origin: world.url })).toBe(101);
    expect(await upgradeWith(world.url, path, { origin: "https://evil.example" })).toBe(403);
    expect(await upgradeWith(world.url, path, { origin: "null" })).toBe(403);
    expect(await upgradeWith(world.url, path, { host: "evil.example" })).toBe(421);
    expect(await upgradeWith(world.url, "/", {})).toBe(404);
    expect(await upgradeWith(world.url, `/${world.wid}/shadow`, {})).toBe(404);
  },
);

attack("[SV44] names of workspaces that somebody makes up do not stay in memory", async ({ control }) => {
  const world = await startWorld();
  const knocks = Array.from({ length: 20 }, async () => {
    const eve = makePerson("Eve");
    const wire = await dialAs(world.url, genesisOf(eve).wid, LOG, eve);
    expect(await wire.closed).toMatchObject({ code: 4404 });
  });
  await Promise.all(knocks);
  await until(() => world.server.load().workspaces === 1, "the made-up ones to be forgotten");
  // One that somebody is about to found stays, and so does what was founded.
  await control(async () => {
    const fay = makePerson("Fay");
    const { wid, body } = genesisOf(fay);
    const [founding, passing] = [
      await open(world.url, wid, LOG, fay, "found"),
      await dialAs(world.url, wid, LOG, makePerson("Eve")),
    ];
    await passing.closed;
    expect(
      await founding.cmd(
        signCommand(fay, { w: wid, d: LOG, k: "genesis", b: body, seen: [0, ""], exp: Date.now() + 60_000 }),
      ),
    ).toMatchObject({ ok: true, s: 1 });
    await founding.closed;
    expect(await (await open(world.url, wid, LOG, fay)).synced()).toHaveLength(1);
  });
});

test("[SV16] the signed heads name the server's key, the length and the hash", async () => {
  const world = await startWorld();
  const { key } = await dial(world.url, world.wid, LOG).hello;
  await world.send(world.log, world.ada, LOG, "server.key", { x: key });
  const newest = (): string[] => (world.log.heads.at(-1) ?? "").split(".");
  await world.log.until(() => crypto.decode(newest()[1] ?? "")?.includes('"s":2,') === true);
  const [header, payload, signature] = newest() as [string, string, string];
  expect(crypto.verify(key, `${header}.${payload}`, signature)).toBe(true);
  expect(JSON.parse(crypto.decode(payload) ?? "")).toMatchObject({
    v: 1,
    w: world.wid,
    d: LOG,
    s: 2,
    h: crypto.sha256(world.log.entries()[1] ?? ""),
  });
});
