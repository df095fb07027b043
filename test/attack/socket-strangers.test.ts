/**
 * Strangers who take up room: silent ones, slow ones, ones that never send a whole request. Whoever can sign in gets in
 * meanwhile, and there are never more of them than there are places.
 */
import { connect } from "node:net";
import type { Socket } from "node:net";
import { describe, expect, onTestFinished } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import { writeText, AUTH, CLOSE } from "#core/protocol/wire.ts";
import { attack } from "../helpers/hostile.ts";
import { createMemory } from "../helpers/memory-store.ts";
import { signAuth } from "../helpers/people.ts";
import { startWorld } from "../helpers/sync-world.ts";
import type { SyncWorld } from "../helpers/sync-world.ts";
import { until } from "../helpers/wait.ts";
import { dial, open } from "../helpers/wire-client.ts";

/** One TCP connection that says `bytes` and nothing more, until the test says on. */
const tcp = (url: string, bytes: string, localAddress = "127.0.0.1"): Socket => {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), localAddress });
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => undefined).resume();
  if (bytes !== "") socket.write(bytes);
  return socket;
};
const upgradeText = ({ wid, url }: SyncWorld): string =>
  `GET /${wid}/log HTTP/1.1\r\nHost: ${new URL(url).host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;
/** A frame of 1,000 bytes, masked, that begins and never ends. */
const BEGUN = Buffer.from([0x82, 0xfe, 0x03, 0xe8, 1, 2, 3, 4, 5]);

const KINDS = {
  "who send nothing": () => [""],
  "who send a request byte by byte": (world) => [
    "GET /",
    ..."healthz HTTP/1.1\r\nX: ".split(""),
    ...Array.from({ length: 400 }, () => "y"),
    upgradeText(world),
  ],
  "who ask for a document and say nothing": (world) => [upgradeText(world)],
  "who ask for a document and begin a frame": (world) => [
    upgradeText(world),
    BEGUN.toString("latin1"),
    ...Array.from({ length: 400 }, () => "z"),
  ],
} as const satisfies Record<string, (world: SyncWorld) => readonly string[]>;

/** Strangers that dial again as soon as they are closed, and drip a byte whenever asked to. */
const besiege = (world: SyncWorld, say: readonly string[], count: number, from: (i: number) => string) => {
  const live = new Map<number, { socket: Socket; said: number }>();
  let dialled = 0;
  let over = false;
  const come = (i: number): void => {
    if (over) return;
    dialled += 1;
    const socket = tcp(world.url, say[0] ?? "", from(i));
    live.set(i, { socket, said: 1 });
    socket.once("close", () => {
      live.delete(i);
      setTimeout(() => come(i), 200);
    });
  };
  for (let i = 0; i < count; i += 1) come(i);
  const drip = setInterval(() => {
    for (const one of live.values()) {
      const next = say[one.said];
      if (next !== undefined) one.socket.write(next, "latin1");
      one.said += 1;
    }
  }, 50);
  const end = (): void => {
    over = true;
    clearInterval(drip);
    for (const { socket } of live.values()) socket.destroy();
  };
  onTestFinished(end);
  return { end, dialled: () => dialled };
};

describe("[LI2] [LI4] strangers", () => {
  const rows = Object.entries(KINDS).flatMap(
    ([kind, say]) =>
      [
        [kind, "at the address of the members", say, () => "127.0.0.1"],
        [kind, "at many addresses", say, (i: number) => `127.0.1.${i % 50}`],
      ] as const,
  );
  attack.for(rows)(
    "%s, %s, more than there are places: members sign in, and the log says that it happens",
    async ([_kind, _where, say, from], { control }) => {
      const world = await startWorld({
        store: createMemory().connect(),
        limits: { strangersPerAddress: 20, strangers: 40, strangersKept: 4 },
      });
      const siege = besiege(world, say(world), 80, from);
      await until(() => siege.dialled() > 100, "the places to be taken, and taken again");
      for (let i = 0; i < 5; i += 1) {
        const wire = await open(world.url, world.wid, LOG, world.ada);
        await control(() => wire.synced());
        wire.close();
      }
      const crowded = world.lines.filter((line) => line.includes("crowded"));
      expect(crowded).toHaveLength(1);
      expect(crowded[0]).not.toContain("127.0.");
      siege.end();
    },
  );

  attack(
    "who have filled their address lose the oldest of theirs to a newcomer, with a code that lets an app try again",
    async ({ control }) => {
      const world = await startWorld({ limits: { strangersPerAddress: 3 } });
      const [first, second, third] = [
        dial(world.url, world.wid, LOG),
        dial(world.url, world.wid, LOG),
        dial(world.url, world.wid, LOG),
      ];
      for (const wire of [first, second, third]) await wire.hello;
      const newcomer = await control(() => open(world.url, world.wid, LOG, world.ada));
      expect(await first.closed).toMatchObject({ code: CLOSE.tooMuch });
      expect([second, third, newcomer].map(({ ws }) => ws.readyState)).toEqual([1, 1, 1]);
    },
  );

  attack(
    "who hang on after a wrong answer give their place up before anybody who may still come in",
    async ({ control }) => {
      const world = await startWorld({ limits: { strangersPerAddress: 3 } });
      const waiting = [dial(world.url, world.wid, LOG), dial(world.url, world.wid, LOG)];
      const nonces = await Promise.all(waiting.map(({ hello }) => hello));
      const stays = tcp(world.url, upgradeText(world));
      const hears = (): Promise<Buffer> => new Promise((resolve) => stays.once("data", resolve));
      while (!(await hears()).includes("nonce"));
      // Not masked, so the server closes it; this end never does.
      stays.write(Buffer.from([0x82, 0x00]));
      await hears();
      const newcomer = dial(world.url, world.wid, LOG);
      await newcomer.hello;
      const [one, two] = waiting;
      one?.auth(signAuth(world.ada, "device", { w: world.wid, d: LOG, nonce: nonces[0]?.nonce ?? "", aud: world.url }));
      two?.auth(signAuth(world.ada, "device", { w: world.wid, d: LOG, nonce: nonces[1]?.nonce ?? "", aud: world.url }));
      await control(() => Promise.all([one?.welcome, two?.welcome]));
    },
  );

  attack(
    "behind a proxy, who never send a request count for nobody's address, and one who signs in is let in",
    async ({ control }) => {
      const world = await startWorld({ trustProxy: true, limits: { strangersPerAddress: 2, strangers: 10 } });
      for (let i = 0; i < 20; i += 1) tcp(world.url, "GET /x");
      await control(() => open(world.url, world.wid, LOG, world.ada));
      await control(() => dial(world.url, world.wid, LOG, { "x-forwarded-for": "203.0.113.9" }).hello);
    },
  );
});

attack(
  "[LI15] strangers cannot fill the log: a line for each that is turned away only as often as a person could read",
  async ({ control }) => {
    const world = await startWorld({ limits: { strangerLinesPerMinute: 5, strangersPerAddress: 1_000 } });
    const lines = (): string[] => world.lines.filter((line) => line.includes('"closed"'));
    for (let i = 0; i < 40; i += 1) {
      const wire = dial(world.url, world.wid, LOG);
      await wire.hello;
      wire.auth("no answer");
      expect(await wire.closed).toMatchObject({ code: 4400 });
    }
    expect(lines().length).toBeLessThan(15);
    // What a member does is still told.
    const before = lines().length;
    const wire = await open(world.url, world.wid, LOG, world.ada);
    wire.raw(writeText(AUTH, "again"));
    await wire.closed;
    await control(() => expect(lines()).toHaveLength(before + 1));
  },
);

attack(
  "[LI14] a member who opens sockets without end keeps no colleague of the same office out",
  async ({ control }) => {
    const world = await startWorld({ limits: { socketsPerAddress: 12, socketsNeverTaken: 4 } });
    const ben = await world.member("Ben");
    const greedy = [];
    for (let i = 0; i < 20; i += 1) greedy.push(await open(world.url, world.wid, LOG, ben));
    for (let i = 0; i < 4; i += 1) {
      const wire = await control(() => open(world.url, world.wid, LOG, world.ada));
      await wire.synced();
    }
    expect(greedy.filter(({ ws }) => ws.readyState === ws.OPEN).length).toBeLessThanOrEqual(8);
    // Of their own, an app keeps what it needs.
    expect(greedy.filter(({ ws }) => ws.readyState === ws.OPEN).length).toBeGreaterThanOrEqual(4);
  },
);
