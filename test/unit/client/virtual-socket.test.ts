/** A channel as the stock provider sees it: the real provider of the package, with nothing of it replaced. */
import * as encoding from "lib0/encoding";
import { writeSyncStep2, writeUpdate } from "y-protocols/sync";
import { WebsocketProvider } from "y-websocket";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import * as Y from "yjs";
import { SYNC } from "#core/protocol/wire.ts";
import { LOST, socketsOf } from "#client/link/virtual-socket.ts";
import type { VirtualSocket } from "#client/link/virtual-socket.ts";

const sync = (write: (encoder: encoding.Encoder) => void): Uint8Array => {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, SYNC);
  write(encoder);
  return encoding.toUint8Array(encoder);
};
const STEP_1 = [SYNC, 0];

const provide = () => {
  const made: VirtualSocket[] = [];
  const sent: Uint8Array[] = [];
  const left: VirtualSocket[] = [];
  const closed: number[] = [];
  const doc = new Y.Doc();
  const provider = new WebsocketProvider("channel:", "log", doc, {
    disableBc: true,
    WebSocketPolyfill: socketsOf({
      made: (socket) => void made.push(socket),
      send: (frame) => void sent.push(frame),
      left: (socket) => void left.push(socket),
    }),
  });
  provider.awareness.setLocalState(null);
  provider.on("closed", ({ code }: { code: number }) => void closed.push(code));
  onTestFinished(() => provider.destroy());
  return { provider, doc, made, sent, left, closed, newest: () => made.at(-1) as VirtualSocket };
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("[CN6] a virtual socket under the stock provider", () => {
  test("opens with its channel and not before, and then says what the provider says", () => {
    const { provider, sent, newest } = provide();
    vi.advanceTimersByTime(60_000);
    expect([provider.wsconnecting, provider.wsconnected, sent.length]).toEqual([true, false, 0]);
    newest().opened();
    expect(provider.wsconnected).toBe(true);
    expect(sent.map(([type, step]) => [type, step])).toEqual([STEP_1]);
  });

  test("brings the provider in sync, and takes what follows", () => {
    const { provider, doc, newest } = provide();
    const there = new Y.Doc();
    there.getArray("e").push(["one"]);
    newest().opened();
    newest().hears(sync((encoder) => writeSyncStep2(encoder, there)));
    expect([provider.synced, doc.getArray("e").toArray()]).toEqual([true, ["one"]]);
    const before = Y.encodeStateVector(there);
    there.getArray("e").push(["two"]);
    newest().hears(sync((encoder) => writeUpdate(encoder, Y.encodeStateAsUpdate(there, before))));
    expect(doc.getArray("e").toArray()).toEqual(["one", "two"]);
  });

  test.each([4400, 4403, 4499])("comes out as close code %i, which ends the provider's attempts", (code) => {
    const { provider, made, closed, newest } = provide();
    newest().opened();
    newest().ended(code);
    vi.advanceTimersByTime(600_000);
    expect([provider.wsconnected, made.length, closed]).toEqual([false, 1, [code]]);
  });

  test.each([LOST, 1000, 4503])(
    "comes out as close code %i, after which the provider waits for a channel without dialling",
    (code) => {
      const { provider, made, closed, sent, newest } = provide();
      newest().opened();
      newest().ended(code);
      vi.advanceTimersByTime(600_000);
      expect([provider.wsconnected, closed, sent.length]).toEqual([false, [], 1]);
      // One more, that waits: nothing else was made or said in ten minutes.
      expect(made.length).toBe(2);
      newest().opened();
      expect(provider.wsconnected).toBe(true);
    },
  );

  test("hears nothing after its end, whoever ended it", () => {
    const { provider, doc, made, left } = provide();
    const there = new Y.Doc();
    there.getArray("e").push(["late"]);
    const late = sync((encoder) => writeUpdate(encoder, Y.encodeStateAsUpdate(there)));
    made[0]?.opened();
    provider.disconnect();
    expect(left).toEqual([made[0]]);
    made[0]?.hears(late);
    made[0]?.ended(LOST);
    expect(doc.getArray("e").length).toBe(0);
  });
});

describe("[CN5] the provider's watchdog", () => {
  const staysWith = (feed: boolean): boolean => {
    const { provider, newest } = provide();
    newest().opened();
    // Its clock is none that a test could set: forty seconds passed since it heard something.
    provider.wsLastMessageReceived -= 40_000;
    if (feed) newest().feed();
    vi.advanceTimersByTime(5_000);
    return provider.wsconnected;
  };
  test("is kept quiet by the socket while the connection lives, and ends a socket that is not fed", () => {
    expect(staysWith(true)).toBe(true);
    // Otherwise nothing was watching.
    expect(staysWith(false)).toBe(false);
  });

  test("takes a sign of life that says nothing", () => {
    const { provider, doc, sent, newest } = provide();
    const heard: string[] = [];
    doc.on("update", () => void heard.push("update"));
    provider.awareness.on("change", () => void heard.push("presence"));
    newest().opened();
    newest().feed();
    expect([heard, sent.length]).toEqual([[], 1]);
  });
});
