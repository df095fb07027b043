/**
 * Which cards read differently than at the last look, found by comparing a few numbers for each request and building
 * none. A card follows from its request, from the log and the state of this app in the workspace, and from the time: the
 * first is looked at one by one, the second as a whole, and of the third what it changes without an entry.
 */
import type { DocName, Hash } from "#core/protocol/ids.ts";
import type { ReadRequest } from "#core/rules/read.ts";
import { standing, type RequestStanding } from "#core/rules/waiting.ts";
import type { Live } from "#client/live.ts";
import { standIns } from "../team/delegations.ts";
import { requestNamed, requestsIn, requestsOf } from "#client/docs/requests.ts";
import { canOpen, RECENT } from "./card-view.ts";

/** Ids of requests; `all` where something changed that every card may show. */
export type Touched = ReadonlySet<string> | "all";
export interface CardIndex {
  /** Looks at every request again, or at those of one document. */
  look(doc?: DocName): Touched;
  /** What is kept outside of the folds changed for these requests, such as a vote that waits to be sent. */
  touch(ids: readonly string[]): Touched;
  /** How many requests this person can decide now. */
  decidable(): number;
  /** Whether the card is among those that a list shows: it waits, or is one of the newest that are over. */
  shows(id: string): boolean;
}

interface Mark {
  readonly request: ReadRequest;
  readonly state: RequestStanding;
  readonly votes: number;
  readonly copies: number;
  readonly replacedBy: Hash | null;
  readonly rung: number;
  /** The minute, where a tie that is too old frees a vote. */
  readonly tie: number;
}
interface Over {
  readonly id: string;
  readonly at: number;
}

const TIE_LOOK_MS = 60_000;
const newestFirst = (a: Over, b: Over): number => b.at - a.at || (a.id < b.id ? -1 : 1);

const markOf = (request: ReadRequest, now: number): Mark => ({
  request,
  state: standing(request, now),
  votes: request.votes.length,
  copies: request.copies.length,
  replacedBy: request.replacedBy,
  rung: request.policy.steps.filter((step) => request.at + step.afterMs <= now).length,
  tie: request.policy.independent && request.state === "pending" ? Math.floor(now / TIE_LOOK_MS) : 0,
});
const isSame = (a: Mark, b: Mark): boolean =>
  a.request === b.request &&
  a.state === b.state &&
  a.votes === b.votes &&
  a.copies === b.copies &&
  a.replacedBy === b.replacedBy &&
  a.rung === b.rung &&
  a.tie === b.tie;

/** What every card may show. */
const worldOf = (live: Live): string =>
  JSON.stringify([
    live.log.seq,
    live.log.head,
    live.replica.halt(),
    live.active(),
    live.serverAhead(),
    standIns(live),
    [...live.docs.queues(), ...live.docs.lanes()].map(({ doc }) => doc),
  ]);

export const createCardIndex = (live: Live, canDecide: (request: ReadRequest) => boolean): CardIndex => {
  let world: string | null = null;
  let marks = new Map<string, Mark>();
  let decidable = new Set<string>();
  /** What is over and may be seen, newest first. */
  let over: Over[] = [];

  const note = (mark: Mark): void => {
    const { request } = mark;
    marks.set(request.id, mark);
    if (mark.state === "pending" && canDecide(request)) decidable.add(request.id);
    else decidable.delete(request.id);
  };
  const isOver = ({ request, state }: Mark): boolean => state !== "pending" && canOpen(live, request).allowed;
  const begin = (): "all" => {
    [marks, decidable] = [new Map(), new Set()];
    const now = live.serverNow();
    for (const request of requestsOf(live)) note(markOf(request, now));
    over = [...marks.values()]
      .filter(isOver)
      .map(({ request: { id, at } }) => ({ id, at }))
      .toSorted(newestFirst);
    return "all";
  };
  /** Its place among what is over; whoever moves over the edge of what is shown is touched too. */
  const replace = (mark: Mark, touched: Set<string>): void => {
    const { id, at } = mark.request;
    const was = over.findIndex((each) => each.id === id);
    const is = isOver(mark);
    if (was >= 0 === is) return;
    if (was >= 0) over.splice(was, 1);
    else {
      const place = over.findIndex((each) => newestFirst({ id, at }, each) < 0);
      over.splice(place < 0 ? over.length : place, 0, { id, at });
    }
    for (const edge of [RECENT - 1, RECENT]) if (over[edge] !== undefined) touched.add(over[edge].id);
  };
  const moved = (requests: Iterable<ReadRequest>, always: boolean): Set<string> => {
    const touched = new Set<string>();
    const now = live.serverNow();
    for (const request of requests) {
      const mark = markOf(request, now);
      const before = marks.get(request.id);
      if (!always && before !== undefined && isSame(before, mark)) continue;
      touched.add(request.id);
      note(mark);
      replace(mark, touched);
    }
    return touched;
  };
  const isOther = (): boolean => {
    const now = worldOf(live);
    if (now === world) return false;
    world = now;
    return true;
  };
  const named = (ids: Iterable<string>): ReadRequest[] => [...ids].flatMap((id) => requestNamed(live, id) ?? []);
  return {
    look: (doc) => (isOther() ? begin() : moved(doc === undefined ? requestsOf(live) : requestsIn(live, doc), false)),
    touch: (ids) => (isOther() ? begin() : moved(named(ids), true)),
    decidable: () => decidable.size,
    shows: (id) => {
      const mark = marks.get(id);
      if (mark === undefined) return false;
      if (mark.state === "pending") return canOpen(live, mark.request).allowed;
      const place = over.findIndex((each) => each.id === id);
      return place >= 0 && place < RECENT;
    },
  };
};
