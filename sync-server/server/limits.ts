/** How much one address, one person, one device and one socket may ask of the server. What is over the limit is closed with 4509. */
import { AUTH_WITHIN_MS, PAIRING_MS } from "#core/wire.ts";

export interface LimitNumbers {
  /** Sockets of one address, and those of them that have not yet proved who they are. */
  readonly socketsPerAddress: number;
  readonly strangersPerAddress: number;
  readonly sockets: number;
  readonly strangers: number;
  /** Commands of one device: steady rate, and how many may come at once. */
  readonly commandsPerSecond: number;
  readonly commandBurst: number;
  /**
   * The same for all devices of one person together. Twice what one device may: people use two machines at once, and anybody
   * may add as many devices as they like, which must not make them louder than their team.
   */
  readonly memberCommandsPerSecond: number;
  readonly memberCommandBurst: number;
  /** States that one person's devices ask for: each is folded from the start of the log. A new device asks once. */
  readonly statesPerMinute: number;
  readonly stateBurst: number;
  /** Frames of one socket, of any kind. */
  readonly framesPerSecond: number;
  readonly frameBurst: number;
  /** New workspaces from one address. */
  readonly foundingsPerHour: number;
  readonly foundingBurst: number;
  readonly authWithinMs: number;
  /** Time for a person to read an invite and to join, and for a founder to found. */
  readonly decideWithinMs: number;
  /** Sockets that one invite keeps open at once. */
  readonly socketsPerInvite: number;
  /** How long a pairing waits for its new device and its person, ms. */
  readonly pairingMs: number;
  readonly pairingsPerWorkspace: number;
  /** What each end of a pairing may say. */
  readonly sayingsPerPairing: number;
  /** Attempts of one address to come to a pairing: each may ask the other nodes. */
  readonly pairKnocksPerMinute: number;
  readonly pairKnockBurst: number;
  /** A reader that takes nothing for this long is cut off. */
  readonly stallMs: number;
  /** A peer that answers no ping for this long is cut off, ms. */
  readonly silentMs: number;
  /** Bytes written to a socket and not yet taken. */
  readonly backlogBytes: number;
}

export const LIMITS: LimitNumbers = {
  socketsPerAddress: 4_096,
  strangersPerAddress: 256,
  sockets: 16_384,
  strangers: 1_024,
  commandsPerSecond: 20,
  commandBurst: 100,
  memberCommandsPerSecond: 40,
  memberCommandBurst: 200,
  statesPerMinute: 6,
  stateBurst: 12,
  framesPerSecond: 100,
  frameBurst: 300,
  foundingsPerHour: 60,
  foundingBurst: 60,
  authWithinMs: AUTH_WITHIN_MS,
  decideWithinMs: 600_000,
  socketsPerInvite: 16,
  pairingMs: PAIRING_MS,
  pairingsPerWorkspace: 8,
  sayingsPerPairing: 6,
  pairKnocksPerMinute: 30,
  pairKnockBurst: 60,
  stallMs: 30_000,
  silentMs: 40_000,
  backlogBytes: 1_048_576,
};

/** How full one bucket is. */
export interface Level {
  left: number;
  at: number;
}

/** The rate itself, shared by all buckets of a kind. */
export interface Rate {
  fresh(): Level;
  /** Whether one more is within the rate; counts it. */
  take(level: Level): boolean;
  isFull(level: Level): boolean;
}

/** `perSecond` refill up to `burst`. */
export const createRate = (perSecond: number, burst: number, now: () => number): Rate => {
  const refill = (level: Level): void => {
    const time = now();
    level.left = Math.min(burst, level.left + (Math.max(0, time - level.at) / 1_000) * perSecond);
    level.at = time;
  };
  return {
    fresh: () => ({ left: burst, at: now() }),
    take: (level) => {
      refill(level);
      if (level.left < 1) return false;
      level.left -= 1;
      return true;
    },
    isFull: (level) => {
      refill(level);
      return level.left >= burst;
    },
  };
};

