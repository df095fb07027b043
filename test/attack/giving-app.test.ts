/**
 * An app that gives back what a server lost, and what answers is not that server, or wants something else. Each control
 * is the workspace's own server, which gets every entry, in order and once.
 */
import { describe, expect, onTestFinished } from "vitest";
import { WebSocketServer } from "ws";
import { WANT_TYP } from "#core/protocol/command.ts";
import { LOG } from "#core/protocol/ids.ts";
import { HELLO, readClientFrame, WANT, writeText } from "#core/protocol/wire.ts";
import { talk } from "#client/link/give-talk.ts";
import type { Talked } from "#client/link/give-talk.ts";
import { platform } from "../../electron/host/ways/platform.ts";
import { generateServerKey, readServerKey } from "../../sync-server/server/system/server-key.ts";
import { lie } from "../helpers/hostile.ts";
import { crypto } from "../helpers/node-crypto.ts";

const wid = "w".repeat(22);
const own = readServerKey(crypto, generateServerKey());
const stranger = readServerKey(crypto, generateServerKey());
const ENTRIES = Array.from({ length: 9 }, (_, i) => `entry ${i + 1}`);
/** The server lost what is behind the fourth. */
const HAD = 4;

interface Asked {
  readonly nonce: string;
  /** The last position that was given so far, or what it had. */
  readonly have: number;
  /** Position of the head that was offered. */
  readonly to: number;
}
interface Server {
  /** Public key in HELLO. */
  readonly key: string;
  /** The answer to each frame. */
  readonly want: (asked: Asked) => string;
}
const want = (asked: Asked, over: Record<string, unknown> = {}, by = own): string =>
  by.signJws(WANT_TYP, {
    v: 1,
    w: wid,
    d: LOG,
    n: asked.nonce,
    s: asked.have,
    a: asked.have < asked.to ? "give" : "done",
    ...over,
  });
const HONEST: Server = { key: own.x, want: (asked) => want(asked) };

/** What a server that behaves so gets out of the app. */
const drawn = async ({ key, want: answer }: Server): Promise<{ talked: Talked; given: string[]; frames: string[] }> => {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  onTestFinished(() => void server.close());
  const given: string[] = [];
  const frames: string[] = [];
  server.on("connection", (app) => {
    let [nonce, have, to] = ["", HAD, 0];
    app.send(writeText(HELLO, JSON.stringify({ from: 1, to: 1, nonce: "n".repeat(32), origin: "http://x", key })));
    app.on("message", (bytes: Buffer) => {
      const frame = readClientFrame(new Uint8Array(bytes));
      frames.push(frame?.type ?? "none");
      if (frame?.type === "offer") [nonce, to] = [frame.offer.nonce, Number(frame.offer.head.split(" ").at(-1))];
      if (frame?.type === "give") {
        given.push(...frame.given.entries);
        have = frame.given.from + frame.given.entries.length - 1;
      }
      app.send(writeText(WANT, answer({ nonce, have, to })));
    });
  });
  await new Promise<void>((resolve) => void server.once("listening", resolve));
  const address = server.address();
  // Two entries at hand at a time, so that the talk has several turns.
  const talked = await talk({
    platform,
    server: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    wid,
    doc: LOG,
    key: own.x,
    heads: [
      { seq: 6, jws: "head of 6" },
      { seq: ENTRIES.length, jws: "head of 9" },
    ],
    entries: (from, to) => (from < 1 ? [] : ENTRIES.slice(from - 1, Math.min(to, from + 1))),
    answerWithinMs: 500,
  });
  return { talked, given, frames };
};

const SERVERS: [string, Server, readonly string[]][] = [
  ["another key in its greeting", { key: stranger.x, want: (asked) => want(asked) }, []],
  [
    "the right key in its greeting, and cannot sign with it",
    { key: own.x, want: (asked) => want(asked, {}, stranger) },
    ["offer"],
  ],
  [
    "an answer of the right server to somebody else's number",
    { key: own.x, want: (asked) => want(asked, { n: "x".repeat(32) }) },
    ["offer"],
  ],
  ["an answer about another workspace", { key: own.x, want: (asked) => want(asked, { w: "v".repeat(22) }) }, ["offer"]],
  ["an answer about another list", { key: own.x, want: (asked) => want(asked, { d: "queue:approvers" }) }, ["offer"]],
  [
    "a head in place of an answer",
    {
      key: own.x,
      want: (asked) =>
        own.signJws("bulkhead-head+jws", { v: 1, w: wid, d: LOG, s: asked.have, h: "h".repeat(43), t: 1 }),
    },
    ["offer"],
  ],
  ["an answer with a field too many", { key: own.x, want: (asked) => want(asked, { thread: "all" }) }, ["offer"]],
  ["nothing that can be read", { key: own.x, want: () => "trust me" }, ["offer"]],
];

describe("[T15] [T26] an app that gives back what its server lost", () => {
  lie.for(SERVERS)("[GV2] gives nothing to a server that says %s", async ([, server, frames], { control }) => {
    const found = await drawn(server);
    expect(found).toEqual({ talked: { answer: "silent", gave: 0 }, given: [], frames });
    await control(async () => {
      const { talked, given } = await drawn(HONEST);
      expect(given).toEqual(ENTRIES.slice(HAD));
      expect(talked).toEqual({ answer: "done", gave: ENTRIES.length - HAD });
    });
  });

  lie("[GV2] gives nothing twice, and nothing that it does not keep", async ({ control }) => {
    // What it has got it asks for again, and then for what nobody has.
    const again = await drawn({ key: own.x, want: (asked) => want(asked, { s: HAD, a: "give" }) });
    expect(again.given).toEqual(ENTRIES.slice(HAD, HAD + 2));
    const before = await drawn({ key: own.x, want: (asked) => want(asked, { s: 0, a: "give" }) });
    expect(before.given.length).toBeLessThanOrEqual(ENTRIES.length);
    const beyond = await drawn({ key: own.x, want: (asked) => want(asked, { s: 40, a: "give" }) });
    expect(beyond).toMatchObject({ talked: { answer: "silent" }, given: [] });
    await control(async () => expect((await drawn(HONEST)).given).toEqual(ENTRIES.slice(HAD)));
  });
});
