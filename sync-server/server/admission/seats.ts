/**
 * Sockets of people who proved who they are: so many of one person, of one address and in all. Of one person the oldest
 * goes, which after a lost connection is the one that nobody is behind any more. Where an address or the node is full,
 * who holds the most gives one up, but nobody ever falls below what an app needs.
 */
import type { Why } from "./strangers.ts";

export interface SeatNumbers {
  /** Sockets of one address, of one person in a workspace, and in all, that proved who they are. */
  readonly socketsPerAddress: number;
  readonly socketsPerPerson: number;
  readonly sockets: number;
  /** So many of a person nobody else can take. */
  readonly socketsNeverTaken: number;
}

/** A person's sockets, in the order they came. */
export interface Owned<S> {
  readonly name: string;
  readonly seats: Set<S>;
}
export interface Seat<S> {
  address: string;
  /** Set while it has a place. */
  owned: Owned<S> | undefined;
  end(why: Why): void;
}

export interface Seats<S> {
  /** False where it gets no place; it counts for nothing then. */
  take(seat: S, owner: string): boolean;
  leave(seat: S): void;
}

export const createSeats = <S extends Seat<S>>(numbers: SeatNumbers, onGone: (seat: S) => void): Seats<S> => {
  const byOwner = new Map<string, Owned<S>>();
  const perAddress = new Map<string, number>();
  let count = 0;

  const add = ({ address }: S, by: 1 | -1): void => {
    count += by;
    const next = (perAddress.get(address) ?? 0) + by;
    if (next === 0) perAddress.delete(address);
    else perAddress.set(address, next);
  };
  const leave = (seat: S): void => {
    const { owned } = seat;
    if (owned === undefined) return;
    seat.owned = undefined;
    owned.seats.delete(seat);
    if (owned.seats.size === 0) byOwner.delete(owned.name);
    add(seat, -1);
  };
  const end = (seat: S): void => {
    leave(seat);
    onGone(seat);
    seat.end("crowded");
  };
  /** The oldest of whoever holds the most there, where that is more than anybody needs. */
  const endOneOfMany = (there: (seat: S) => boolean): boolean => {
    let most: readonly S[] = [];
    for (const { seats } of byOwner.values()) {
      if (seats.size <= Math.max(most.length, numbers.socketsNeverTaken)) continue;
      const found = [...seats].filter(there);
      if (found.length > Math.max(most.length, numbers.socketsNeverTaken)) most = found;
    }
    if (most[0] === undefined) return false;
    end(most[0]);
    return true;
  };

  return {
    take: (seat, owner) => {
      const [oldest] = byOwner.get(owner)?.seats ?? [];
      if (oldest !== undefined && (byOwner.get(owner)?.seats.size ?? 0) >= numbers.socketsPerPerson) end(oldest);
      if (
        (perAddress.get(seat.address) ?? 0) >= numbers.socketsPerAddress &&
        !endOneOfMany(({ address }) => address === seat.address)
      )
        return false;
      if (count >= numbers.sockets && !endOneOfMany(() => true)) return false;
      const owned = byOwner.get(owner) ?? { name: owner, seats: new Set() };
      byOwner.set(owner, owned);
      owned.seats.add(seat);
      seat.owned = owned;
      add(seat, 1);
      return true;
    },
    leave,
  };
};
