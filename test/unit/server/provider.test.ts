/** The stock y-websocket provider, unmodified, as an honest client. */
import * as decoding from "lib0/decoding";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { LOG } from "#core/protocol/ids.ts";
import { AUTH, HEAD, HELLO, WELCOME, writeText } from "#core/protocol/wire.ts";
import { deviceBody, makeDevice, signAuth } from "../../helpers/people.ts";
import type { Person } from "../../helpers/people.ts";
import { startWorld } from "../../helpers/sync-world.ts";
import type { SyncWorld } from "../../helpers/sync-world.ts";

/** A provider with handlers for our messages, as the host makes it. */
const connect = (world: SyncWorld, doc: string, who: Person) => {
  const copy = new Y.Doc();
  const provider = new WebsocketProvider(world.url.replace("http", "ws"), `${world.wid}/${doc}`, copy, {
    connect: false,
    disableBc: true,
    WebSocketPolyfill: WebSocket as never,
  });
  provider.awareness.setLocalState(null);
  const closes: number[] = [];
  const final: number[] = [];
  provider.messageHandlers[HELLO] = (_encoder, decoder) => {
    const { nonce } = JSON.parse(decoding.readVarString(decoder)) as { nonce: string };
    provider.ws?.send(
      new Uint8Array(writeText(AUTH, signAuth(who, "device", { w: world.wid, d: doc, nonce, aud: world.url }))),
    );
  };
  provider.messageHandlers[WELCOME] = () => undefined;
  provider.messageHandlers[HEAD] = () => undefined;
  provider.on("connection-close", (event) => void closes.push(event?.code ?? 0));
  provider.on("closed", ({ code }) => void final.push(code));
  onTestFinished(() => provider.destroy());
  provider.connect();
  return { provider, copy, closes, final, entries: () => copy.getArray<string>("e").toArray() };
};

test("[SV50] it syncs, follows, and comes back by itself with what it missed", async () => {
  const world = await startWorld();
  const ben = await world.member("Ben");
  const client = connect(world, LOG, ben);
  await expect.poll(() => client.provider.synced).toBe(true);
  expect(client.entries()).toEqual(world.log.entries());
  client.provider.ws?.close();
  await expect.poll(() => client.closes.length).toBeGreaterThan(0);
  await world.send(world.log, world.ada, LOG, "server.key", { x: ben.key.x });
  await expect.poll(() => client.entries().length).toBe(3);
  await world.send(world.log, world.ada, LOG, "device.add", deviceBody(world.wid, makeDevice(world.ada)));
  await expect.poll(() => client.entries()).toHaveLength(4);
  await world.log.until(() => world.log.entries().length === 4);
  expect(client.entries()).toEqual(world.log.entries());
});

test("[SV50] [T15] a local edit of the replica is uploaded by the provider, refused by the server, and the provider stops for good", async () => {
  const world = await startWorld();
  const ben = await world.member("Ben");
  const client = connect(world, LOG, ben);
  await expect.poll(() => client.provider.synced).toBe(true);
  client.copy.getArray("e").push(["forged"]);
  await expect.poll(() => client.final).toEqual([4403]);
  expect(client.provider.shouldConnect).toBe(false);
  expect(world.log.entries().length).toBe(2);
  expect(world.log.entries()).not.toContain("forged");
});

test("[SV50] a removed person's provider stops for good with 4416", async () => {
  const world = await startWorld();
  const ben = await world.member("Ben");
  const client = connect(world, LOG, ben);
  await expect.poll(() => client.provider.synced).toBe(true);
  await world.send(world.log, world.ada, LOG, "member.remove", { member: ben.member });
  await expect.poll(() => client.final).toEqual([4416]);
});

test("[SV51] a log of many pages arrives whole, and synced means whole", async () => {
  const world = await startWorld({ limits: { commandBurst: 1_000 } });
  const tools = Array.from({ length: 50 }, (_, i) => ({
    name: `tool-${i}-${"x".repeat(180)}`,
    schema: "A".repeat(43),
    readOnly: false,
    destructive: false,
  }));
  for (let i = 0; i < 40; i += 1)
    await world.send(world.log, world.ada, LOG, "tool.define", {
      id: "A".repeat(22),
      name: `Tools ${i}`,
      launch: { kind: "http", url: "https://tools.example", headers: [], vars: [] },
      tools,
      policy: null,
    });
  const client = connect(world, LOG, world.ada);
  let atSync = -1;
  client.provider.on("sync", () => {
    atSync = client.entries().length;
  });
  await expect.poll(() => client.provider.synced).toBe(true);
  expect(atSync).toBe(41);
  expect(client.entries().join("").length).toBeGreaterThan(2 * 262_144);
  await world.log.until(() => world.log.entries().length === 41);
  expect(client.entries()).toEqual(world.log.entries());
});
