/** The way of one approval, cut into legs where a message passes from one part to the next. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DATA } from "#core/protocol/channels.ts";
import type { Edge, Mark, Role, Tap } from "./tap.ts";

/** Times of one round as the script saw it, ms on the shared clock. */
export interface Round {
  readonly raised: number;
  readonly voted: number;
}

export const readTaps = (folder: string): Tap[] =>
  readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Tap);

interface Stop {
  /** What ends at this stop. */
  readonly leg: string;
  readonly role: Role;
  readonly who?: string;
  readonly edge: Edge;
  readonly what: RegExp;
}
/** A frame with a command or an entry; shorter ones carry an acknowledgement. */
const FRAME = new RegExp(`^${DATA}#\\d{3,}$`);
const LONGER = new RegExp(`^${DATA}#(?:[3-9]\\d\\d|\\d{4,})$`);
const SIGN = /"method":"keys\.sign"/;
const ANSWER = /^\{"s":"answer".*"value":"[\w-]{86}"/;

const throughServer = (from: string, to: string): Stop[] => [
  { leg: "keeps the command, sends it", role: "host", who: from, edge: "says", what: FRAME },
  { leg: "way to the server", role: "server", edge: "hears", what: FRAME },
  { leg: "server judges, commits, passes on", role: "server", edge: "says", what: LONGER },
  { leg: "way to the other app", role: "host", who: to, edge: "hears", what: LONGER },
];
const RAISE: readonly Stop[] = [
  { leg: "call reaches the host", role: "host", who: "ben", edge: "told", what: /"thread\.callTool"/ },
  { leg: "host judges, begins, seals", role: "host", who: "ben", edge: "tells", what: SIGN },
  { leg: "shell signs", role: "host", who: "ben", edge: "told", what: ANSWER },
  ...throughServer("ben", "ada"),
  { leg: "approver's host verifies, keeps, tells", role: "host", who: "ada", edge: "tells", what: /"list":"cards/ },
  { leg: "card reaches the window", role: "bench", edge: "hears", what: /"list":"cards/ },
];
const VOTE: readonly Stop[] = [
  { leg: "click reaches the host", role: "host", who: "ada", edge: "told", what: /"card\.decide"/ },
  { leg: "host judges", role: "host", who: "ada", edge: "tells", what: SIGN },
  { leg: "shell signs", role: "host", who: "ada", edge: "told", what: ANSWER },
  ...throughServer("ada", "ben"),
  { leg: "host verifies, keeps, permits, calls", role: "host", who: "ben", edge: "calls", what: /^/ },
];

/** Ms of each leg, by its name; undefined where a stop was not passed. */
export interface Way {
  readonly total: number;
  readonly legs: ReadonlyMap<string, number>;
}
const wayOf = (taps: readonly Tap[], begin: number, stops: readonly Stop[], name: string): Way | undefined => {
  const legs = new Map<string, number>();
  let at = begin;
  for (const [index, stop] of stops.entries()) {
    const next = firstAfter(taps, at, stop);
    if (next === undefined) return undefined;
    legs.set(`${name} ${index + 1}: ${stop.leg}`, next - at);
    at = next;
  }
  return { total: at - begin, legs };
};
const firstAfter = (taps: readonly Tap[], at: number, { role, who, edge, what }: Stop): number | undefined => {
  const found = taps
    .filter((tap) => tap.role === role && (who === undefined || tap.who === who))
    .flatMap(({ marks }) => marks[firstIndex(marks, at, edge, what)]?.at ?? []);
  return found.length === 0 ? undefined : Math.min(...found);
};
/** Marks are in order; a round is a small part of them. */
const firstIndex = (marks: readonly Mark[], at: number, edge: Edge, what: RegExp): number => {
  let [low, high] = [0, marks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((marks[middle]?.at ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  while (low < marks.length && !(marks[low]?.edge === edge && what.test(marks[low]?.what ?? ""))) low += 1;
  return low;
};

/** Both ways of a round. */
export interface Trip {
  readonly raise: Way;
  readonly vote: Way;
}
export const tripsOf = (taps: readonly Tap[], rounds: readonly Round[]): Trip[] =>
  rounds.flatMap(({ raised, voted }) => {
    const raise = wayOf(taps, raised, RAISE, "ask");
    const vote = wayOf(taps, voted, VOTE, "vote");
    return raise === undefined || vote === undefined ? [] : [{ raise, vote }];
  });
