/**
 * From a gated call to the card at the approver, and from the vote to the call of the tool: two agent hosts, two shells
 * and the server, each a process of its own. With an empty list, and while some 500 other cards wait.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  acceptServer,
  addServer,
  callsOf,
  found,
  invite,
  join as joins,
  scriptServer,
} from "../../scripts/apps/team.ts";
import { openWorld } from "../helpers/world.ts";
import type { Person } from "../helpers/world.ts";
import { crowd } from "./crowd.ts";
import { readTaps, tripsOf } from "./legs.ts";
import type { Round, Trip } from "./legs.ts";
import { aimed, measured, percentile } from "./measure.ts";
import type { Measured, Peer } from "./measure.ts";
import { relayTrips } from "./relay-peer.ts";
import { clock, marks, tapped } from "./tap.ts";

const ROUNDS = 200;
const CROWDED_ROUNDS = 60;
const WARM_UP = 5;
/** Each tool server takes 60 calls a minute from one person, so the rounds are spread over several. */
const LEDGERS = 5;
/** What follows from a step is done by then, so that the next one does not wait for it. */
const QUIET_MS = 80;

export const approval = (): Promise<Measured[]> => measuredTrips("approval round trip", ROUNDS, false);
/** The same with a list that is long. */
export const crowdedApproval = (): Promise<Measured[]> =>
  measuredTrips("approval while 500 cards wait", CROWDED_ROUNDS, true);

const measuredTrips = async (name: string, count: number, crowded: boolean): Promise<Measured[]> => {
  const relay = await relayTrips(count);
  return rowsOf(name, await tripsIn(count, crowded), relay);
};

const tripsIn = async (count: number, crowded: boolean): Promise<Trip[]> => {
  const folder = mkdtempSync(join(tmpdir(), "bulkhead-bench-"));
  const options = tapped(folder);
  Object.assign(process.env, options);
  try {
    const rounds = await roundsIn(count, crowded);
    return tripsOf([...readTaps(folder), { role: "bench", who: "", marks }], rounds);
  } finally {
    for (const name of Object.keys(options)) delete process.env[name];
    rmSync(folder, { recursive: true, force: true });
  }
};

const roundsIn = async (count: number, crowded: boolean): Promise<Round[]> => {
  const world = await openWorld();
  try {
    const [ada, ben] = await Promise.all([world.person("Ada"), world.person("Ben")]);
    // Not through the network of a test, which is a hop that nobody has.
    const wid = await found(ada.rpc, "Ada", "Harbour", world.server.url);
    await joins(ben.rpc, "Ben", (await invite(ada.rpc, wid)).link);
    const ledgers = await openLedgers(world.dir, ada, ben, wid);
    if (crowded) await crowd(world.dir, ada, wid);
    const thread = await ben.rpc.call("thread.create", { wid });
    await ben.rpc.when("thread", thread.id, () => true);
    const rounds: Round[] = [];
    for (let index = -WARM_UP; index < count; index++) {
      const ledger = ledgers[(index + WARM_UP) % ledgers.length] ?? "";
      const round = await decideOnce({ ada, ben, wid, ledger, thread: thread.id, line: `line ${index}` });
      if (index >= 0) rounds.push(round);
    }
    return rounds;
  } finally {
    await world.close();
  }
};

const openLedgers = async (dir: string, ada: Person, ben: Person, wid: string): Promise<string[]> => {
  const ids: string[] = [];
  for (let index = 0; index < LEDGERS; index++) {
    const ledger = scriptServer(resolve("test/fixtures/ledger-mcp.mjs"), resolve(dir, "ledger.txt"));
    const id = await addServer(ada.rpc, wid, `ledger ${index}`, ledger);
    await acceptServer(ben.rpc, wid, id);
    ids.push(id);
  }
  return ids;
};

interface Call {
  readonly ada: Person;
  readonly ben: Person;
  readonly wid: string;
  readonly ledger: string;
  readonly thread: string;
  readonly line: string;
}

/** The time a person takes to look is left out: from the call to the card, and from the vote to the start. */
const decideOnce = async ({ ada, ben, wid, ledger, thread, line }: Call): Promise<Round> => {
  const seen = new Set((await ada.rpc.when("cards", wid, () => true)).map((card) => card.request));
  await sleep(QUIET_MS);
  const raised = clock();
  await ben.rpc.call("thread.callTool", { thread, server: ledger, tool: "work", args: JSON.stringify({ line }) });
  const isNew = (card: { readonly state: string; readonly request: string }): boolean =>
    card.state === "pending" && !seen.has(card.request);
  const cards = await ada.rpc.when("cards", wid, (all) => all.some(isNew));
  const request = cards.find(isNew)?.request ?? "";
  const popup = await ada.rpc.popup(wid, request);
  await popup.call("card.get", { wid, request });
  await sleep(QUIET_MS);
  const voted = clock();
  await popup.call("card.decide", { wid, request, vote: "approve", note: "" });
  await sleep(QUIET_MS);
  while ((await callsOf(ben.rpc, thread)).at(-1)?.state !== "done") await sleep(QUIET_MS);
  popup.close();
  return { raised, voted };
};

const rowsOf = (name: string, trips: readonly Trip[], relay: readonly number[]): Measured[] => {
  const peer = (p: number): Peer => ({ name: "bare relay with its commits", value: percentile(relay, p) });
  const row = (what: string, samples: readonly number[], p: number, other?: Peer): Measured =>
    measured(`${what} ${p === 0 ? "least" : `p${p * 100}`}`, percentile(samples, p), "ms", samples.length, other);
  const whole = trips.map(({ raise, vote }) => raise.total + vote.total);
  const legs = [...(trips[0]?.raise.legs.keys() ?? []), ...(trips[0]?.vote.legs.keys() ?? [])];
  const lengths = (leg: string): number[] =>
    trips.map(({ raise, vote }) => raise.legs.get(leg) ?? vote.legs.get(leg) ?? Number.NaN);
  return [
    aimed(row(name, whole, 0.5, peer(0.5)), { at: "most", than: 20, of: "value" }),
    aimed(row(name, whole, 0.99, peer(0.99)), { at: "most", than: 60, of: "value" }),
    row(name, whole, 0, peer(0)),
    ...[0.5, 0.99, 0].flatMap((p) => [
      row(
        `${name}: call to card`,
        trips.map(({ raise }) => raise.total),
        p,
      ),
      row(
        `${name}: vote to tool`,
        trips.map(({ vote }) => vote.total),
        p,
      ),
    ]),
    ...legs.flatMap((leg) => [0.5, 0.99, 0].map((p) => row(`  ${leg}`, lengths(leg), p))),
  ];
};
