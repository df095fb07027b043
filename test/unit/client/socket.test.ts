/** A document's socket against servers that do as they like: nothing of it reaches the process or the verified copy. */
import type { Socket } from "node:net";
import * as encoding from "lib0/encoding";
import { writeSyncStep1, writeSyncStep2, writeUpdate } from "y-protocols/sync";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import { describe, expect, onTestFinished, test } from "vitest";
import * as Y from "yjs";
import { LOG } from "#core/protocol/ids.ts";
import { ACK, HEAD, HELLO, readClientFrame, SYNC, WELCOME, writeNumbered, writeText } from "#core/protocol/wire.ts";
import type { ClientFrame } from "#core/protocol/wire.ts";
import { platform } from "../../../electron/host/ways/platform.ts";
import { openSocket } from "#client/link/socket.ts";
import type { DocumentSocket, SocketEvents } from "#client/link/socket.ts";

const HELLO_TEXT = JSON.stringify({ v: 1, nonce: "n".repeat(32), origin: "http://x", key: "k".repeat(43) });
const sync = (write: (encoder: encoding.Encoder) => void): Uint8Array => {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, SYNC);
  write(encoder);
  return encoding.toUint8Array(encoder);
};

interface Lair {
  readonly socket: DocumentSocket;
  readonly heard: string[];
  readonly frames: ClientFrame[];
  /** The server's copy, which it edits as it likes. */
  readonly copy: Y.Doc;
  peer(): WebSocket;
  connections(): number;
}
/** A server of raw frames, and a socket that dialled it. */
const lair = async (entries: string[] = ["one", "two"], greet = true): Promise<Lair> => {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  const copy = new Y.Doc();
  copy.clientID = 1;
  copy.getArray("e").push(entries);
  const frames: ClientFrame[] = [];
  const heard: string[] = [];
  let peer: WebSocket | null = null;
  let connections = 0;
  server.on("connection", (ws) => {
    peer = ws;
    connections += 1;
    if (greet) ws.send(writeText(HELLO, HELLO_TEXT));
    ws.on("message", (bytes: Buffer) => {
      const frame = readClientFrame(new Uint8Array(bytes));
      if (frame !== null) frames.push(frame);
      if (frame?.type === "auth") ws.send(writeText(WELCOME, JSON.stringify({ s: entries.length })));
    });
  });
  await new Promise<void>((resolve) => void server.once("listening", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const on: SocketEvents = {
    entries: (added) => void heard.push(...added.map((entry) => `entry ${entry}`)),
    rewritten: (code) => void heard.push(code),
    welcome: () => void heard.push("welcome"),
    head: (jws) => void heard.push(`head ${jws}`),
    down: (garbled) => void heard.push(garbled ? "down over what was sent" : "down"),
    refused: (code) => void heard.push(`refused ${code}`),
  };
  const socket = openSocket(
    {
      platform,
      server: `http://127.0.0.1:${port}`,
      wid: "w".repeat(22),
      doc: LOG,
      length: 2,
      auth: async (nonce) => `answer to ${nonce}`,
    },
    on,
  );
  onTestFinished(() => {
    socket.close();
    server.clients.forEach((ws) => ws.terminate());
    server.close();
  });
  await expect.poll(() => (greet ? socket.open() : connections > 0)).toBe(true);
  return { socket, heard, frames, copy, peer: () => peer as unknown as WebSocket, connections: () => connections };
};

describe("a document's socket", () => {
  test("says how much it has, answers HELLO, and hears what follows", async () => {
    const { heard, frames, copy, peer } = await lair();
    expect(frames.map((frame) => frame.type)).toEqual(["step1", "auth"]);
    expect(frames[1]).toMatchObject({ jws: `answer to ${"n".repeat(32)}` });
    const [step1] = frames;
    if (step1?.type !== "step1") throw new Error("no SyncStep1");
    expect([...Y.decodeStateVector(step1.stateVector)]).toEqual([[1, 2]]);
    const before = Y.encodeStateVector(copy);
    copy.getArray("e").push(["three", "four"]);
    peer().send(sync((encoder) => writeSyncStep2(encoder, copy, before)));
    peer().send(writeText(HEAD, "a.b.c"));
    await expect.poll(() => heard).toEqual(["welcome", "entry three", "entry four", "head a.b.c"]);
  });

  test("never uploads, also when the server asks for the document", async () => {
    const { frames, peer, connections, copy } = await lair();
    peer().send(sync((encoder) => writeSyncStep1(encoder, copy)));
    await expect.poll(connections).toBe(2);
    expect(frames.some((frame) => frame.type === "yjs-write")).toBe(false);
  });

  test.each([
    ["a removed entry", "deletion", (copy: Y.Doc) => copy.getArray("e").delete(0)],
    ["the removal of all it had", "deletion", (copy: Y.Doc) => copy.getArray("e").delete(0, 2)],
    ["an entry before the head", "insert-before-head", (copy: Y.Doc) => copy.getArray("e").insert(1, ["between"])],
    ["an entry before the first", "insert-before-head", (copy: Y.Doc) => copy.getArray("e").insert(0, ["zero"])],
    ["an entry that is no text", "not-text", (copy: Y.Doc) => copy.getArray("e").push([{ text: 1 }])],
  ])("reports %s and nothing after it", async (_name, code, change) => {
    const { heard, copy, peer } = await lair();
    const before = Y.encodeStateVector(copy);
    change(copy);
    peer().send(sync((encoder) => writeUpdate(encoder, Y.encodeStateAsUpdate(copy, before))));
    await expect.poll(() => heard).toContain(code);
    const next = Y.encodeStateVector(copy);
    copy.getArray("e").push(["after"]);
    peer().send(sync((encoder) => writeUpdate(encoder, Y.encodeStateAsUpdate(copy, next))));
    peer().send(writeText(HEAD, "later"));
    await expect.poll(() => heard).toEqual(["welcome", code, "head later"]);
  });

  test.each([
    ["nothing", new Uint8Array(0)],
    ["a cut frame", new Uint8Array([HEAD, 200])],
    ["a sync step of no kind", new Uint8Array([SYNC, 9])],
    ["an update of garbage", new Uint8Array([SYNC, 2, 3, 255, 255, 255])],
    ["an answer of no shape", writeNumbered(ACK, 1, '{"ok":"maybe"}')],
    ["a greeting of no shape", writeText(HELLO, "{}")],
    ["text", "hello"],
  ])("ends the connection on %s and dials again", async (_name, bytes) => {
    const { peer, connections, heard } = await lair();
    peer().send(bytes);
    await expect.poll(connections).toBe(2);
    expect(heard.filter((line) => line.startsWith("entry"))).toEqual([]);
  });

  test.each([
    // A header alone: nobody waits for 64 MiB to come before refusing them.
    ["a frame that is larger than what is read", Buffer.from([0x82, 127, 0, 0, 0, 0, 4, 0, 0, 1])],
    ["a frame of no kind", Buffer.from([0x83, 0])],
  ])(
    "ends the connection on %s at once, over what was sent, keeps nothing of it and dials again",
    async (_name, bytes) => {
      const { peer, connections, heard } = await lair();
      const { _socket: wire } = peer() as unknown as { _socket: Socket };
      wire.write(bytes);
      peer().send(writeText(HEAD, "in the same breath"));
      await expect.poll(connections).toBe(2);
      expect(heard.slice(0, 2)).toEqual(["welcome", "down over what was sent"]);
      expect(heard.filter((line) => line.startsWith("entry") || line.startsWith("head"))).toEqual([]);
    },
  );

  test("takes a close code of 4400 to 4499 as the last word, and dials again after others", async () => {
    const first = await lair();
    first.peer().close(4401, "no");
    await expect.poll(() => first.heard).toContain("refused 4401");
    expect(await first.socket.send("x")).toBeNull();
    const second = await lair();
    second.peer().close(1001);
    await expect.poll(second.connections).toBe(2);
    expect(second.heard.some((line) => line.startsWith("refused"))).toBe(false);
  });

  test("refuses a server of another protocol version without answering it", async () => {
    const { heard, peer, frames } = await lair([], false);
    peer().send(writeText(HELLO, HELLO_TEXT.replace('"v":1', '"v":9')));
    await expect.poll(() => heard).toContain("refused 4426");
    expect(frames.some((frame) => frame.type === "auth")).toBe(false);
  });

  test("answers each command with its own acknowledgement, and null when the connection ends first", async () => {
    const { socket, peer, frames } = await lair();
    const first = socket.send("first");
    const second = socket.send("second");
    const third = socket.send("third");
    await expect.poll(() => frames.filter((frame) => frame.type === "cmd").length).toBe(3);
    peer().send(writeNumbered(ACK, 2, '{"ok":false,"code":"stale"}'));
    peer().send(writeNumbered(ACK, 1, JSON.stringify({ ok: true, d: "log", s: 3, id: "i".repeat(43), dup: false })));
    expect([await first, await second]).toEqual([
      { ok: true, d: "log", s: 3, id: "i".repeat(43), dup: false },
      { ok: false, code: "stale" },
    ]);
    peer().terminate();
    expect(await third).toBeNull();
  });
});
