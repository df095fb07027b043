/**
 * A server on a copy of its store that lacks the newest entries of the log, the removal of a member among them. Everything
 * that was lost is at hand, with the heads that the server signed over it.
 */
import { expect, onTestFinished } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import type { RecoveryNumbers } from "../../sync-server/server/connections/recovery.ts";
import { startServer } from "../../sync-server/server/server.ts";
import { positionOf, startGiver } from "./giver.ts";
import type { Giver } from "./giver.ts";
import { createMemory } from "./memory-store.ts";
import { crypto, makeKey } from "./node-crypto.ts";
import type { Person } from "./people.ts";
import { startWorld } from "./sync-world.ts";
import type { SyncWorld } from "./sync-world.ts";
import { open } from "./wire-client.ts";

const QUICK: Partial<RecoveryNumbers> = { quietMs: 300, stallMs: 60_000, giveWithinMs: 600_000 };

export interface SetBack {
  readonly world: SyncWorld;
  /** The server on the copy. */
  readonly url: string;
  /** A member in the copy, who was removed after it was made. */
  readonly mallory: Person;
  readonly ben: Person;
  /** The whole history, and where the copy ends. */
  readonly truth: readonly string[];
  readonly kept: number;
  /** A head that the server signed of this position. */
  readonly head: (position: number) => string;
  /** What the server on the copy has now. */
  stored(): Promise<string[]>;
  readonly lines: string[];
  /** Another node over the same store. */
  beside(): Promise<string>;
}

export const setBack = async (numbers: Partial<RecoveryNumbers> = {}): Promise<SetBack> => {
  const memory = createMemory();
  const world = await startWorld({ store: memory.connect(), headEveryMs: 100 });
  const { ada, log } = world;
  const [ben, mallory] = [await world.member("Ben", "approver"), await world.member("Mallory")];
  const signed = async (): Promise<number> => {
    const { length } = log.entries();
    await log.until(() => log.heads.some((head) => positionOf(head) === length));
    return length;
  };
  const kept = await signed();
  const copy = memory.copy();
  await world.member("Cleo");
  await signed();
  const removed = await world.send(log, ada, LOG, "member.remove", { member: mallory.member });
  if (!removed.ok) throw new Error(`the test takes the removal as given, but: ${removed.code}`);
  await log.until(() => log.entries().length >= removed.s);
  await signed();
  const lines: string[] = [];
  const store = copy.connect();
  const serve = async (over = copy.connect()): Promise<string> => {
    const server = await startServer({
      store: over,
      host: "127.0.0.1",
      port: 0,
      origins: [],
      create: "open",
      now: world.now,
      log: (fields) => void lines.push(fields.event),
      headEveryMs: 100,
      recovery: { ...QUICK, ...numbers } as Partial<RecoveryNumbers>,
      limits: { authWithinMs: 600_000 },
    });
    onTestFinished(() => server.close());
    return server.url;
  };
  return {
    world,
    url: await serve(store),
    beside: serve,
    ben,
    mallory,
    truth: log.entries(),
    kept,
    head: (position) => log.heads.findLast((head) => positionOf(head) === position) ?? "",
    stored: () => store.read(world.wid, LOG, 1, { entries: 1_000, characters: 10_000_000 }),
    lines,
  };
};
export const giverOf = ({ url, world }: SetBack): Promise<Giver> => startGiver(url, world.wid, LOG);
export const lostOf = ({ truth, kept }: SetBack): string[] => truth.slice(kept);
/** The true history, given by somebody who has it. */
export const truly = async (of: SetBack): Promise<void> => {
  const giver = await giverOf(of);
  expect(await giver.offer(of.head(of.truth.length))).toMatchObject({ a: "give", s: of.kept });
  expect(await giver.give(of.kept + 1, lostOf(of))).toMatchObject({ a: "done", s: of.truth.length });
  expect(await of.stored()).toEqual(of.truth);
};
export const commandAt = async (of: SetBack, who: Person): Promise<unknown> => {
  const wire = await open(of.url, of.world.wid, LOG, who);
  return wire.cmd(
    of.world.sign(who, LOG, "server.key", { x: makeKey().x }, { seen: [1, crypto.sha256(of.truth[0] ?? "")] }),
  );
};
/** Date of a head, ms. */
export const dateOf = (head: string): number =>
  (JSON.parse(crypto.decode(head.split(".")[1] ?? "") ?? "{}") as { t: number }).t;
