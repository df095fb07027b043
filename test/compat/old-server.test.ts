/** LV11: a server that is older than what it stores, after a step back or a move. */
import { expect, test } from "vitest";
import { writeEntry } from "#core/protocol/entry.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { Hash } from "#core/protocol/ids.ts";
import { crypto } from "../helpers/node-crypto.ts";
import { createMemory } from "../helpers/memory-store.ts";
import { foundAt, startWorld } from "../helpers/sync-world.ts";
import { dialAs } from "../helpers/wire-client.ts";

test("[LV11] [T30] serves a workspace above its level to nobody, writes nothing into it, and serves the others", async () => {
  const memory = createMemory();
  const world = await startWorld({ store: memory.connect() });
  const other = await foundAt(world.url, world.now);
  const entries = world.log.entries();
  const newest = entries.at(-1) ?? "";
  // Positive control: a server that starts over this store serves it.
  const before = await dialAs((await world.beside({})).url, world.wid, LOG, world.ada);
  expect(await before.welcome).toMatchObject({ s: entries.length });
  before.close();

  const entry = writeEntry({
    s: entries.length + 1,
    p: crypto.sha256(newest) as Hash,
    t: world.now(),
    c: world.sign(world.ada, LOG, "vault.open", {}),
    m: null,
  });
  const store = memory.connect();
  const lengths = new Map([[LOG, entries.length]]);
  expect(await store.append(world.wid, [{ doc: LOG, seq: entries.length + 1, entry }], lengths)).toBe("appended");
  const older = await world.beside({});
  const wire = await dialAs(older.url, world.wid, LOG, world.ada);
  expect(await wire.closed).toEqual({ code: 4427, reason: "server-too-old" });
  expect(await store.length(world.wid, LOG)).toBe(entries.length + 1);
  const beside = await dialAs(older.url, other.wid, LOG, other.ada);
  expect(await beside.welcome).toMatchObject({ s: 1 });
  beside.close();
});