/** One bucket for each name; names that are back at full are forgotten by `sweep`. */
const createBuckets = (perSecond: number, burst: number, now: () => number) => {
  const rate = createRate(perSecond, burst, now);
  const levels = new Map<string, Level>();
  return {
    take: (name: string): boolean => {
      const level = levels.get(name) ?? rate.fresh();
      levels.set(name, level);
      return rate.take(level);
    },
    sweep: (): void => {
      for (const [name, level] of levels) if (rate.isFull(level)) levels.delete(name);
    },
  };
};

/** What a socket counts as, from its first byte to its last. */
export interface Belt {
  readonly address: string;
  stranger: boolean;
  here: boolean;
}

export interface Limits {
  readonly numbers: LimitNumbers;
  /** Counts a new socket, or answers undefined where there are too many. */
  admit(address: string): Belt | undefined;
  /** The socket proved who it is. */
  known(belt: Belt): void;
  gone(belt: Belt): void;
  /** Counts a socket of that invite, or answers false where it has too many. */
  inviteCame(invite: string): boolean;
  inviteLeft(invite: string): void;
  /** A command of that device of that member, each named with its workspace. */
  command(device: string, member: string): boolean;
  /** A state asked for by that member, named with its workspace. */
  state(member: string): boolean;
  /** A command of somebody who is no member yet. */
  strangerCommand(address: string): boolean;
  founding(address: string): boolean;
  pairKnock(address: string): boolean;
  readonly frames: Rate;
  sweep(): void;
}

const createCounter = () => {
  const counts = new Map<string, number>();
  return {
    of: (name: string): number => counts.get(name) ?? 0,
    add: (name: string, by: 1 | -1): void => {
      const next = (counts.get(name) ?? 0) + by;
      if (next <= 0) counts.delete(name);
      else counts.set(name, next);
    },
  };
};

export const createLimits = (numbers: LimitNumbers, now: () => number): Limits => {
  const sockets = createCounter();
  const strangers = createCounter();
  const invites = createCounter();
  let all = 0;
  let unknown = 0;
  const commands = createBuckets(numbers.commandsPerSecond, numbers.commandBurst, now);
  const members = createBuckets(numbers.memberCommandsPerSecond, numbers.memberCommandBurst, now);
  const states = createBuckets(numbers.statesPerMinute / 60, numbers.stateBurst, now);
  const foundings = createBuckets(numbers.foundingsPerHour / 3_600, numbers.foundingBurst, now);
  const pairKnocks = createBuckets(numbers.pairKnocksPerMinute / 60, numbers.pairKnockBurst, now);

  const known = (belt: Belt): void => {
    if (!belt.stranger) return;
    belt.stranger = false;
    unknown -= 1;
    strangers.add(belt.address, -1);
  };

  return {
    numbers,
    admit: (address) => {
      const full = all >= numbers.sockets || unknown >= numbers.strangers || sockets.of(address) >= numbers.socketsPerAddress || strangers.of(address) >= numbers.strangersPerAddress;
      if (full) return undefined;
      all += 1;
      unknown += 1;
      sockets.add(address, 1);
      strangers.add(address, 1);
      return { address, stranger: true, here: true };
    },
    known,
    gone: (belt) => {
      if (!belt.here) return;
      belt.here = false;
      known(belt);
      all -= 1;
      sockets.add(belt.address, -1);
    },
    inviteCame: (invite) => {
      if (invites.of(invite) >= numbers.socketsPerInvite) return false;
      invites.add(invite, 1);
      return true;
    },
    inviteLeft: (invite) => invites.add(invite, -1),
    command: (device, member) => commands.take(device) && members.take(member),
    state: states.take,
    strangerCommand: commands.take,
    founding: foundings.take,
    pairKnock: pairKnocks.take,
    frames: createRate(numbers.framesPerSecond, numbers.frameBurst, now),
    sweep: () => {
      commands.sweep();
      members.sweep();
      states.sweep();
      foundings.sweep();
      pairKnocks.sweep();
    },
  };
};
