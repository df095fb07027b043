/** What a server holds for a reader that stopped reading while 44 MB went by: what comes free when that socket ends. */
import { setTimeout as wait } from "node:timers/promises";
import { aimed, measured } from "../measure.ts";
import type { Measured } from "../measure.ts";
import { openArena } from "./arena.ts";
import type { PeerKind } from "./peer.ts";

const WRITE = 20_480;
const WRITES = 2_200;
const WRITERS = 4;
const WINDOW = 50;

const held = async (kind: PeerKind): Promise<number> => {
  const arena = await openArena(kind);
  try {
    const observer = await arena.join(0);
    const stalled = await arena.join(1);
    // More than one, for what one person may write has an end.
    const writers = await Promise.all(Array.from({ length: WRITERS }, (_, i) => arena.join(2 + i)));
    stalled.ws.pause();
    let heard = 0;
    observer.onItems = (count) => {
      heard += count;
    };
    const frames = writers.map((_, i) => arena.frames(2 + i, WRITES / WRITERS, WRITE));
    for (let sent = 0; sent < WRITES; sent += 1) {
      writers[sent % WRITERS]?.ws.send(frames[sent % WRITERS]?.[Math.floor(sent / WRITERS)] as Uint8Array);
      while (sent - heard > WINDOW) await wait(1);
    }
    // What is still under way to the observer is not held for the stalled one.
    await wait(500);
    const full = await arena.memory();
    stalled.ws.terminate();
    await wait(500);
    const free = await arena.memory();
    return (full.heap - free.heap) / 1_048_576;
  } finally {
    await arena.close();
  }
};

export const stalledReader = async (): Promise<Measured[]> => {
  const yws = await held("yws");
  return [
    aimed(
      measured("held for a stalled reader after 44 MB", await held("bulkhead"), "MB", 1, {
        name: "y-websocket",
        value: yws,
      }),
      { at: "most", than: 1, of: "value" },
    ),
  ];
};
