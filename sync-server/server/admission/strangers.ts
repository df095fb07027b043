/**
 * Sockets that have not yet proved who they are. There is room for so many at an address and in all, and a newcomer
 * always gets a place: when there is none, a stranger goes who has shown less or has waited longer. Whoever holds the
 * most places gives way first, so that who comes from many sockets shuts out nobody who comes with one. An address from
 * which a device signed in lately has a share that strangers from elsewhere do not get.
 *
 * Bytes are no progress: only an answer to HELLO is, and it is judged at once.
 */
import { putNewest } from "#core/protocol/newest.ts";

export interface StrangerNumbers {
  readonly strangers: number;
  readonly strangersPerAddress: number;
  /** Places that strangers from elsewhere leave to an address from which a device signed in lately. */
  readonly strangersKept: number;
  readonly keptForMs: number;
  /** Time to answer HELLO, and what is left of it where no place is free. */
  readonly authWithinMs: number;
  readonly authWithinFullMs: number;
}

/** What a stranger has shown so far; who has shown less gives way first. */
export const SHOWN = { leaving: 0, nothing: 1, answer: 2 } as const;
export type Shown = (typeof SHOWN)[keyof typeof SHOWN];

/** Why somebody lost a place: their time is over, or others came. */
export type Why = "late" | "crowded";

export interface Stranger {
  address: string;
  shown: Shown;
  readonly since: number;
  /** Ends the socket. */
  end(why: Why): void;
}

export interface Strangers<S extends Stranger> {
  /** Takes the newcomer in; who has to go is ended, and no longer counted. */
  add(stranger: S): void;
  /** It turned out to come from another address. */
  move(stranger: S, address: string): void;
  remove(stranger: S): void;
  /** A device signed in from there. */
  proved(address: string): void;
  readonly count: number;
  sweep(): void;
}

/** An address that nobody has told yet: what stands behind a proxy until its first request is read. */
export const UNTOLD = "";

/** Addresses that are remembered to have signed in. */
const PROVED_MAX = 16_384;

/** All the time where half of the room is free; from there on less, down to the least where it is full. */
const timeFor = ({ authWithinMs, authWithinFullMs }: StrangerNumbers, taken: number, room: number): number => {
  const least = Math.min(authWithinMs, authWithinFullMs);
  return authWithinMs - (authWithinMs - least) * Math.min(1, Math.max(0, (2 * taken) / room - 1));
};

export const createStrangers = <S extends Stranger>(
  numbers: StrangerNumbers,
  now: () => number,
  onGone: (stranger: S, why: Why) => void,
): Strangers<S> => {
  /** In the order they came, here and at each address. */
  const all = new Set<S>();
  const byAddress = new Map<string, Set<S>>();
  const proved = new Map<string, number>();

  const at = (address: string): Set<S> => byAddress.get(address) ?? new Set();
  const leave = (stranger: S): void => {
    const others = at(stranger.address);
    others.delete(stranger);
    if (others.size === 0) byAddress.delete(stranger.address);
  };
  const remove = (stranger: S): void => {
    if (all.delete(stranger)) leave(stranger);
  };
  const enter = (stranger: S): void => {
    all.add(stranger);
    byAddress.set(stranger.address, at(stranger.address).add(stranger));
  };
  const end = (stranger: S, why: Why): void => {
    remove(stranger);
    onGone(stranger, why);
    stranger.end(why);
  };

  const isProved = (address: string): boolean => {
    const since = proved.get(address);
    return since !== undefined && Math.abs(now() - since) <= numbers.keptForMs;
  };
  const mostCrowded = (): ReadonlySet<S> => {
    let most: ReadonlySet<S> = all;
    let load = Number.NEGATIVE_INFINITY;
    for (const [address, here] of byAddress) {
      const over = here.size - (isProved(address) ? numbers.strangersKept : 0);
      if (over > load) [most, load] = [here, over];
    }
    return most;
  };
  const endOne = (of: ReadonlySet<S>): void => {
    let first: S | undefined;
    for (const stranger of of) if (first === undefined || stranger.shown < first.shown) first = stranger;
    if (first !== undefined) end(first, "crowded");
  };
  const endLate = (of: ReadonlySet<S>, room: number): void => {
    for (const stranger of of) {
      // Who answered waits for us.
      if (stranger.shown === SHOWN.answer) continue;
      if (now() - stranger.since <= timeFor(numbers, of.size, room)) return;
      end(stranger, "late");
    }
  };
  const makeRoomAt = (address: string): void => {
    // Who stands behind the proxy is not told yet, and is not one address.
    if (address === UNTOLD) return;
    endLate(at(address), numbers.strangersPerAddress);
    if (at(address).size >= numbers.strangersPerAddress) endOne(at(address));
  };

  return {
    add: (stranger) => {
      endLate(all, numbers.strangers);
      makeRoomAt(stranger.address);
      if (all.size >= numbers.strangers) endOne(mostCrowded());
      enter(stranger);
    },
    move: (stranger, address) => {
      if (!all.has(stranger) || stranger.address === address) return;
      makeRoomAt(address);
      leave(stranger);
      stranger.address = address;
      byAddress.set(address, at(address).add(stranger));
    },
    remove,
    proved: (address) => putNewest(proved, address, now(), PROVED_MAX),
    get count() {
      return all.size;
    },
    sweep: () => {
      for (const address of proved.keys()) if (!isProved(address)) proved.delete(address);
    },
  };
};
